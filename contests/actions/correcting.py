"""A correction (更正): a new entry with the old value, the new one and two persons, and what follows
from it. Nothing that was written is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import both_allowed, change_contest, moment, who
from contests.actions.versions import compute_version, notice_end
from contests.duties import duties
from contests.log import AFTER_CLOSING, Writing, read, writing
from contests.outcome import changed, facts_of_version
from contests.replay import Replayed, replay
from contests.scoring import type_of
from contests.sheets import slot_id
from contests.tables import Contest
from contests.texts import keep
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid
from core.events import CorrectionDecided, Event, ResultFacts, ResultFinal, ResultSigned
from core.outbox import put
from core.scoring.codec import to_json
from core.scoring.model import Finding, Mark, Sheet
from core.security import Actor

CORRECTED = "mark-corrected"
"""`ResultFacts.correction`: why this version replaces the one before."""


async def correct_mark(
    by: Actor,
    witness: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    judge: UUID,
    aspect: str,
    mark: Mark,
    reason: str,
    attempt: int = 1,
    round_: int = 1,
    now: datetime | None = None,
) -> int:
    """Replaces one mark of one sheet after marking has ended; returns the new result version, 0 when
    the contest is not closed yet.

    Closed or signed: the four signatures are given again. Published: the notice starts again.
    Final: whoever acted on a result that changed is told, and nobody else.
    """
    scope = await both_allowed(by, witness, "contest.correct", contest, verb="correct_mark")
    async with transaction():
        version = await correct_in_transaction(
            by,
            witness,
            contest,
            module=module,
            code=code,
            judge=judge,
            aspect=aspect,
            mark=mark,
            reason=reason,
            attempt=attempt,
            round_=round_,
            now=moment(now),
        )
        after = {"result_version": version}
        await audit.record(by, "correct_mark", scope=scope, subject=f"{module}/{code}", after=after)
    return version


async def correct_in_transaction(
    by: Actor,
    witness: Actor,
    contest: UUID,
    *,
    module: str,
    code: str,
    judge: UUID,
    aspect: str,
    mark: Mark,
    reason: str,
    attempt: int,
    round_: int,
    now: datetime,
    approval: str = "",
) -> int:
    """approval: the request that is carried out; who asked for it is told which entries changed."""
    async with writing(contest, "judging", *AFTER_CLOSING, now=now) as log:
        if log.row["judging_ended_at"] is None:
            raise Conflict([Finding("", "judging-not-ended", {})])
        known = replay(await read(contest))
        asked = Wanted(module, code, judge, aspect, mark, reason, attempt, round_)
        body = correction_body(contest, known, asked)
        text = await keep(contest, reason)
        body |= {"by": who(by), "witness": who(witness), "reason_hash": text}
        return await _recompute(log, body, by=by, approval=approval)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One mark that should be another one."""

    module: str
    code: str
    judge: UUID
    aspect: str
    mark: Mark
    reason: str
    attempt: int = 1
    round: int = 1


def correction_body(contest: UUID, known: Replayed, asked: Wanted) -> dict[str, Any]:
    """What the log says of it, without the persons and the reason. Raises Invalid."""
    judge = str(asked.judge)
    slot = slot_id(str(contest), asked.module, asked.code, asked.attempt, asked.round, judge)
    sheet = _sheet(known, str(slot))
    findings = _findings(
        known, asked.module, asked.code, judge, asked.aspect, asked.mark, sheet, asked.reason
    )
    if findings:
        raise Invalid(findings)
    old = sheet.marks.get(asked.aspect) if sheet else None
    return {
        "sheet": str(slot),
        "module": asked.module,
        "code": asked.code,
        "judge": judge,
        "panel": known.appointments[judge].panel,
        "attempt": asked.attempt,
        "round": asked.round,
        "aspect": asked.aspect,
        "old": to_json(old) if old else None,
        "new": to_json(asked.mark),
    }


async def _recompute(log: Writing, body: dict[str, Any], *, by: Actor, approval: str = "") -> int:
    lines = await read(log.contest)
    log.add("correction", body)
    if log.row["state"] == "judging":
        return 0
    known = replay([*lines, *log.lines])
    before = len(known.versions)
    version = await compute_version(log, known, by=who(by), reason=CORRECTED)
    known = replay([*lines, *log.lines])
    old = await facts_of_version(log.contest, known, version=before)
    new = await facts_of_version(log.contest, known, version=version, correction=CORRECTED)
    facts = changed(old, new)
    if approval:
        entries = tuple(one.entry for one in facts)
        await put(CorrectionDecided(str(log.contest), approval, "approved", version, entries))
    await put(*await _consequences(log, known, facts, version))
    return version


async def _consequences(
    log: Writing, known: Replayed, facts: Sequence[ResultFacts], version: int
) -> Sequence[Event]:
    state = log.row["state"]
    if state in {"closed", "signed"}:
        await change_contest(log.contest, {Contest.state: "closed"})
        return []
    if state == "published":
        until = notice_end(known, log.now)
        await change_contest(log.contest, {Contest.notice_until: until})
        facts = await _dated(log, known, facts, version)
    if state == "final":
        return [ResultFinal(one) for one in facts]
    issue = known.frozen is not None and known.frozen.rules.issue_at == "signed"
    return [ResultSigned(one, issue) for one in facts] if issue else []


async def _dated(
    log: Writing, known: Replayed, facts: Sequence[ResultFacts], version: int
) -> Sequence[ResultFacts]:
    """The same facts with the notice that has just started again."""
    new = await facts_of_version(log.contest, known, version=version, correction=CORRECTED)
    return [new[one.entry] for one in facts]


def _sheet(known: Replayed, slot: str) -> Sheet | None:
    return next((stored.sheet for stored in known.sheets if stored.slot == slot), None)


def _findings(
    known: Replayed,
    module: str,
    code: str,
    judge: str,
    aspect: str,
    mark: Mark,
    sheet: Sheet | None,
    reason: str,
) -> list[Finding]:
    if not reason.strip():
        return [Finding("/reason", "reason-missing", {})]
    if code not in known.codes.get(module, ()):
        return [Finding("/code", "code-unknown", {"module": module, "code": code})]
    appointed = known.appointments.get(judge)
    frozen = known.frozen
    if appointed is None or frozen is None:
        return [Finding("/judge", "appointment-unknown", {"id": judge})]
    if aspect not in {a.id for a in duties(frozen.scheme.module(module), appointed)}:
        params = {"aspect": aspect, "seat": appointed.seat}
        return [Finding("/aspect", "aspect-not-theirs", params)]
    marks = {**(sheet.marks if sheet else {}), aspect: mark}
    corrected = Sheet(code, module, judge, marks, panel=appointed.panel)
    return [
        Finding("/mark" + found.pointer.removeprefix(f"/marks/{aspect}"), found.code, found.params)
        for found in type_of(frozen).check(frozen.scheme, corrected)
        if found.pointer.startswith(f"/marks/{aspect}")
    ]
