"""Recheck (成绩复核): which sheets are drawn to be checked again, and a correction by two persons with
the mark before and after. Works stand by their codes; nobody learns whose they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin.console.running.arrivals import asked
from admin.console.running.forms import Done
from admin.console.running.hall import Hall
from admin.console.running.typed import Typing
from contests.actions.approvals import request_approval
from contests.duties import duties
from contests.outcome import stored_results
from contests.remembered import replayed
from contests.replay import Replayed
from contests.tables import Approval
from core.errors import NotFound
from core.scoring.model import Aspect, Kind, Mark, Sheet, Text
from core.scoring.numbers import milli_text
from core.scoring.recheck import recheck
from core.security import Actor


@dataclass(frozen=True, slots=True)
class Cell:
    """One judge's mark for one aspect; value "" = none."""

    judge: str
    aspect: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    aspect: str
    title: Text
    maximum: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class WorkSheets:
    """Every mark of one work, latest round: seats across, aspects down."""

    module: str
    code: str
    attempt: int
    seats: Sequence[str]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction, asked for or done."""

    module: str
    code: str
    seat: str
    aspect: str
    before: str
    after: str


def shown(mark: Mark | None) -> str:
    """A mark as people write it; its state when it has no value."""
    if mark is None:
        return ""
    if mark.raw is not None:
        return mark.raw
    if mark.defects:
        return ", ".join(f"{d.code} −{milli_text(d.points)}" for d in mark.defects)
    return "" if mark.value is None else milli_text(mark.value)


async def work_sheets(hall: Hall, module: str, code: str) -> WorkSheets:
    """Raises NotFound."""
    known = await replayed(hall.contest)
    if known.frozen is None or code not in known.codes.get(module, ()):
        raise NotFound(kind="work", id=code)
    latest = _latest(known, module, code)
    attempt = max((sheet.attempt for sheet in latest.values()), default=1)
    judges = [
        facts
        for facts in known.appointments.values()
        if facts.id in latest or duties(known.frozen.scheme.module(module), facts)
    ]
    judges.sort(key=lambda facts: (len(facts.seat), facts.seat))
    aspects = known.frozen.scheme.module(module).aspects()
    owed = {
        facts.id: {a.id for a in duties(known.frozen.scheme.module(module), facts)}
        for facts in judges
    }
    lines = [
        Line(
            aspect.id,
            aspect.title,
            "" if aspect.maximum is None else milli_text(aspect.maximum),
            [
                Cell(facts.id, aspect.id, shown(_mark(latest, facts.id, aspect.id)))
                if aspect.id in owed[facts.id]
                else None
                for facts in judges
            ],
        )
        for aspect in aspects
    ]
    return WorkSheets(module, code, attempt, [facts.seat for facts in judges], lines)


def _latest(known: Replayed, module: str, code: str) -> dict[str, Sheet]:
    """Judge -> the sheet that counts: of the last attempt, the last round."""
    found: dict[str, Sheet] = {}
    for stored in known.sheets:
        sheet = stored.sheet
        if (sheet.module, sheet.entry) == (module, code):
            before = found.get(sheet.judge)
            if before is None or (sheet.attempt, sheet.round) > (before.attempt, before.round):
                found[sheet.judge] = sheet
    return found


def _mark(latest: Mapping[str, Sheet], judge: str, aspect: str) -> Mark | None:
    sheet = latest.get(judge)
    return sheet.marks.get(aspect) if sheet else None


@dataclass(frozen=True, slots=True)
class Correcting:
    """One mark, before it is asked to be corrected."""

    module: str
    code: str
    judge: str
    seat: str
    aspect: Aspect
    before: str
    attempt: int
    round: int

    @property
    def defects(self) -> bool:
        return self.aspect.kind is Kind.DEDUCTION and bool(self.aspect.defects)


async def correcting(hall: Hall, module: str, code: str, judge: str, aspect: str) -> Correcting:
    """Raises NotFound."""
    known = await replayed(hall.contest)
    facts = known.appointments.get(judge)
    if known.frozen is None or facts is None or code not in known.codes.get(module, ()):
        raise NotFound(kind="sheet", id=code)
    found = next(
        (a for a in duties(known.frozen.scheme.module(module), facts) if a.id == aspect), None
    )
    if found is None:
        raise NotFound(kind="mark", id=aspect)
    latest = _latest(known, module, code)
    sheet = latest.get(judge)
    return Correcting(
        module,
        code,
        judge,
        facts.seat,
        found,
        shown(_mark(latest, judge, aspect)),
        sheet.attempt if sheet else 1,
        sheet.round if sheet else 1,
    )


def asked_body(typed: Typing, about: Correcting) -> dict[str, Any]:
    """Raises Invalid for what was typed."""
    mark = _typed_mark(typed, about)
    reason = typed.needed("reason", "Reason")
    typed.done()
    return {
        "module": about.module,
        "code": about.code,
        "judge": about.judge,
        "aspect": about.aspect.id,
        "mark": mark,
        "reason": reason,
        "attempt": about.attempt,
        "round": about.round,
    }


async def ask_for_correction(by: Actor, contest: UUID, body: Mapping[str, Any]) -> Done:
    """The new value is checked again when another person approves."""
    return asked(contest, await request_approval(by, contest, "correct_mark", body))


def _typed_mark(typed: Typing, about: Correcting) -> dict[str, Any]:
    if about.defects:
        costs = {d.code: typed.points(f"defect-{d.code}") for d in about.aspect.defects}
        found = [{"code": code, "points": milli_text(cost)} for code, cost in costs.items() if cost]
        return {"defects": found}
    if not typed.text("value"):
        typed.wrong("value", "new-value-missing")
        return {}
    if about.aspect.calculation is not None:
        return {"raw": typed.text("value")}
    return {"value": milli_text(typed.points("value"))}


async def corrections(hall: Hall) -> list[Asked]:
    """Those that are done, the newest first."""
    known = await replayed(hall.contest)
    return [_of_body(known, body, body["old"], body["new"]) for body in reversed(known.corrections)]


async def before_and_after(hall: Hall, approval: UUID) -> Asked | None:
    """What a correction that waits would change; None for another step."""
    row = await Approval.select().where(Approval.id == approval).first()
    if row is None or row["verb"] != "correct_mark":
        return None
    body = json.loads(row["body"])
    known = await replayed(hall.contest)
    latest = _latest(known, body["module"], body["code"])
    asked_for = _of_body(known, body, None, body["mark"])
    before = shown(_mark(latest, body["judge"], body["aspect"]))
    return Asked(
        asked_for.module, asked_for.code, asked_for.seat, asked_for.aspect, before, asked_for.after
    )


def _of_body(known: Replayed, body: Mapping[str, Any], old: Any, new: Any) -> Asked:
    judge = known.appointments.get(body["judge"])
    return Asked(
        body["module"],
        body["code"],
        judge.seat if judge else "",
        body["aspect"],
        _json_mark(old),
        _json_mark(new),
    )


def _json_mark(data: Any) -> str:
    if not data:
        return ""
    if data.get("raw") is not None:
        return str(data["raw"])
    if data.get("defects"):
        return ", ".join(f"{d['code']} −{d['points']}" for d in data["defects"])
    return str(data.get("value") or "")


async def sample(hall: Hall) -> list[str]:
    """Codes of the works to be looked at again, drawn from what the record ended with when the contest
    was closed: anybody can repeat it. In no order that tells a place."""
    known = await replayed(hall.contest)
    if not known.versions or known.frozen is None:
        return []
    version = known.versions[0]
    results = await stored_results(hall.contest, version.number)
    seed = version.log_head.encode()
    chosen = set(recheck(results.standings, known.frozen.rules, seed))
    return sorted(
        code for works in known.opened.values() for code, entry in works.items() if entry in chosen
    )
