"""Start and end of marking; what happens between is the control room's."""

from __future__ import annotations

from uuid import UUID

from admin.console.running.forms import Done, Duty, nothing
from admin.console.running.hall import Hall
from admin.console.running.typed import Typing
from contests.actions.running import end_judging, start_judging
from core.security import Actor


async def _start(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    await start_judging(by, contest)
    return Done("Marking has started; the tablets are open.")


async def _end(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    await end_judging(by, contest)
    return Done("Marking has ended. A change is now a correction by two persons.")


DUTIES = (
    Duty(
        "start",
        "marking",
        "/marking",
        "Start marking",
        "Start marking",
        "Scheme and rules are fixed from then on, and the tablets open.",
        "Start marking",
        "contest.run",
        nothing,
        _start,
        ("ready",),
        plain=True,
    ),
    Duty(
        "end",
        "marking",
        "/marking/end",
        "End marking",
        "End marking",
        "No more sheets are taken. Whatever is still missing is listed, and then nothing ends. Opening the "
        "codes ends marking by itself.",
        "End marking",
        "contest.run",
        nothing,
        _end,
        ("judging",),
        plain=True,
    ),
)
