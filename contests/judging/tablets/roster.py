"""Whom a tablet can be handed to, and who has signed in on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.judging.tablets.pins import shut_out
from contests.judging.tablets.serving import Seat, seats_of
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from core.security import Role

LEADERS = frozenset({Role.GROUP_LEADER.value, Role.CHIEF_REFEREE.value})
_PEOPLE = (
    "SELECT a.id AS account, a.label, a.login, p.id AS pin, p.first, p.set_at "
    "FROM account a LEFT JOIN judge_pin p ON p.id = a.id "
    "WHERE a.id IN (%s) AND a.disabled_at IS NULL ORDER BY a.label, a.login"
)
_ADMITTED = (
    "SELECT t.account, d.id AS device, d.kid, d.label, d.facts, d.last_seen_at FROM tablet_judge t "
    "JOIN device d ON d.id = t.device "
    "WHERE t.account IN (%s) AND t.ended_at IS NULL AND d.revoked_at IS NULL%s ORDER BY d.label"
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another tablet on which the same judge has signed in."""

    account: UUID
    kid: str
    label: str
    facts: str
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One person who may sign in. `pin_set_at` tells a tablet that the PIN it knows is an old one."""

    account: UUID
    label: str
    leader: bool
    has_pin: bool
    pin_first: bool
    pin_locked: bool
    pin_set_at: datetime | None
    admitted: bool
    seats: Sequence[Seat]
    elsewhere: Sequence[Elsewhere] = field(default_factory=tuple)


async def roster(tablet: Tablet) -> tuple[list[Seat], list[Listed]]:
    """(all seats, everybody by name)."""
    seats = await seats_of(tablet)
    accounts = list({seat.account for seat in seats})
    if not accounts:
        return [], []
    people = await run(_among(_PEOPLE, accounts), *accounts)
    here, elsewhere = await _signed_in(tablet, accounts)
    own = {tablet.account} if tablet.account else here
    shut = await shut_out(accounts, tablet.kid)
    listed = [
        _listed(row, [s for s in seats if s.account == row["account"]], own, elsewhere, shut)
        for row in people
    ]
    return seats, listed


async def signed_in_elsewhere(tablet: Tablet, accounts: Iterable[UUID]) -> list[Elsewhere]:
    """Other tablets of these accounts."""
    wanted = list(accounts)
    return (await _signed_in(tablet, wanted))[1] if wanted else []


async def _signed_in(tablet: Tablet, accounts: Sequence[UUID]) -> tuple[set[UUID], list[Elsewhere]]:
    # A shared tablet hears of no other competition's; a judge's own browser of all that are his.
    beside = [] if tablet.competition is None else [tablet.competition]
    places = ", ".join(["{}"] * len(accounts))
    rows = await run(
        _ADMITTED % (places, " AND d.competition = {}" if beside else ""), *accounts, *beside
    )
    here = {row["account"] for row in rows if row["device"] == tablet.id}
    others = [row for row in rows if row["device"] != tablet.id]
    names = Elsewhere.__dataclass_fields__
    return here, [Elsewhere(**{name: row[name] for name in names}) for row in others]


def _listed(
    row: dict[str, Any],
    seats: list[Seat],
    admitted: set[UUID],
    elsewhere: list[Elsewhere],
    shut: set[UUID],
) -> Listed:
    return Listed(
        account=row["account"],
        label=row["label"] or row["login"],
        leader=any(seat.role in LEADERS for seat in seats),
        has_pin=row["pin"] is not None,
        pin_first=bool(row["first"]),
        pin_locked=row["account"] in shut,
        pin_set_at=row["set_at"],
        admitted=row["account"] in admitted,
        seats=seats,
        elsewhere=[one for one in elsewhere if one.account == row["account"]],
    )


def _among(statement: str, values: Sequence[object]) -> str:
    return statement % ", ".join(["{}"] * len(values))
