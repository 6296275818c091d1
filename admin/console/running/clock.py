"""The official clock as forms: stamps, times from a stop-watch, compensation. Time-keepers have a page
of their own, made for a telephone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from admin.console.running.forms import ATTEMPT, CODE, Done, Duty, Field, module_field
from admin.console.running.hall import Hall
from admin.console.running.typed import Typing
from admin.console.running.words import STAMPS, TAKEN_BACK
from contests.actions.running import record_clock, record_interruption, record_timing
from contests.stamps import timed
from core.errors import NotFound
from core.security import Actor

MARKING = ("judging",)
_LATEST = 60


async def _stamp_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        CODE,
        Field("stamp", "What to record", "choice", choices=list(STAMPS.items())[:4]),
        Field("at", "At", hint="Like 14:03:20. Empty means now."),
        ATTEMPT,
        Field("reason", "Reason", hint="Of a pause."),
    )


async def _stamp(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    at, attempt, stamp = typed.moment("at", hall.now), typed.count("attempt"), uuid4()
    typed.done()
    code = typed.text("code")
    await record_clock(
        by,
        contest,
        module=typed.text("module"),
        code=code,
        stamp=typed.text("stamp"),
        at=at,
        attempt=attempt,
        reason=typed.text("reason"),
        id_=stamp,
    )
    undo = f"/console/contests/{contest}/clock/{stamp}/back"
    return Done("The clock of work {code} is stamped.", {"code": code}, undo)


async def take_stamp_back(by: Actor, contest: UUID, stamp: UUID, reason: str) -> None:
    """A stamp or a compensation; both entries stay."""
    found = (await timed(contest)).get(str(stamp))
    if found is None:
        raise NotFound(kind="stamp", id=stamp)
    await record_clock(
        by,
        contest,
        module=found["module"],
        code=found["code"],
        stamp="cancel",
        attempt=found["attempt"],
        reason=reason or TAKEN_BACK,
        cancels=stamp,
    )


async def _stamps(hall: Hall, language: str) -> list[dict[str, Any]]:
    """The newest first."""
    entries = await timed(hall.contest)
    back = {e["cancels"] for e in entries.values() if e.get("stamp") == "cancel"}
    return [
        {
            "id": e["id"],
            "code": e["code"],
            "module": e["module"],
            "attempt": e["attempt"],
            "what": STAMPS["compensation" if e["kind"] == "interruption" else e["stamp"]],
            "at": e.get("at", ""),
            "seconds": e.get("seconds", 0),
            "back": e["id"] in back,
        }
        for e in reversed(entries.values())
        if e.get("stamp") != "cancel"
    ][:_LATEST]


async def _timing_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        CODE,
        Field("gross", "Time", hint="Minutes and seconds, like 82:30.", required=True),
        Field("compensation", "Compensation time in it", hint="Empty means none."),
        ATTEMPT,
        Field("reason", "Reason", "area"),
    )


async def _timing(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    typed.needed("gross", "Time")
    gross, extra = typed.seconds("gross"), typed.seconds("compensation")
    attempt, code = typed.count("attempt"), typed.text("code")
    typed.done()
    await record_timing(
        by,
        contest,
        module=typed.text("module"),
        code=code,
        gross=gross,
        compensation=extra,
        attempt=attempt,
        reason=typed.text("reason"),
    )
    return Done("The time of work {code} is on record. A new one replaces it.", {"code": code})


async def _extra_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        CODE,
        Field(
            "seconds", "Compensation time", hint="Minutes and seconds, like 3:00.", required=True
        ),
        Field("cause", "Cause", "area", hint="It was not the entrant's.", required=True),
        Field("acknowledged", "The entrant has signed for it", "tick"),
        ATTEMPT,
    )


async def _extra(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    typed.needed("seconds", "Compensation time")
    seconds, attempt, id_ = typed.seconds("seconds"), typed.count("attempt"), uuid4()
    typed.done()
    code = typed.text("code")
    await record_interruption(
        by,
        contest,
        module=typed.text("module"),
        code=code,
        seconds=seconds,
        cause=typed.text("cause"),
        acknowledged=typed.tick("acknowledged"),
        attempt=attempt,
        id_=id_,
    )
    undo = f"/console/contests/{contest}/clock/{id_}/back"
    return Done("Compensation time of work {code} is on record.", {"code": code}, undo)


DUTIES = (
    Duty(
        "stamp",
        "clock",
        "/clock",
        "Stamps",
        "Clock",
        "Start, pause, go on, stop: a stamp each, by the work's code. Time-keepers have a page for their "
        "telephone.",
        "Stamp the clock",
        "contest.time",
        _stamp_fields,
        _stamp,
        MARKING,
        below="stamps",
        load=_stamps,
    ),
    Duty(
        "timing",
        "clock",
        "/clock/times",
        "Stop-watch",
        "Time from a stop-watch",
        "The official time as it was read from a stop-watch. It replaces the stamps.",
        "Record the time",
        "contest.time",
        _timing_fields,
        _timing,
        MARKING,
    ),
    Duty(
        "compensation",
        "clock",
        "/clock/compensation",
        "Compensation time",
        "Compensation time",
        "Time given back for an interruption that was not the entrant's fault.",
        "Record the compensation",
        "contest.time",
        _extra_fields,
        _extra,
        MARKING,
        below="stamps",
        load=_stamps,
    ),
)
