"""A judge signs in on a tablet with account and PIN, and is admitted: from then on the tablet's key may
sign for this judge, with or without a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contests.judging.actions import release
from contests.judging.tablets.errors import NotServed, PinMustChange
from contests.judging.tablets.pins import check_own_pin, check_pin, hashed_own, set_pin_row
from contests.judging.tablets.roster import LEADERS
from contests.judging.tablets.serving import served_seats
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from core import audit
from core.db import transaction
from core.security import Actor
from core.tables import Account

_ADMIT = (
    "INSERT INTO tablet_judge (id, device, account, admitted_at, ended_at) "
    "VALUES ({}, {}, {}, {}, NULL) ON CONFLICT (id) DO UPDATE SET ended_at = NULL"
)
_END = (
    "UPDATE tablet_judge SET ended_at = {} WHERE device = {} AND account = {} "
    "AND ended_at IS NULL RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """`first`: the PIN was a handed-out one and has just been changed."""

    account: UUID
    label: str
    leader: bool
    first: bool


async def admit_judge(
    tablet: Tablet, *, account: UUID, pin: str, new_pin: str, now: datetime
) -> Admitted:
    """Raises what `check_pin` raises; PinMustChange while a handed-out PIN is not replaced by
    `new_pin`; NotServed for an account without a seat here."""
    seats = await served_seats(tablet, account)
    first = (await check_pin(account, pin, kid=tablet.kid)).first
    if first and not new_pin:
        raise PinMustChange
    stored = await hashed_own(new_pin, old=pin) if new_pin else ""
    named = await Account.select(Account.label, Account.login).where(
        Account.id == account, Account.disabled_at.is_null()
    )
    if not named:
        raise NotServed
    by = Actor(account, named[0]["label"] or named[0]["login"])
    async with transaction():
        if stored:
            await set_pin_row(account, stored, first=False, by=by, now=now)
        if tablet.account is None:
            id_ = uuid5(tablet.id, str(account))
            await run(_ADMIT, id_, tablet.id, account, now)
        await audit.record(by, "tablet.signed_in", subject=tablet.kid)
    await release(kid=tablet.kid)  # what he signed before this server knew him
    return Admitted(account, by.label, any(seat.role in LEADERS for seat in seats), first)


async def end_admission(tablet: Tablet, account: UUID, *, now: datetime) -> None:
    """What the judge has signed here before stays authentic. Once more does no harm."""
    async with transaction():
        if await run(_END, now, tablet.id, account):
            await audit.record(Actor(account, ""), "tablet.signed_out", subject=tablet.kid)


async def confirm_pin(tablet: Tablet, account: UUID, pin: str) -> None:
    """A PIN typed to confirm something, of anybody who may sign in on this tablet."""
    await served_seats(tablet, account)
    await check_own_pin(account, pin, kid=tablet.kid)
