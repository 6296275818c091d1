"""What a tablet serves: its contests, and the seats in them. The one place that decides it, so that a
tablet of one competition sees nothing of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_scopes, scopes_of
from contests.judging.tablets.errors import NotServed
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from contests.tables import Device
from core.errors import NotFound
from core.security import Connection, Role, Scope

SIGNS_IN = (
    Role.JUDGE.value,
    Role.GROUP_LEADER.value,
    Role.CHIEF_REFEREE.value,
    Role.CLERK.value,
)
"""Who signs in on a tablet with a PIN; a clerk only writes for a judge. Tasters have a face of their
own."""
OWN_BROWSER = (*SIGNS_IN[:3], Role.TASTER.value)
"""Who marks in a browser of his own: nobody writes for others there."""
_SEAT = (
    "SELECT a.id AS appointment, a.account, a.role, a.seat, a.panel, a.group_code, c.id AS contest, "
    "c.code, c.title, c.competition, c.state, c.judging_ended_at, c.length, c.roster, c.rules_hash "
)
_SERVED = {
    "contest": "c.id = {}",
    "competition": "c.competition = {}",
    "account": "a.account = {}",
}
_SEATS = (
    _SEAT + "FROM appointment a JOIN contest c ON c.id = a.contest "
    "JOIN account x ON x.id = a.account AND x.disabled_at IS NULL "
    "WHERE %s AND a.ended_at IS NULL AND c.state <> 'cancelled' "
    "AND a.role IN ({}, {}, {}, {}) ORDER BY c.code, a.seat, a.id"
)
_OWN_SEATS = (
    _SEAT + "FROM tablet_judge t JOIN appointment a ON a.account = t.account "
    "JOIN contest c ON c.id = a.contest "
    "JOIN account x ON x.id = a.account AND x.disabled_at IS NULL "
    "WHERE t.device = {} AND t.ended_at IS NULL AND %s AND a.ended_at IS NULL "
    "AND c.state <> 'cancelled' AND a.role IN ({}, {}, {}, {}) ORDER BY c.code, a.seat, a.id"
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One appointment in a contest that the tablet serves."""

    appointment: UUID
    account: UUID
    role: str
    seat: str
    panel: str
    group_code: str
    contest: UUID
    code: str
    title: str
    """JSON."""
    competition: UUID
    state: str
    judging_ended_at: datetime | None
    length: int
    roster: int
    rules_hash: str


async def seats_of(tablet: Tablet) -> list[Seat]:
    """Everybody's who may sign in on it."""
    kind, value = _served(tablet)
    roles = OWN_BROWSER if kind == "account" else SIGNS_IN
    rows = await run(_SEATS % _SERVED[kind], value, *roles)
    return [_seat(row) for row in rows]


async def admitted_seats(tablet: Tablet) -> list[Seat]:
    """Only of those who have signed in on it."""
    kind, value = _served(tablet)
    if kind == "account":
        return await seats_of(tablet)
    rows = await run(_OWN_SEATS % _SERVED[kind], tablet.id, value, *SIGNS_IN)
    return [_seat(row) for row in rows]


async def served_seats(tablet: Tablet, account: UUID) -> list[Seat]:
    """One account's. Raises NotServed when it has none here."""
    found = [seat for seat in await seats_of(tablet) if seat.account == account]
    if not found:
        raise NotServed
    return found


async def admitted_seat(tablet: Tablet, contest: UUID, account: UUID) -> Seat:
    """The first of an account's seats in a contest. Raises NotServed unless the account has signed
    in on this tablet."""
    for seat in await admitted_seats(tablet):
        if (seat.contest, seat.account) == (contest, account):
            return seat
    raise NotServed


async def check_serves(tablet: Tablet, contest: UUID) -> None:
    """Raises NotServed for a contest that the tablet was not enrolled for."""
    if not any(seat.contest == contest for seat in await seats_of(tablet)):
        raise NotServed


async def device_scopes(kid: str) -> tuple[dict[str, Any], list[Scope]]:
    """A device's row, and the scopes in which a permission over it may be held: what it was enrolled
    for, and the contests of those who signed in on it. Raises NotFound."""
    row = await Device.select().where(Device.kid == kid, Device.kind != "desk").first()
    if row is None:
        raise NotFound(kind="tablet", id=kid)
    tablet = Tablet(**{name: row[name] for name in Tablet.__dataclass_fields__})
    contests = {seat.contest for seat in await admitted_seats(tablet)}
    contests |= {tablet.contest} if tablet.contest else set()
    scopes = [scope for contest in contests for scope in await scopes_of(contest)]
    if tablet.competition is not None:
        scopes += await competition_scopes(tablet.competition)
    return row, scopes


async def of_device(connection: Connection) -> Sequence[Scope]:
    """The scopes of the device in the path, for guards."""
    return (await device_scopes(connection.path_params["kid"]))[1]


def _served(tablet: Tablet) -> tuple[str, UUID | None]:
    if tablet.account is not None:
        return "account", tablet.account
    if tablet.contest is not None:
        return "contest", tablet.contest
    return "competition", tablet.competition


def _seat(row: dict[str, Any]) -> Seat:
    return Seat(**{name: row[name] for name in Seat.__dataclass_fields__})
