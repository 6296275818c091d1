"""What a judge may see: his contests, his pack, his own sheets; his group's marks only when all of
them are in. Codes, never entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.judging.panel import Panel, read_panel
from contests.judging.signing import receipt_public_jwk
from contests.preparing import appointed_facts
from contests.replay import AppointedFacts
from contests.replay.seats import earlier
from contests.sheets import slot_id
from contests.tables import Appointment, Contest, Device, MarkRound, SheetRow
from core.contest_type import Instrument
from core.errors import NotAppointed, NotFound
from core.scoring.model import Aspect, Scheme, Text


@dataclass(frozen=True, slots=True)
class MyContest:
    """One appointment of an account, for its list."""

    contest: str
    code: str
    title: Text
    state: str
    ended: bool
    """Marking has ended."""
    appointment: AppointedFacts


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A work that the group has to mark again."""

    module: str
    code: str
    attempt: int
    round: int
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything a tablet needs to mark without a network. duties: module -> aspects of this
    judge's sheet; codes: module -> codes in their order."""

    contest: str
    code: str
    title: Text
    state: str
    ended: bool
    type: str
    rules_hash: str
    installation_key: Mapping[str, Any]
    appointment: AppointedFacts
    scheme: Scheme
    duties: Mapping[str, tuple[Aspect, ...]]
    codes: Mapping[str, tuple[str, ...]]
    rounds: tuple[OpenRound, ...] = ()
    lock: str = "session"
    trial: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Module -> codes of works that are marked for practice."""
    instruments: tuple[Instrument, ...] = ()
    """Those of the contest's type."""


@dataclass(frozen=True, slots=True)
class MySheet:
    """The head of one of the judge's slots. state: accepted, not_countable, conflict."""

    sheet: str
    module: str
    code: str
    attempt: int
    round: int
    revision: str
    state: str
    marks: Mapping[str, Any]
    seq: int
    hash: str
    judge: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class MyDevice:
    kid: str
    label: str
    last_seq: int
    last_hash: str
    revoked: bool
    facts: Mapping[str, str] = field(default_factory=dict)


async def my_contests(account: UUID) -> list[MyContest]:
    """Every appointment that has not ended."""
    rows = await Appointment.select().where(
        Appointment.account == account, Appointment.ended_at.is_null()
    )
    contests = await _contests([row["contest"] for row in rows])
    found = [
        MyContest(
            contest=str(row["contest"]),
            code=contests[row["contest"]]["code"],
            title=json.loads(contests[row["contest"]]["title"]),
            state=contests[row["contest"]]["state"],
            ended=contests[row["contest"]]["judging_ended_at"] is not None,
            appointment=appointed_facts(row),
        )
        for row in rows
        if row["contest"] in contests
    ]
    return sorted(found, key=lambda one: (one.code, one.appointment.seat))


async def pack(contest: UUID, appointment: UUID, *, account: UUID) -> Pack:
    """Raises NotAppointed for somebody else's appointment, NotFound before marking starts."""
    own = await _own(contest, appointment, account)
    row = (await _contests([contest]))[contest]
    panel = await _panel(contest)
    modules = [module.id for module in panel.frozen.scheme.modules]
    duties = {module: panel.duties(module, own.id) for module in modules}
    marked = [module for module in modules if duties[module]]
    done = await taken_before(contest, panel, own.id)
    return Pack(
        contest=str(contest),
        code=row["code"],
        title=json.loads(row["title"]),
        state=row["state"],
        ended=row["judging_ended_at"] is not None,
        type=panel.frozen.type,
        rules_hash=panel.frozen.rules_hash,
        installation_key=receipt_public_jwk(),
        appointment=own,
        scheme=panel.frozen.scheme,
        duties={module: duties[module] for module in marked},
        codes={
            module: tuple(
                sorted(code for code in panel.codes.get(module, ()) if (module, code) not in done)
            )
            for module in marked
        },
        rounds=await open_rounds(contest, own),
        lock=panel.frozen.rules.lock,
        trial=panel.trial,
        instruments=tuple(panel.type.instruments()),
    )


