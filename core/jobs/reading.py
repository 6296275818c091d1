"""What a page shows of jobs. No writes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import privacy
from core.errors import JiangxinError, NotFound
from core.jobs import parts
from core.jobs.kinds import ENDED, KINDS, RUNNING
from core.jobs.sealing import unseal
from core.jobs.seeing import may_see, row_for
from core.scoring.model import Finding
from core.security import Actor, Scope
from core.tables import Job, JobFailure, JobResult


@dataclass(frozen=True, slots=True)
class JobView:
    """What a page shows. title and note are msgids; total 0: nobody knows how much it is.
    error: what ended it, with its findings. result: the file's name, "" without one."""

    id: UUID
    kind: str
    title: str
    scope: Scope
    account: UUID | None
    state: str
    done: int
    total: int
    note: str
    failures: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancelling: bool
    error: JiangxinError | None
    result: str
    result_bytes: int

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class JobItem:
    """One item that could not be done: which one, and why."""

    item: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class JobFile:
    data: bytes
    name: str
    media: str


async def read_job(by: Actor, job: UUID) -> JobView:
    """Raises NotFound, also for somebody else's."""
    return await _view(await row_for(by, job))


async def jobs_for(by: Actor, *, scope: Scope | None = None, limit: int = 100) -> list[JobView]:
    """The newest ones that the reader may see, of one scope or of all."""
    query = Job.select().order_by(Job.created_at, ascending=False).limit(limit * 5)
    if scope is not None:
        query = query.where(Job.scope_kind == scope.kind, Job.scope_id == scope.id)
    found: list[JobView] = []
    for row in await query:
        if len(found) < limit and await may_see(by, row):
            found.append(await _view(row))
    return found


async def failures_of(by: Actor, job: UUID) -> list[JobItem]:
    """In the order in which they were met."""
    row = await row_for(by, job)
    if not row["wrapped_key"]:
        return []
    key = privacy.unwrap(row["wrapped_key"])
    rows = await JobFailure.select().where(JobFailure.job == job).order_by(JobFailure.n)
    return [_item(key, each) for each in rows]


@dataclass(frozen=True, slots=True)
class JobStream:
    """A file to pass on, piece by piece. size: in bytes."""

    pieces: AsyncIterator[bytes]
    name: str
    media: str
    size: int


async def result_of(by: Actor, job: UUID) -> JobFile:
    """The whole file in memory. Raises NotFound when there is none (any more)."""
    found = await stream_of(by, job)
    return JobFile(b"".join([piece async for piece in found.pieces]), found.name, found.media)


async def stream_of(by: Actor, job: UUID) -> JobStream:
    """Raises NotFound when there is none (any more)."""
    row = await row_for(by, job)
    found = await JobResult.select().where(JobResult.id == job).first()
    if found is None or not row["wrapped_key"]:
        raise NotFound(kind="result", id=job)
    key, size = privacy.unwrap(row["wrapped_key"]), int(found["size"])
    pieces = parts.pieces(job, key, found["sealed_data"], size)
    return JobStream(pieces, found["name"], found["media"], size)


async def _view(row: Mapping[str, Any]) -> JobView:
    kind = KINDS.get(row["kind"])
    file = (
        await JobResult.select(JobResult.name, JobResult.size)
        .where(JobResult.id == row["id"])
        .first()
    )
    return JobView(
        id=row["id"],
        kind=row["kind"],
        title=kind.title if kind else row["kind"],
        scope=Scope(row["scope_kind"], row["scope_id"]),
        account=row["account"],
        state=row["state"],
        done=row["done"],
        total=row["total"],
        note=row["note"],
        failures=row["failures"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        cancelling=row["cancel_asked_at"] is not None and row["state"] == RUNNING,
        error=_error(row),
        result=file["name"] if file else "",
        result_bytes=file["size"] if file else 0,
    )


def _item(key: bytes, row: Mapping[str, Any]) -> JobItem:
    said = json.loads(unseal(key, "job_failure", "sealed_body", row["id"], row["sealed_body"]))
    return JobItem(said["item"], Finding(said["pointer"], said["code"], said["params"]))


def _error(row: Mapping[str, Any]) -> JiangxinError | None:
    if not row["sealed_error"] or not row["wrapped_key"]:
        return None
    key = privacy.unwrap(row["wrapped_key"])
    said = json.loads(unseal(key, "job", "sealed_error", row["id"], row["sealed_error"]))
    found = JiangxinError([Finding(*each) for each in said["findings"]], **said["params"])
    found.title = said["title"]  # type: ignore[misc]  # this one's own, not the class's
    return found
