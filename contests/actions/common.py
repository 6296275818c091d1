"""What every action needs: scopes, the two-person check, the contest's row and its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.tables import Competition, Contest
from core.errors import NotFound, TwoPersons
from core.scoring.codec import canonical
from core.security import Actor, Scope, check


def moment(now: datetime | None) -> datetime:
    """The given instant, or the clock's."""
    return now if now is not None else datetime.now(UTC)


async def contest_row(contest: UUID) -> dict[str, Any]:
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        raise NotFound(kind="contest", id=contest)
    return row


async def competition_row(competition: UUID) -> dict[str, Any]:
    row = await Competition.select().where(Competition.id == competition).first()
    if row is None:
        raise NotFound(kind="competition", id=competition)
    return row


async def scopes_of(contest: UUID) -> tuple[Scope, ...]:
    """The contest, its competition and its organisation: a grant on any of them counts."""
    rows = await Contest.raw(
        "SELECT competition.id AS competition, competition.organisation AS organisation "
        "FROM contest JOIN competition ON competition.id = contest.competition "
        "WHERE contest.id = {}",
        contest,
    )
    if not rows:
        raise NotFound(kind="contest", id=contest)
    return (
        Scope("contest", str(contest)),
        Scope("competition", str(rows[0]["competition"])),
        Scope("organisation", str(rows[0]["organisation"])),
    )


async def competition_scopes(competition: UUID) -> tuple[Scope, ...]:
    row = await competition_row(competition)
    return (
        Scope("competition", str(competition)),
        Scope("organisation", str(row["organisation"])),
    )


async def allowed(by: Actor, permission: str, contest: UUID) -> Scope:
    """Raises Forbidden; returns the contest's scope for the audit."""
    check(by, permission, *await scopes_of(contest))
    return Scope("contest", str(contest))


async def both_allowed(by: Actor, witness: Actor, permission: str, contest: UUID) -> Scope:
    """Two different accounts, each permitted."""
    if by.account is None or by.account == witness.account:
        raise TwoPersons(permission=permission)
    scopes = await scopes_of(contest)
    check(by, permission, *scopes)
    check(witness, permission, *scopes)
    return Scope("contest", str(contest))


def who(actor: Actor) -> str:
    """The account's id, as log bodies name it."""
    return str(actor.account) if actor.account else ""


async def change_contest(contest: UUID, values: Mapping[Any, Any]) -> None:
    await Contest.update(dict(values)).where(Contest.id == contest)


async def raise_roster(contest: UUID) -> None:
    """Tells every process that appointments or codes have changed."""
    await Contest.raw("UPDATE contest SET roster = roster + 1 WHERE id = {}", contest)


def json_text(value: Any) -> str:
    return canonical(value).decode()