async def open_rounds(contest: UUID, own: AppointedFacts) -> tuple[OpenRound, ...]:
    """What this judge's group has to mark again."""
    rows = (
        await MarkRound.select()
        .where(
            MarkRound.contest == contest,
            MarkRound.panel == own.panel,
            MarkRound.group_code == own.group,
            MarkRound.resolved_at.is_null(),
        )
        .order_by(MarkRound.opened_at)
    )
    return tuple(
        OpenRound(
            row["module"],
            row["code"],
            row["attempt"],
            row["round"],
            tuple(json.loads(row["aspects"])),
        )
        for row in rows
    )


async def my_sheets(contest: UUID, appointment: UUID, *, account: UUID) -> list[MySheet]:
    """The judge's own sheets."""
    own = await _own(contest, appointment, account)
    rows = (
        await SheetRow.select()
        .where(SheetRow.contest == contest, SheetRow.judge == appointment)
        .order_by(SheetRow.module, SheetRow.code, SheetRow.attempt, SheetRow.round)
    )
    return [_sheet(row, own) for row in rows]


async def group_sheets(
    contest: UUID,
    appointment: UUID,
    *,
    account: UUID,
    module: str,
    code: str,
    attempt: int = 1,
    round_: int = 1,
) -> list[MySheet]:
    """The whole group's sheets of one work, once every one of them is in and counts; before that
    none: who has to put his own right may not look at the others' first."""
    own = await _own(contest, appointment, account)
    panel = await _panel(contest)
    seats = panel.seats(module, own.id)
    judges = [judge for seat in seats for judge in seat]
    ids = [slot_id(str(contest), module, code, attempt, round_, judge) for judge in judges]
    rows = await SheetRow.select().where(SheetRow.id.is_in(ids)) if ids else []
    accepted = {str(row["judge"]) for row in rows if row["state"] == "accepted"}
    if not all(accepted.intersection(seat) for seat in seats):
        return []
    return [_sheet(row, panel.facts(str(row["judge"]))) for row in rows]


async def taken_before(contest: UUID, panel: Panel, judge: str) -> frozenset[tuple[str, str]]:
    """(module, code) of the works that the judge before, in whose place this one marks, had signed."""
    before = earlier(judge, {**panel.ended, **panel.appointments})
    if not before:
        return frozenset()
    rows = await SheetRow.select(SheetRow.module, SheetRow.code).where(
        SheetRow.contest == contest,
        SheetRow.judge.is_in([UUID(one) for one in before]),
        SheetRow.state == "accepted",
    )
    return frozenset((row["module"], row["code"]) for row in rows)


async def my_devices(account: UUID) -> list[MyDevice]:
    """The account's enrolled keys and where their chains stand."""
    rows = await Device.select().where(Device.account == account).order_by(Device.enrolled_at)
    return [
        MyDevice(
            row["kid"],
            row["label"],
            row["last_seq"],
            row["last_hash"],
            row["revoked_at"] is not None,
        )
        for row in rows
    ]


async def _own(contest: UUID, appointment: UUID, account: UUID) -> AppointedFacts:
    row = (
        await Appointment.select()
        .where(Appointment.id == appointment, Appointment.contest == contest)
        .first()
    )
    if row is None or row["account"] != account or row["ended_at"] is not None:
        raise NotAppointed(permission="contest.judge")
    return appointed_facts(row)


async def _panel(contest: UUID) -> Panel:
    try:
        return await read_panel(contest)
    except LookupError:
        raise NotFound(kind="frozen scheme of contest", id=contest) from None


async def _contests(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = (
        await Contest.select(
            Contest.id, Contest.code, Contest.title, Contest.state, Contest.judging_ended_at
        ).where(Contest.id.is_in(ids))
        if ids
        else []
    )
    return {row["id"]: row for row in rows}


def _sheet(row: dict[str, Any], judge: AppointedFacts) -> MySheet:
    return MySheet(
        sheet=str(row["id"]),
        module=row["module"],
        code=row["code"],
        attempt=row["attempt"],
        round=row["round"],
        revision=row["revision"],
        state=row["state"],
        marks=json.loads(row["marks"]),
        seq=row["seq"],
        hash=row["hash"],
        judge=judge.id,
        seat=judge.seat,
    )
