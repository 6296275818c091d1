"""Carrying a job out: what its `run` is given, and what becomes of it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import privacy
from core.db import transaction
from core.errors import JiangxinError
from core.events import JobAsked
from core.jobs.kinds import (
    CANCELLED,
    DONE,
    ENDED,
    FAILED,
    KINDS,
    RUNNING,
    JobInterrupted,
    JobWentWrong,
)
from core.jobs.parts import ResultWriter
from core.jobs.sealing import seal, unseal
from core.outbox import Effect
from core.registry import carry
from core.scoring.codec import canonical
from core.scoring.model import Finding
from core.security import SYSTEM, Actor, Scope, actor_of
from core.tables import Job, JobFailure

LEASE_SECONDS = 30.0
"""A killed process's job is taken up again after this long at the latest."""
MOST_STARTS = 5
"""Work that ends its process each time must not end it for ever."""
MOST_FAILURES = 10_000
_WRITE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class JobContext:
    """What a `run` is given."""

    def __init__(self, row: Mapping[str, Any], by: Actor) -> None:
        self.id: UUID = row["id"]
        self.by = by
        """Who asked, with the grants of today."""
        self.scope = Scope(row["scope_kind"], row["scope_id"])
        self._key = privacy.unwrap(row["wrapped_key"])
        self.params: dict[str, Any] = json.loads(
            unseal(self._key, "job", "sealed_params", self.id, row["sealed_params"])
        )
        self._written = 0.0
        self._looked = 0.0
        self._cancelled = False
        self._failures: int = row["failures"]

    async def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """note: msgid of what is being done now. Written twice a second at most, and at the end."""
        now = time.monotonic()
        if now - self._written < _WRITE_SECONDS and done != total:
            return
        self._written = now
        values: dict[Any, Any] = {Job.done: done, Job.note: note}
        if total is not None:
            values[Job.total] = total
        await Job.update(values).where(Job.id == self.id, Job.state == RUNNING)

    async def failed(self, item: str, finding: Finding) -> None:
        """One item could not be done; the others go on. Said again after an interruption it is still
        one. After MOST_FAILURES only their number grows."""
        said = {
            "item": item,
            "pointer": finding.pointer,
            "code": finding.code,
            "params": dict(finding.params),
        }
        body = canonical(said)
        id_ = uuid5(self.id, body.decode())
        async with transaction():
            if await JobFailure.exists().where(JobFailure.id == id_):
                return
            self._failures += 1
            if self._failures <= MOST_FAILURES:
                sealed = seal(self._key, "job_failure", "sealed_body", id_, body)
                await JobFailure.insert(
                    JobFailure(id=id_, job=self.id, n=self._failures, sealed_body=sealed)
                )
            await Job.update({Job.failures: self._failures}).where(Job.id == self.id)

    async def cancelled(self) -> bool:
        """Whether somebody asked for the end: return then. Looks twice a second at most."""
        now = time.monotonic()
        if not self._cancelled and now - self._looked >= _WRITE_SECONDS:
            self._looked = now
            self._cancelled = await _cancel_asked(self.id)
        return self._cancelled

    @property
    def was_cancelled(self) -> bool:
        """Whether `cancelled()` has said so."""
        return self._cancelled

    async def result(self, data: bytes, name: str, media: str) -> None:
        """The file to download; a second one replaces the first."""
        out = self.writing()
        out.write(data)
        await out.close(name, media)

    def writing(self) -> ResultWriter:
        """The same for a file that is too large to be made in memory."""
        return ResultWriter(self.id, self._key)


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: str
    error: JiangxinError | None = None


async def _perform(event: JobAsked) -> _Outcome | None:
    """None when there is nothing to do: cancelled while it waited, or told a second time."""
    row = await Job.select().where(Job.id == UUID(event.job)).first()
    if row is None or row["state"] in ENDED:
        return None
    if row["cancel_asked_at"] is not None:
        return _Outcome(CANCELLED)
    if row["starts"] >= MOST_STARTS:
        return _Outcome(FAILED, JobInterrupted(count=row["starts"]))
    kind = KINDS.get(row["kind"])
    if kind is None:
        raise LookupError(f"No loaded package brings the kind of job {row['kind']!r}.")
    now = datetime.now(UTC)
    await Job.raw(
        "UPDATE job SET state = 'running', starts = starts + 1,"
        " started_at = COALESCE(started_at, {}) WHERE id = {}",
        now,
        row["id"],
    )
    try:
        by = await actor_of(row["account"]) if row["account"] else SYSTEM
        context = JobContext(row, by)
        await kind.run(context)
    except JiangxinError as error:
        return _Outcome(FAILED, error)
    except Exception:
        _log.exception("job %s (%s) went wrong", row["id"], row["kind"])
        return _Outcome(FAILED, JobWentWrong())
    return _Outcome(CANCELLED if context.was_cancelled else DONE)


async def _done(event: JobAsked, outcome: _Outcome | None) -> None:
    if outcome is None:
        return
    job = UUID(event.job)
    row = await Job.select(Job.wrapped_key, Job.state).where(Job.id == job).first()
    if row is None or row["state"] in ENDED:
        return
    sealed = None
    if outcome.error is not None:
        said = _said(outcome.error)
        sealed = seal(privacy.unwrap(row["wrapped_key"]), "job", "sealed_error", job, said)
    await Job.update(
        {
            Job.state: outcome.state,
            Job.ended_at: datetime.now(UTC),
            Job.note: "",
            Job.sealed_error: sealed,
        }
    ).where(Job.id == job)


EFFECT = Effect("core.jobs", JobAsked, _perform, _done, lease=LEASE_SECONDS, long=True)
carry(EFFECT)


def lease(seconds: float) -> Effect:
    """The same work with another lease: for tests that kill a process and won't wait so long."""
    return replace(EFFECT, lease=seconds)


def _said(error: JiangxinError) -> bytes:
    findings: Sequence[Finding] = error.findings
    return canonical(
        {
            "title": error.title,
            "params": dict(error.params),
            "findings": [[f.pointer, f.code, dict(f.params)] for f in findings],
        }
    )


async def _cancel_asked(job: UUID) -> bool:
    row = await Job.select(Job.cancel_asked_at).where(Job.id == job).first()
    return row is None or row["cancel_asked_at"] is not None
