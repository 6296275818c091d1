"""Many contests out of one workbook, a row each: read, checked and shown before anything is made;
made together, taken back together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import competition_scopes, forget_scopes, json_text, moment
from contests.actions.setup import check_start, create_contests_in_transaction
from contests.founding.files import kept_file
from contests.founding.many_rows import ManyRead, ManyRow, read_many
from contests.founding.starting import free_code, usual_facts
from contests.founding.tables import FoundingBatch, ProgrammeSession
from contests.tables import Appointment, Contest, Entry
from core import audit
from core.db import after_commit, transaction
from core.errors import Conflict, ContestTypeMissing, Invalid, NotFound
from core.jobs import JobContext, JobKind, register
from core.scoring.model import Finding
from core.security import Actor, Scope, check

LARGE = 60
"""More rows than this are made by a job."""
JOB = "contests.many"


async def dry_run(by: Actor, file: UUID) -> ManyRead:
    """Everything that would be made and everything wrong, by cell; nothing is stored."""
    kept = await kept_file(by, file, ("many",))
    read = await asyncio.to_thread(read_many, kept.content)
    rows = await Contest.select(Contest.code)
    taken = {row["code"] for row in rows}
    checked = []
    for row in read.rows:
        checked.append(await _checked(by, kept.competition, row, taken))
    return ManyRead(read.sheet, checked, read.findings, read.unknown)


async def create_many(by: Actor, file: UUID, *, now: datetime | None = None) -> UUID:
    """All contests of the file in one step, or none. Returns the batch, by which they can be taken
    back; the same file makes its batch once. Raises Invalid with every finding by cell."""
    kept = await kept_file(by, file, ("many",))
    read, batch, at = await dry_run(by, file), uuid5(file, "batch"), moment(now)
    wrong = [f for f in read.all_findings if not f.is_warning]
    if wrong or not read.rows:
        raise Invalid(wrong or [Finding("", "many-empty", {})])
    async with transaction():
        if await FoundingBatch.exists().where(FoundingBatch.id == batch):
            raise Conflict([Finding("", "many-made-already", {})])
        starts = [row.start for row in read.rows]
        made = await create_contests_in_transaction(by, kept.competition, starts, now=at)
        await FoundingBatch.insert(
            FoundingBatch(
                id=batch,
                competition=kept.competition,
                account=by.account,
                file_name=kept.name,
                sha256=kept.sha256,
                contests=json_text([str(contest) for contest in made]),
                created_at=at,
            )
        )
        scope = Scope("competition", str(kept.competition))
        after = {"count": len(made), "file": kept.sha256}
        await audit.record(by, "create_many", scope=scope, subject=str(batch), after=after)
    return batch


async def undo_many(by: Actor, batch: UUID, *, now: datetime | None = None) -> int:
    """Takes every contest of the batch away again and says how many. Conflict names each that is
    no draft any more, or has entrants or officials; then none is taken away."""
    row = await batch_row(batch)
    check(by, "contest.configure", *await competition_scopes(row["competition"]))
    async with transaction():
        claimed = await FoundingBatch.raw(
            "UPDATE founding_batch SET undone_at = {} WHERE id = {} AND undone_at IS NULL"
            " RETURNING id",
            moment(now),
            batch,
        )
        if not claimed:
            raise Conflict([Finding("", "many-undone-already", {})])
        contests = [UUID(one) for one in json.loads(row["contests"])]
        if grown := await _grown(contests):
            raise Conflict(grown)
        await ProgrammeSession.delete().where(ProgrammeSession.contest.is_in(contests))
        await Contest.delete().where(Contest.id.is_in(contests))
        after_commit(lambda: forget_scopes(contests))
        scope = Scope("competition", str(row["competition"]))
        await audit.record(by, "undo_many", scope=scope, subject=str(batch))
    return len(contests)


async def batch_row(batch: UUID) -> dict[str, Any]:
    row = await FoundingBatch.select().where(FoundingBatch.id == batch).first()
    if row is None:
        raise NotFound(kind="batch", id=batch)
    return row


async def batches_of(competition: UUID) -> list[dict[str, Any]]:
    """Those that could still be taken back, the newest first."""
    rows: list[dict[str, Any]] = (
        await FoundingBatch.select()
        .where(FoundingBatch.competition == competition, FoundingBatch.undone_at.is_null())
        .order_by(FoundingBatch.created_at, ascending=False)
    )
    return [{**row, "count": len(json.loads(row["contests"]))} for row in rows]


async def _checked(by: Actor, competition: UUID, row: ManyRow, taken: set[str]) -> ManyRow:
    """The row with its code and facts filled in, and what the platform says of it by cell."""
    start = row.start
    code = start.code or free_code(start.title, start.type_code or "contest", taken)
    start = replace(start, code=code, facts=await usual_facts(by, competition, start.facts))
    found: list[Finding] = []
    if not any(not f.is_warning for f in row.findings):
        try:
            _, found = await check_start(by, competition, start)
        except ContestTypeMissing:
            found = [Finding("/type", "many-type-missing", {"type": start.type_code})]
    if code in taken:
        found = [*found, Finding("/code", "code-taken", {"code": code})]
    taken.add(code)
    return replace(row, start=start, findings=[*row.findings, *row.at_cells(found)])


async def _grown(contests: Sequence[UUID]) -> list[Finding]:
    """What has a life of its own. Holds every row that it finds free until the end."""
    free = (
        await Contest.update({Contest.revision: Contest.revision + 1})
        .where(Contest.id.is_in(list(contests)), Contest.state == "draft", Contest.length == 0)
        .returning(Contest.id)
    )
    alive = set(contests) - {row["id"] for row in free}
    for table in (Entry, Appointment):
        rows = await table.select(table.contest).where(table.contest.is_in(list(contests)))
        alive |= {row["contest"] for row in rows}
    if not alive:
        return []
    rows = await Contest.select(Contest.id, Contest.code).where(Contest.id.is_in(list(alive)))
    return [Finding("", "many-grown", {"code": row["code"]}) for row in rows]


async def _run(context: JobContext) -> None:
    """Idempotent: a file makes its batch once."""
    file = UUID(context.params["file"])
    if await FoundingBatch.exists().where(FoundingBatch.id == uuid5(file, "batch")):
        return
    await create_many(context.by, file)


register(JobKind(JOB, "Contests from a workbook", _run, permission="contest.configure"))
