"""What every action needs: scopes, the two-person check, the contest's row and its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.profile import may_be_alone
from contests.tables import Competition, Contest
from core.db import Engine, engine, in_transaction
from core.errors import NotFound, TwoPersons
from core.events import ContestMoved
from core.outbox import put
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


_MOST_KEPT = 5000
_kept: dict[tuple[Engine, UUID], tuple[Scope, ...]] = {}


async def scopes_of(contest: UUID) -> tuple[Scope, ...]:
    """The contest, its competition and its organisation: a grant on any of them counts.

    Kept in memory, because every page and action asks and a contest stays where it was founded; one
    that another process took away since is found missing by whatever reads its row.
    """
    return _kept.get((engine(), contest)) or await _read_scopes(contest)


async def competition_scopes(competition: UUID) -> tuple[Scope, ...]:
    known = _kept.get((engine(), competition))
    if known is None:
        row = await competition_row(competition)
        known = _keep(competition, *_above(competition, row["organisation"]))
    return known


def forget_scopes(contests: Iterable[UUID]) -> None:
    """Of contests that were taken away."""
    for contest in contests:
        _kept.pop((engine(), contest), None)


async def _read_scopes(contest: UUID) -> tuple[Scope, ...]:
    rows = await Contest.raw(
        "SELECT competition.id AS competition, competition.organisation AS organisation "
        "FROM contest JOIN competition ON competition.id = contest.competition "
        "WHERE contest.id = {}",
        contest,
    )
    if not rows:
        raise NotFound(kind="contest", id=contest)
    above = _above(rows[0]["competition"], rows[0]["organisation"])
    return _keep(contest, Scope("contest", str(contest)), *above)


def _above(competition: UUID, organisation: UUID) -> tuple[Scope, ...]:
    return Scope("competition", str(competition)), Scope("organisation", str(organisation))


def _keep(place: UUID, *scopes: Scope) -> tuple[Scope, ...]:
    if not in_transaction():  # what was only just founded may yet be rolled back
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[engine(), place] = scopes
    return scopes


async def allowed(by: Actor, permission: str, contest: UUID) -> Scope:
    """Raises Forbidden; returns the contest's scope for the audit."""
    check(by, permission, *await scopes_of(contest))
    return Scope("contest", str(contest))


async def both_allowed(
    by: Actor, witness: Actor, permission: str, contest: UUID, *, verb: str
) -> Scope:
    """Two different accounts, each permitted; in a small contest one, but for `ALWAYS_TWO`."""
    alone = by.account == witness.account
    if by.account is None or (alone and not await may_be_alone(contest, verb)):
        raise TwoPersons(permission=permission)
    scopes = await scopes_of(contest)
    check(by, permission, *scopes)
    check(witness, permission, *scopes)
    return Scope("contest", str(contest))


def who(actor: Actor) -> str:
    """The account's id, as log bodies name it."""
    return str(actor.account) if actor.account else ""


async def change_contest(contest: UUID, values: Mapping[Any, Any]) -> None:
    """A new state is told to whoever waits for it."""
    await Contest.update(dict(values)).where(Contest.id == contest)
    if Contest.state in values:
        at = datetime.now(UTC).isoformat()
        await put(ContestMoved(str(contest), values[Contest.state], at))


async def raise_roster(contest: UUID) -> None:
    """Tells every process that appointments or codes have changed."""
    await Contest.raw("UPDATE contest SET roster = roster + 1 WHERE id = {}", contest)


def json_text(value: Any) -> str:
    return canonical(value).decode()
