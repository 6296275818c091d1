"""What happens in the hall: penalties, statuses, attempts that count, votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from admin.console.running.forms import ATTEMPT, CODE, REASON, Done, Duty, Field, module_field
from admin.console.running.hall import Hall
from admin.console.running.typed import Typing
from admin.console.running.words import PENALTIES, STATUSES, TAKEN_BACK
from contests.actions.running import (
    cancel_penalty,
    record_penalty,
    record_status,
    record_votes,
    rule_attempt,
)
from contests.remembered import replayed
from core.scoring.numbers import milli_text
from core.security import Actor

MARKING = ("judging",)


async def _penalty_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        CODE,
        Field("scope", "Kind", "choice", choices=list(PENALTIES.items())),
        Field("points", "Points taken off", hint="Only for points; 0.5 or 5."),
        Field("whole_contest", "Off the total, not off the module", "tick"),
        REASON,
        Field("acknowledged", "The entrant has signed for it", "tick"),
    )


async def _penalty(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    points = typed.points("points")
    typed.done()
    given = await record_penalty(
        by,
        contest,
        scope=typed.text("scope"),
        module=typed.text("module"),
        code=typed.text("code"),
        reason=typed.text("reason"),
        points=points,
        whole_contest=typed.tick("whole_contest"),
        acknowledged=typed.tick("acknowledged"),
    )
    return Done(
        "The penalty against work {code} is on record.",
        {"code": typed.text("code")},
        f"/console/contests/{contest}/incidents/penalties/{given}/back",
    )


async def take_penalty_back(by: Actor, contest: UUID, penalty: UUID, reason: str) -> None:
    await cancel_penalty(by, contest, penalty, reason=reason or TAKEN_BACK)


async def _penalties(hall: Hall, language: str) -> list[dict[str, Any]]:
    known = await replayed(hall.contest)
    coded = {p.id: p.entry for p in known.by_code.penalties}
    return [
        {
            "id": p.id,
            "code": coded.get(p.id, p.entry),
            "module": p.module,
            "kind": PENALTIES.get(p.scope, p.scope),
            "points": milli_text(p.points) if p.points else "",
        }
        for p in known.penalties
    ]


async def _status_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        CODE,
        Field("status", "Status", "choice", choices=list(STATUSES.items())),
        Field("whole_contest", "For the whole contest, not for this module alone", "tick"),
        Field("reason", "Reason", "area", hint="It stays in the record, sealed."),
    )


async def _status(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    whole, module, code = typed.tick("whole_contest"), typed.text("module"), typed.text("code")
    await record_status(
        by,
        contest,
        status=typed.text("status"),
        module=module,
        code=code,
        whole_contest=whole,
        reason=typed.text("reason"),
    )
    where = f"{quote(module, safe='')}/{quote(code, safe='')}/{'all' if whole else 'module'}"
    return Done(
        "The status of work {code} is on record.",
        {"code": code},
        f"/console/contests/{contest}/incidents/statuses/{where}/back",
    )


async def take_status_back(by: Actor, contest: UUID, module: str, code: str, whole: bool) -> None:
    await record_status(
        by, contest, status="", module=module, code=code, whole_contest=whole, reason=TAKEN_BACK
    )


async def _statuses(hall: Hall, language: str) -> list[dict[str, Any]]:
    """By code only: what was recorded of an entrant stays with the entrant."""
    known = await replayed(hall.contest)
    return [
        {
            "code": s.entry,
            "module": s.module,
            "status": STATUSES.get(s.status.value, s.status.value),
        }
        for s in known.by_code.statuses
    ]


async def _attempt_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (module_field(hall, language), CODE, ATTEMPT, REASON)


async def _attempt(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    number, reason = typed.count("attempt"), typed.needed("reason", "Reason")
    typed.done()
    code = typed.text("code")
    await rule_attempt(
        by, contest, module=typed.text("module"), code=code, attempt=number, reason=reason
    )
    return Done("Attempt {attempt} of work {code} counts.", {"attempt": number, "code": code})


async def _rulings(hall: Hall, language: str) -> list[dict[str, Any]]:
    known = await replayed(hall.contest)
    return [
        {"code": r.entry, "module": r.module, "attempt": r.attempt} for r in known.by_code.rulings
    ]


async def _vote_fields(hall: Hall, data: Mapping[str, str], language: str) -> Sequence[Field]:
    return (
        module_field(hall, language),
        Field("panel", "Who voted", value="public", hint="One word, such as public or press."),
        Field(
            "votes",
            "Votes",
            "area",
            hint="A line a work: its code, a space, how many.",
            required=True,
        ),
    )


async def _votes(by: Actor, contest: UUID, typed: Typing, hall: Hall) -> Done:
    votes: dict[str, int] = {}
    for line in typed.text("votes").splitlines():
        code, _, count = line.strip().rpartition(" ")
        if line.strip() and code and count.isdecimal():
            votes[code.strip()] = int(count)
        elif line.strip():
            typed.wrong("votes", "line-unreadable", line=line[:60])
    if not votes and not typed.findings:
        typed.needed("votes", "Votes")
    panel = typed.needed("panel", "Who voted")
    typed.done()
    await record_votes(by, contest, module=typed.text("module"), panel=panel, votes=votes)
    return Done("Votes of {count} works are on record.", {"count": len(votes)})


DUTIES = (
    Duty(
        "penalty",
        "incidents",
        "/incidents",
        "Penalties",
        "Penalties",
        "A warning, points, or an exclusion, against a work. The entrant signs for it on paper.",
        "Record the penalty",
        "contest.run",
        _penalty_fields,
        _penalty,
        MARKING,
        below="penalties",
        load=_penalties,
    ),
    Duty(
        "status",
        "incidents",
        "/incidents/statuses",
        "Absent, not finished, disqualified",
        "Absent, not finished, disqualified",
        "What became of a work that is not marked as usual. Absent is not zero.",
        "Record the status",
        "contest.run",
        _status_fields,
        _status,
        MARKING,
        below="statuses",
        load=_statuses,
    ),
    Duty(
        "attempt",
        "incidents",
        "/incidents/attempts",
        "Attempts",
        "Which attempt counts",
        "After a re-run the chief referee names the attempt that counts. A new ruling replaces the old.",
        "Record the ruling",
        "contest.run",
        _attempt_fields,
        _attempt,
        MARKING,
        below="rulings",
        load=_rulings,
    ),
    Duty(
        "votes",
        "incidents",
        "/incidents/votes",
        "Votes",
        "Votes of the public",
        "Counted votes decide a prize of their own, never a place.",
        "Record the votes",
        "contest.run",
        _vote_fields,
        _votes,
        MARKING,
    ),
)
