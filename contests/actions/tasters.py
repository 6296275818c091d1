"""Places for tasters (品鉴官): an account, an appointment and a paper code each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from contests.actions.common import allowed, contest_row, moment, raise_roster
from contests.actions.people import PREPARING, appoint_row
from contests.duties import TASTER, TASTERS
from contests.judging.tasting.codes import put_code, used_at, withdraw_code
from contests.log import writing
from contests.tables import Appointment
from core import audit
from core.accounts import create_account_row
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme
from core.security import Actor

MOST_AT_ONCE = 100
MOST = 300


@dataclass(frozen=True, slots=True)
class TasterPlace:
    """One place. entered_at: when its present code was first used; code: only just after it was
    made, for the paper."""

    account: UUID
    seat: str
    entered_at: datetime | None = None
    code: str = ""
    has_code: bool = True


async def add_tasters(
    by: Actor, contest: UUID, count: int, *, now: datetime | None = None
) -> list[TasterPlace]:
    """So many new places, each with its code. Raises Invalid for a contest without a tasting."""
    scope = await allowed(by, "contest.tablets", contest)
    row, at = await contest_row(contest), moment(now)
    async with transaction(), writing(contest, *PREPARING, now=at) as log:
        there = await Appointment.count().where(
            Appointment.contest == contest, Appointment.role == TASTER
        )
        if findings := _findings(row["scheme"], count, there):
            raise Invalid(findings)
        made = []
        for number in range(there + 1, there + count + 1):
            seat = f"T{number}"
            account = await create_account_row(login=f"taster-{uuid4().hex}", label=seat)
            await appoint_row(log, by, account, TASTER, panel=TASTERS, seat=seat)
            made.append(TasterPlace(account, seat, code=await put_code(account, now=at)))
        await raise_roster(contest)
        await audit.record(by, "add_tasters", scope=scope, after={"count": count})
    return made


async def renew_codes(
    by: Actor, contest: UUID, seats: list[str] | None = None, *, now: datetime | None = None
) -> list[TasterPlace]:
    """New codes for these seats, or for all that nobody has used yet; the old ones stop working."""
    scope = await allowed(by, "contest.tablets", contest)
    at, places = moment(now), await _places(contest)
    chosen = [one for one in places if (one.seat in seats if seats else one.entered_at is None)]
    if seats and len(chosen) < len(set(seats)):
        raise NotFound(kind="taster", id=", ".join(seats)[:80])
    async with transaction():
        made = [
            TasterPlace(one.account, one.seat, code=await put_code(one.account, now=at))
            for one in chosen
        ]
        await audit.record(by, "renew_taster_codes", scope=scope, after={"count": len(made)})
    return made


async def shut_out(by: Actor, contest: UUID, seat: str) -> None:
    """The seat's code stops working and its phone is logged out; what was marked stays."""
    scope = await allowed(by, "contest.tablets", contest)
    place = next((one for one in await _places(contest) if one.seat == seat), None)
    if place is None:
        raise NotFound(kind="taster", id=seat)
    async with transaction():
        await withdraw_code(place.account)
        await audit.record(by, "shut_out_taster", scope=scope, subject=seat)


async def tasters_of(by: Actor, contest: UUID) -> list[TasterPlace]:
    """Every place, without its code."""
    await allowed(by, "contest.tablets", contest)
    return await _places(contest)


async def _places(contest: UUID) -> list[TasterPlace]:
    rows = await Appointment.select(Appointment.account, Appointment.seat).where(
        Appointment.contest == contest,
        Appointment.role == TASTER,
        Appointment.ended_at.is_null(),
    )
    used = await used_at([row["account"] for row in rows])
    places = [
        TasterPlace(
            row["account"],
            row["seat"],
            used.get(row["account"]),
            has_code=row["account"] in used,
        )
        for row in rows
    ]
    return sorted(places, key=lambda one: (len(one.seat), one.seat))


def _findings(scheme_text: str, count: int, there: int) -> list[Finding]:
    scheme = from_json(Scheme, json.loads(scheme_text)) if scheme_text else None
    tasted = scheme is not None and any(
        aspect.panel == TASTERS for module in scheme.modules for aspect in module.aspects()
    )
    if not tasted:
        return [Finding("", "nothing-to-taste", {})]
    if not 1 <= count <= MOST_AT_ONCE or there + count > MOST:
        params = {"value": str(count), "maximum": str(min(MOST_AT_ONCE, MOST - there))}
        return [Finding("/count", "number-out-of-range", params)]
    return []
