"""What the organiser's pages show, read once for each request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from admin.console.history import Happening, happenings
from admin.console.rooms import ROOMS, Level
from admin.console.running.hall import hall_of
from admin.console.running.inbox import Waiting, waiting
from admin.console.running.signing import my_turn
from admin.console.running.way import Way, cure, place_of, way
from admin.console.steps import STEPS, Step
from contests.actions.common import contest_row, scopes_of
from contests.chain import LogLine, instant
from contests.judging.control.schemas import Control
from contests.judging.control.snapshot import control_of
from contests.next_step import next_step
from contests.preparing import SIGNING_ROLES, remarks
from contests.tables import Appointment, Approval, Entry, LogEntry
from core.errors import ContestTypeMissing
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor
from core.tables import Account

STATES = ("draft", "ready", "judging", "closed", "signed", "published", "final")
_HISTORY = 14
_MOST_UNMET = 100
"""A page that lists more helps nobody; it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Seat:
    """How far one judge is."""

    seat: str
    signed: int
    owed: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that is not met, and where it is cured: "" when there is no such page for the
    reader."""

    finding: Finding
    cure: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One of the four signatures; by "" = not given yet."""

    role: str
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class ContestPage:
    """Where one contest stands. go: the page on which the next step is done, or "". unmet: the first
    of them; more: how many follow. remarks: what does not stand in the way."""

    row: Mapping[str, Any]
    title: Text
    type_title: Text
    entries: int
    verb: str
    step: Step
    module: str
    may_step: bool
    go: str
    may_control: bool
    unmet: Sequence[Unmet]
    remarks: Sequence[Unmet]
    more: int
    signed: int
    owed: int
    seats: Sequence[Seat]
    waiting: Sequence[Waiting]
    signatures: Sequence[Signed]
    way: Sequence[Way]
    results: bool
    history: Sequence[Happening]

    @property
    def state(self) -> str:
        return str(self.row["state"])

    @property
    def length(self) -> int:
        return int(self.row["length"])


async def contest_page(contest: UUID, by: Actor, *, now: datetime | None = None) -> ContestPage:
    """Raises NotFound. Nothing of it grows with the marks: standings, certificates and the whole
    record have rooms of their own."""
    row, scopes = await contest_row(contest), await scopes_of(contest)
    verb, found = await next_step(contest, row, now or datetime.now(UTC))
    step = STEPS.get(verb, STEPS[""])
    module = next((f.params["module"] for f in found if f.code == "module-not-drawn"), "")
    paths = [
        room.path
        for room in ROOMS
        if room.level is Level.CONTEST and (not room.permission or by.may(room.permission, *scopes))
    ]
    may_control = by.may("contest.control", *scopes)
    control = await control_of(contest) if row["state"] == "judging" else None
    return ContestPage(
        row=row,
        title=json.loads(row["title"]),
        type_title=_type_title(row),
        entries=await Entry.count().where(Entry.contest == contest, Entry.status != "withdrawn"),
        verb=verb,
        step=step,
        module=module,
        may_step=by.may(step.permission, *scopes)
        and not await _asked(contest, verb, module)
        and (verb != "sign_contest" or await my_turn(await hall_of(contest, by))),
        go=place_of(str(contest), verb, paths=paths, control=may_control),
        may_control=may_control,
        unmet=[
            Unmet(f, cure(str(contest), f, paths=paths, control=may_control))
            for f in found[:_MOST_UNMET]
        ],
        remarks=[
            Unmet(f, cure(str(contest), f, paths=paths, control=may_control))
            for f in (await remarks(contest) if row["state"] == "draft" else ())
        ],
        more=max(len(found) - _MOST_UNMET, 0),
        signed=control.stored if control else 0,
        owed=control.owed if control else 0,
        seats=_seats(control) if control else (),
        waiting=await waiting(by, contest=contest),
        signatures=await _signatures(contest, row["result_version"]),
        way=way(str(contest), row["state"], paths=paths, control=may_control),
        results="/results" in paths and bool(row["result_version"]),
        history=await _history(contest),
    )


def _type_title(row: Mapping[str, Any]) -> Text:
    try:
        return registry().contest_type(row["type_code"], row["type_version"]).title
    except ContestTypeMissing:
        return {"en": row["type_code"]}


async def _asked(contest: UUID, verb: str, module: str) -> bool:
    """Whether somebody has asked for this very step already."""
    rows = await Approval.select(Approval.body).where(
        Approval.contest == contest, Approval.verb == verb, Approval.decided_at.is_null()
    )
    return any(json.loads(row["body"]).get("module", "") in ("", module) for row in rows)


def _seats(control: Control) -> list[Seat]:
    counted: dict[str, tuple[int, int]] = {}
    for module in control.modules:
        for column in module.columns:
            signed, owed = counted.get(column.seat, (0, 0))
            counted[column.seat] = (signed + column.stored, owed + column.owed)
    return [Seat(seat, *both) for seat, both in sorted(counted.items()) if both[1]]


async def _signatures(contest: UUID, version: int) -> list[Signed]:
    """Of the newest results; none before there are any."""
    if not version:
        return []
    rows = (
        await LogEntry.select(LogEntry.at, LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == "signed")
        .order_by(LogEntry.seq)
    )
    given = [(json.loads(row["body"]), row["at"]) for row in rows]
    by_role = {
        body["role"]: (body["account"], at) for body, at in given if body["version"] == version
    }
    labels = await _labels([account for account, _ in by_role.values()])
    return [
        Signed(role, labels.get(by_role[role][0], "✓"), instant(by_role[role][1]))
        if role in by_role
        else Signed(role)
        for role in SIGNING_ROLES
    ]


async def _history(contest: UUID) -> list[Happening]:
    rows = (
        await LogEntry.select(
            LogEntry.seq, LogEntry.kind, LogEntry.at, LogEntry.body, LogEntry.prev, LogEntry.hash
        )
        .where(LogEntry.contest == contest)
        .order_by(LogEntry.seq, ascending=False)
        .limit(_HISTORY)
    )
    lines = [
        LogLine(
            str(contest), r["seq"], r["kind"], instant(r["at"]), r["body"], r["prev"], r["hash"]
        )
        for r in reversed(rows)
    ]
    appointed = await Appointment.select(Appointment.id, Appointment.seat).where(
        Appointment.contest == contest
    )
    return happenings(lines, {str(a["id"]): a["seat"] for a in appointed}, latest=_HISTORY)


async def _labels(accounts: Sequence[str]) -> dict[str, str]:
    wanted = [UUID(account) for account in accounts if account]
    if not wanted:
        return {}
    rows = await Account.select(Account.id, Account.label, Account.login).where(
        Account.id.is_in(wanted)
    )
    return {str(row["id"]): row["label"] or row["login"] for row in rows}
