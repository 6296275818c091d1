"""A list is looked at, then taken in as work in the background, or thrown away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit, regular
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.jobs import JobContext, JobKind, start_job_row
from core.jobs import register as register_job
from core.privacy import new_key, wrap
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from core.tables import Job
from credentials.records.bodies import ACTS, READS
from credentials.records.exchange import evidence, noticing
from credentials.records.exchange.checking import Checked, check_lines
from credentials.records.exchange.entering import enter
from credentials.records.exchange.reading import Line, place_of, read
from credentials.records.exchange.tables import RecordImport
from credentials.scopes import issuer_scopes

PAPER, FILE = ORIGINS = ("paper", "file")
JOB = "credentials.record_list"
TITLE = "Earlier and foreign records taken in"
KEPT = timedelta(days=30)
"""A list that was only looked at is thrown away after so long."""


class ListState(Conflict):
    slug = "list-state"
    title = "This list is not in the state that the step needs. Load the page again."


def register() -> None:
    register_job(JobKind(JOB, TITLE, run, permission=ACTS))
    regular.register("credentials.record_lists", throw_old_away)


async def look_at(by: Actor, keeper: str, origin: str, content: bytes, scan: bytes) -> UUID:
    """Keeps the list, sealed, and changes nothing else. scan: of a list on paper. Raises Invalid, TooLarge."""
    check(by, ACTS, *await issuer_scopes(keeper))
    wrong = [] if origin in ORIGINS else [Finding("/origin", "credentials.taken-origin", {})]
    if origin == PAPER:
        wrong += evidence.findings_of(scan)
    try:
        lines = read(content)
    except Invalid as error:
        raise Invalid([*wrong, *error.findings]) from error
    if wrong:
        raise Invalid(wrong)
    id, key, proof = uuid4(), new_key(), scan if origin == PAPER else content
    async with transaction():
        await RecordImport.insert(
            RecordImport(
                id=id,
                keeper=keeper,
                origin=origin,
                account=by.account,
                size=len(lines),
                list_hash=hashlib.sha256(content).hexdigest(),
                evidence_hash=hashlib.sha256(proof).hexdigest(),
                evidence_media=evidence.media_of(scan) if origin == PAPER else "",
                evidence_size=len(proof),
                wrapped_key=wrap(key),
                sealed_lines=evidence.sealed(key, "sealed_lines", _told(lines), id),
                sealed_evidence=(
                    evidence.sealed(key, "sealed_evidence", scan, id) if origin == PAPER else None
                ),
                created_at=datetime.now(UTC),
            )
        )
    return id


async def checked_list(by: Actor, list_id: UUID) -> list[Checked]:
    """As it stands now; nothing for one that was taken in."""
    row = await list_for(by, list_id, ACTS)
    if row["state"] != "looked":
        return []
    return await check_lines(by, row["keeper"], _lines(row))


async def take_in(by: Actor, list_id: UUID, *, only_right: bool) -> UUID:
    """The job. only_right: lines with mistakes are left out; else one mistake stops the list."""
    row = await list_for(by, list_id, ACTS)
    if row["state"] != "looked":
        raise ListState()
    checked = await check_lines(by, row["keeper"], _lines(row))
    wrong, right = [one for one in checked if one.wrong], [one for one in checked if one.right]
    if wrong and not only_right:
        count = {"count": str(len(wrong))}
        raise Invalid([Finding("/only_right", "credentials.taken-wrong", count)])
    if not right:
        raise Invalid([Finding("/file", "credentials.taken-nothing", {})])
    scope = Scope("issuer", row["keeper"])
    async with transaction():
        job = await start_job_row(by, JOB, scope, {"list": str(list_id)}, total=len(checked))
        changes: dict[Any, Any] = {
            RecordImport.state: "running",
            RecordImport.only_right: only_right,
            RecordImport.job: job,
        }
        await move(list_id, "looked", changes)
        after = {"count": len(right), "origin": row["origin"], "sha256": row["evidence_hash"]}
        await audit.record(by, "records.taken_in", scope=scope, subject=str(list_id), after=after)
    return job


async def throw_away(by: Actor, list_id: UUID) -> None:
    """One that was only looked at."""
    await list_for(by, list_id, ACTS)
    async with transaction():
        gone = (
            await RecordImport.delete()
            .where(RecordImport.id == list_id, RecordImport.state == "looked")
            .returning(RecordImport.id)
        )
        if not gone:
            raise ListState()


async def list_for(by: Actor, list_id: UUID, permission: str = READS) -> dict[str, Any]:
    """Unknown to whoever may not even read it."""
    row = await RecordImport.select().where(RecordImport.id == list_id).first()
    if row is None:
        raise NotFound(kind="list", id=list_id)
    scopes = await issuer_scopes(row["keeper"])
    if not by.may(READS, *scopes) and not by.may(ACTS, *scopes):
        raise NotFound(kind="list", id=list_id)
    check(by, permission, *scopes)
    return dict(row)


async def open_scan(by: Actor, list_id: UUID) -> tuple[Mapping[str, Any], bytes]:
    """The list's row and its scan, for whoever may see what stands in it; each look is on record."""
    async with transaction():
        row = await list_for(by, list_id, ACTS)
        content = evidence.opened(row, "sealed_evidence")
        scope, after = Scope("issuer", row["keeper"]), {"sha256": row["evidence_hash"]}
        await audit.record(
            by, "records.scan_opened", scope=scope, subject=str(list_id), after=after
        )
    return row, content


