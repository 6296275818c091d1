"""A job asked for, cancelled, tried again, and forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import privacy
from core.db import transaction
from core.events import JobAsked
from core.jobs import parts
from core.jobs.kinds import ASKED, CANCELLED, FAILED, KINDS, JobEnded
from core.jobs.sealing import seal
from core.jobs.seeing import row_for
from core.outbox import put
from core.scoring.codec import canonical
from core.security import Actor, Scope
from core.tables import Job, JobFailure

KEEP_DAYS = 30


async def start_job(
    by: Actor, kind: str, scope: Scope, params: Mapping[str, Any], *, total: int = 0
) -> UUID:
    """Writes the job down and returns at once. The caller has checked that `by` may do it. total: so
    many items are expected, 0 when nobody knows yet."""
    async with transaction():
        return await start_job_row(by, kind, scope, params, total=total)


async def start_job_row(
    by: Actor, kind: str, scope: Scope, params: Mapping[str, Any], *, total: int = 0
) -> UUID:
    """Inside the caller's transaction."""
    if kind not in KINDS:
        raise LookupError(f"There is no kind of job {kind!r}. Known ones: {', '.join(KINDS)}.")
    job, key = uuid4(), privacy.new_key()
    await Job.insert(
        Job(
            id=job,
            kind=kind,
            account=by.account,
            scope_kind=scope.kind,
            scope_id=scope.id,
            wrapped_key=privacy.wrap(key),
            sealed_params=seal(key, "job", "sealed_params", job, canonical(dict(params))),
            state=ASKED,
            total=total,
            created_at=datetime.now(UTC),
        )
    )
    await put(JobAsked(str(job)))
    return job


async def cancel_job(by: Actor, job: UUID) -> None:
    """What runs ends at its next item; what waits, at once. What was done before stays done.

    Raises NotFound, and JobEnded when there is nothing left to cancel.
    """
    async with transaction():
        row = await row_for(by, job)
        now = datetime.now(UTC)
        ended = await Job.raw(
            "UPDATE job SET cancel_asked_at = {}, state = CASE state WHEN 'asked' THEN 'cancelled'"
            " ELSE state END, ended_at = CASE state WHEN 'asked' THEN {} ELSE ended_at END"
            " WHERE id = {} AND state IN ('asked', 'running') RETURNING id",
            now,
            now,
            row["id"],
        )
        if not ended:
            raise JobEnded()


async def repeat_job(by: Actor, job: UUID) -> None:
    """ "Try again": the same work from the start, for one that failed or was cancelled."""
    async with transaction():
        row = await row_for(by, job)
        if row["state"] not in (FAILED, CANCELLED) or not row["wrapped_key"]:
            raise JobEnded()
        await JobFailure.delete().where(JobFailure.job == job)
        await Job.update(
            {
                Job.state: ASKED,
                Job.cancel_asked_at: None,
                Job.ended_at: None,
                Job.starts: 0,
                Job.done: 0,
                Job.failures: 0,
                Job.sealed_error: None,
            }
        ).where(Job.id == job)
        await put(JobAsked(str(job)))


async def prune() -> None:
    """Destroys the contents of old jobs; that they were run stays on record."""
    old = datetime.now(UTC) - timedelta(days=KEEP_DAYS)
    rows = await Job.select(Job.id).where(Job.ended_at < old, Job.wrapped_key.is_not_null())
    for row in rows:
        async with transaction():
            await parts.forget(row["id"])
            await JobFailure.delete().where(JobFailure.job == row["id"])
            await Job.update(
                {Job.wrapped_key: None, Job.sealed_params: None, Job.sealed_error: None}
            ).where(Job.id == row["id"])
