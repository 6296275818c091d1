"""Appeals (申诉): filing one, until when, and the arbitration's ruling."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from admin.console.running.arrivals import by_number
from admin.console.running.forms import Done, Duty, Field, module_field
from admin.console.running.hall import Hall, numbered, rules_of
from admin.console.running.typed import Typing
from contests.actions.closing import file_appeal
from contests.tables import Appeal, LogEntry
from contests.texts import texts_of
from core.security import Actor

STATES = ("judging", "closed", "signed", "published")


@dataclass(frozen=True, slots=True)
class AppealView:
    """number: of the entrant, as the check-in list has it. grounds, reason: only for those who rule
    or file. ruling "" = open."""

    id: UUID
    number: str
    module: str
    filed_at: datetime
    ruled_at: datetime | None
    ruling: str
    grounds: str
    reason: str


async def appeals_of(hall: Hall) -> list[AppealView]:
    """Open ones first, then the newest."""
    rows = await Appeal.select().where(Appeal.contest == hall.contest)
    numbers = {one.id: one.number for one in await numbered(hall)} if rows else {}
    grounds, reasons = await _texts(hall) if rows else ({}, {})
    found = [
        AppealView(
            row["id"],
            numbers.get(str(row["entry"]), ""),
            row["module"],
            row["filed_at"],
            row["ruled_at"],
            row["ruling"],
            grounds.get(str(row["id"]), ""),
            reasons.get(str(row["id"]), ""),
        )
        for row in rows
    ]
    return sorted(found, key=lambda a: (a.ruled_at is not None, -a.filed_at.timestamp()))


async def _texts(hall: Hall) -> tuple[dict[str, str], dict[str, str]]:
    if not (hall.may("appeal.rule") or hall.may("appeal.file")):
        return {}, {}
    rows = await LogEntry.select(LogEntry.kind, LogEntry.body).where(
        LogEntry.contest == hall.contest, LogEntry.kind.is_in(["appeal_filed", "appeal_ruled"])
    )
    texts = await texts_of(hall.contest)
    grounds: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for row in rows:
        body = json.loads(row["body"])
        if row["kind"] == "appeal_filed":
            grounds[body["id"]] = texts.get(body["grounds_hash"], "")
        else:
            reasons[body["id"]] = texts.get(body["reason_hash"], "")
    return grounds, reasons


def until(hall: Hall) -> datetime | None:
    """Until when appeals are taken; None before marking has ended. During the public notice: its end."""
    if hall.state == "published":
        end: datetime | None = hall.row["notice_until"]
        return end
    ended, rules = hall.row["judging_ended_at"], rules_of(hall.row)
    if ended is None or rules is None:
        return None
    found: datetime = ended + timedelta(minutes=rules.appeal_minutes)
    return found


async def _fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        Field("entry", "Number of the entrant", hint="As the check-in list has it.", required=True),
        module_field(hall, language, whole=True),
        Field(
            "grounds",
            "Grounds",
            "area",
            hint="As they were handed in, in writing. They stay sealed.",
            required=True,
        ),
    )


async def _file(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    entry, grounds = await by_number(typed, hall, "entry"), typed.needed("grounds", "Grounds")
    typed.done()
    await file_appeal(by, contest, entry=entry, grounds=grounds, module=typed.text("module"))
    return Done("The appeal is filed. Nothing becomes final while it is open.")


DUTIES = (
    Duty(
        "appeal",
        "appeals",
        "/appeals/new",
        "File an appeal",
        "File an appeal",
        "In writing, by the team leader or the entrant. Nothing is published or final while one is open.",
        "File the appeal",
        "appeal.file",
        _fields,
        _file,
        STATES,
    ),
)
