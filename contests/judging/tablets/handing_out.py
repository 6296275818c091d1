"""First PINs: handed out from the console, or on a tablet by a leader who types his own.

Whoever hands a PIN out could sign in with it before its owner does. So a group leader or clerk hands
out judges' PINs only; those of leaders, chief referees and clerks come from who could appoint them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import scopes_of
from contests.judging.tablets.errors import NotServed
from contests.judging.tablets.pins import check_own_pin, new_pin, set_pin_row
from contests.judging.tablets.roster import LEADERS
from contests.judging.tablets.serving import SIGNS_IN, Seat, served_seats
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from core import passwords
from core.db import transaction
from core.errors import Forbidden, NotFound
from core.security import Actor, Role, check

TRUSTED = frozenset({*LEADERS, Role.CLERK.value})
"""Roles whose PIN opens more than one judge's sheets."""
_NAMED = (
    "SELECT a.account, a.role, a.seat, x.label, x.login, p.id AS pin "
    "FROM appointment a JOIN account x ON x.id = a.account LEFT JOIN judge_pin p ON p.id = x.id "
    "WHERE a.contest = {} AND a.ended_at IS NULL AND x.disabled_at IS NULL "
    "AND a.role IN ({}, {}, {}, {}) ORDER BY a.seat, x.label"
)
_EVERYWHERE = (
    "SELECT a.contest, a.role FROM appointment a JOIN contest c ON c.id = a.contest "
    "WHERE a.account = {} AND a.ended_at IS NULL AND c.state NOT IN ('final', 'cancelled')"
)


@dataclass(frozen=True, slots=True)
class HandedOut:
    account: UUID
    label: str
    seat: str
    pin: str


async def hand_out_missing(by: Actor, contest: UUID, *, now: datetime) -> list[HandedOut]:
    """A first PIN for everybody in the contest who has none, as far as the caller may hand it out."""
    check(by, "contest.reset_pin", *await scopes_of(contest))
    waiting = [row for row in await _named(contest) if row["pin"] is None]
    allowed = [row for row in waiting if await _may_hand_out(by, row["account"])]
    return [await _hand_out(by, row, now=now) for row in allowed]


async def hand_out(by: Actor, contest: UUID, account: UUID, *, now: datetime) -> HandedOut:
    """A new first PIN for one of the contest; the old one, and a lock, end. Raises Forbidden."""
    check(by, "contest.reset_pin", *await scopes_of(contest))
    row = next((row for row in await _named(contest) if row["account"] == account), None)
    if row is None:
        raise NotFound(kind="account", id=account)
    if not await _may_hand_out(by, account):
        raise Forbidden(permission="contest.appoint")
    return await _hand_out(by, row, now=now)


async def reset_on_tablet(
    tablet: Tablet, *, leader: UUID, leader_pin: str, account: UUID, now: datetime
) -> str:
    """A leader types his own PIN and gets a new first PIN for a judge of his contest."""
    leading = [s for s in await served_seats(tablet, leader) if s.role in LEADERS]
    theirs = await served_seats(tablet, account)
    if leader == account or not await _leads(leading, theirs, account):
        raise NotServed
    await check_own_pin(leader, leader_pin, kid=tablet.kid)
    row = {"account": account, "label": "", "login": "", "seat": theirs[0].seat}
    return (await _hand_out(Actor(leader, ""), row, now=now)).pin


async def _leads(leading: Sequence[Seat], theirs: Sequence[Seat], account: UUID) -> bool:
    """Whether a leader of these seats may reset the account's PIN: in one contest with it, and chief
    referee of every contest in which the account is more than a judge."""
    chief = {str(seat.contest) for seat in leading if seat.role == Role.CHIEF_REFEREE}
    together = {s.contest for s in leading} & {s.contest for s in theirs}
    everywhere = await run(_EVERYWHERE, account)
    trusted = {str(row["contest"]) for row in everywhere if row["role"] in TRUSTED}
    return bool(together) and trusted <= chief


async def _may_hand_out(by: Actor, account: UUID) -> bool:
    rows = await run(_EVERYWHERE, account)
    trusted = {row["contest"] for row in rows if row["role"] in TRUSTED}
    scopes = [await scopes_of(contest) for contest in trusted]
    return all(by.may("contest.appoint", *around) for around in scopes)


async def _hand_out(by: Actor, row: dict[str, Any], *, now: datetime) -> HandedOut:
    pin = new_pin()
    stored = await passwords.hashed(pin)
    async with transaction():
        await set_pin_row(row["account"], stored, first=True, by=by, now=now)
    return HandedOut(row["account"], row["label"] or row["login"], row["seat"], pin)


async def _named(contest: UUID) -> list[dict[str, Any]]:
    """One row a person, with the first seat."""
    rows = await run(_NAMED, contest, *SIGNS_IN)
    return list({row["account"]: row for row in reversed(rows)}.values())[::-1]