async def may_act(by: Actor, row: Mapping[str, Any]) -> bool:
    """Whether `by` may take the list in or back, and so may see what stands in it."""
    return by.may(ACTS, *await issuer_scopes(row["keeper"]))


async def run(context: JobContext) -> None:
    """Line by line, each by itself; what an earlier start put on record is found done."""
    row = await list_for(context.by, UUID(context.params["list"]), ACTS)
    if row["state"] != "running":
        return
    if not row["sealed_lines"]:  # somebody of it was erased meanwhile
        await _done(row)
        return
    checked = await check_lines(context.by, row["keeper"], _lines(row))
    for done, one in enumerate(checked):
        await context.progress(done, len(checked))
        if await context.cancelled():
            break
        for finding in one.wrong if not one.right else await enter(context.by, row, one):
            place = place_of(one.line, finding.pointer)
            await context.failed(f"{one.line.sheet} {place}".strip(), finding)
    await context.progress(len(checked), len(checked))
    await _done(row)


async def _done(row: dict[str, Any]) -> None:
    """Also of one that was cancelled on the way: what is on record can be taken back."""
    async with transaction():
        changes: dict[Any, Any] = {
            RecordImport.state: "done",
            RecordImport.sealed_lines: None,
            RecordImport.done_at: datetime.now(UTC),
        }
        await move(row["id"], "running", changes)
        await noticing.note_list(row, "list_taken_in")


async def move(list_id: UUID, state: str, changes: dict[Any, Any]) -> None:
    """Inside the caller's transaction. Raises ListState when it is in another state, or just was moved."""
    moved = (
        await RecordImport.update(changes)
        .where(RecordImport.id == list_id, RecordImport.state == state)
        .returning(RecordImport.id)
    )
    if not moved:
        raise ListState()


async def throw_old_away() -> None:
    """Lists that were looked at and that nobody took in; and what is still sealed of those whose work was
    cancelled or failed, which nobody can try again after so long."""
    old = RecordImport.created_at < datetime.now(UTC) - KEPT
    await RecordImport.delete().where(RecordImport.state == "looked", old)
    for row in await RecordImport.select().where(RecordImport.state == "running", old):
        if not await Job.exists().where(Job.id == row["job"], Job.ended_at.is_null()):
            await _done(row)


def _told(lines: Sequence[Line]) -> bytes:
    return canonical([asdict(line) for line in lines])


def _lines(row: dict[str, Any]) -> list[Line]:
    return [Line(**one) for one in json.loads(evidence.opened(row, "sealed_lines"))]
