"""Taking judges' signed revisions. Nothing is dropped: what can't be stored as a sheet is kept in the
quarantine with its bytes, and every answer has a receipt.

Revisions that arrive for one contest while its gate is busy wait together and go through it together
(a group commit), because a gate that commits one by one can't share the disk's flushes. Each is still
decided alone, and when a commit fails each is tried again alone: none can take another with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Sequence
from contextvars import Context
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.judging.desk import Desk, open_desk
from contests.judging.devices import enrol_device, revoke_device
from contests.judging.incoming import Incoming, Refusal, Sender, authentic
from contests.judging.keeping import Answer, quarantine
from contests.judging.paper_desk import enter_from_paper, paper_desk_key
from contests.judging.releasing import kept_text, settle_kept, waiting_for
from contests.judging.storing import decide
from contests.tables import Contest, Quarantine
from core.db import transaction

__all__ = [
    "Answer",
    "accept_revision",
    "accept_revisions",
    "enrol_device",
    "enter_from_paper",
    "paper_desk_key",
    "release",
    "revoke_device",
]

TOGETHER = 64
"""At most so many revisions in one commit."""

_Waiting = deque[tuple[Incoming, "asyncio.Future[Answer]"]]
_queues: dict[tuple[asyncio.AbstractEventLoop, UUID], _Waiting] = {}
_tasks: set[asyncio.Task[Any]] = set()
_log = logging.getLogger(__name__)


async def accept_revision(
    jws: str, *, account: UUID | None = None, kid: str = "", now: datetime | None = None
) -> Answer:
    """One signed revision. A refusal is an answer, never an exception; the answer comes after the
    commit."""
    return (await accept_revisions([jws], account=account, kid=kid, now=now))[0]


async def accept_revisions(
    revisions: Sequence[str],
    *,
    account: UUID | None = None,
    kid: str = "",
    now: datetime | None = None,
) -> list[Answer]:
    """Several, in their order, each with its own answer. account or kid: who brings them, which may
    be a courier: whose they are their own signatures say."""
    at, sender = now or datetime.now(UTC), Sender(account, kid)
    read = [await authentic(jws, sender=sender, now=at) for jws in revisions]
    # All of them join the queue without a pause, so that they go through the gate together.
    waiting = [one if isinstance(one, Refusal) else _enqueue(one) for one in read]
    return [
        await _keep_apart(jws, sender, at, one) if isinstance(one, Refusal) else await one
        for jws, one in zip(revisions, waiting, strict=True)
    ]


async def release(*, contest: UUID | None = None, kid: str = "") -> int:
    """Takes what was held for this contest (until a round opens, judging starts, it comes back from
    the venue), or for this device and who signs in on it; returns how many are in the log now. Call
    it after the commit of what they waited for."""
    landed = 0
    for rows in await waiting_for(contest=contest, kid=kid):
        answers = await accept_revisions([kept_text(row) for row in rows], kid=kid)
        stored = [row for row, answer in zip(rows, answers, strict=True) if answer.seq]
        await settle_kept(stored)
        landed += len(stored)
    return landed


def _enqueue(incoming: Incoming) -> asyncio.Future[Answer]:
    """Joins those who wait for the contest's gate, and starts letting them through if nobody does."""
    loop = asyncio.get_running_loop()
    contest = UUID(incoming.payload.contest)
    future: asyncio.Future[Answer] = loop.create_future()
    queue = _queues.get((loop, contest))
    if queue is not None:
        queue.append((incoming, future))
        return future
    _queues[loop, contest] = deque([(incoming, future)])
    _start(_let_through(loop, contest))
    return future


def _start(work: Coroutine[Any, Any, Any]) -> None:
    """In a context of its own: the task must not inherit the caller's transaction."""
    task = asyncio.get_running_loop().create_task(work, context=Context())
    _tasks.add(task)
    task.add_done_callback(_ended)


def _ended(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and task.exception() is not None:
        _log.error("what was held could not be taken", exc_info=task.exception())


async def _let_through(loop: asyncio.AbstractEventLoop, contest: UUID) -> None:
    queue = _queues[loop, contest]
    try:
        while queue:
            batch = [queue.popleft() for _ in range(min(len(queue), TOGETHER))]
            await _commit(contest, batch)
    finally:
        del _queues[loop, contest]
        for _, future in queue:
            future.cancel()


async def _commit(contest: UUID, batch: Sequence[tuple[Incoming, asyncio.Future[Answer]]]) -> None:
    try:
        answers = await _decide_all(contest, [incoming for incoming, _ in batch])
    except Exception as error:
        if len(batch) == 1:
            _fail(batch[0][1], error)
            return
        for one in batch:
            await _commit(contest, [one])
        return
    for (_, future), answer in zip(batch, answers, strict=True):
        if not future.done():
            future.set_result(answer)


async def _decide_all(contest: UUID, batch: Sequence[Incoming]) -> list[Answer]:
    async with transaction():
        desk: Desk = await open_desk(contest, batch)
        answers = [await decide(desk, incoming) for incoming in batch]
        await desk.write()
    if desk.opens_rounds:
        _start(release(contest=contest))
    return answers


def _fail(future: asyncio.Future[Answer], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


async def _keep_apart(jws: str, sender: Sender, now: datetime, refusal: Refusal) -> Answer:
    contest = await _known_contest(refusal.contest)
    row, answer = quarantine(jws, sender, refusal, contest=contest, at=now)
    async with transaction():
        await Quarantine.insert(row).on_conflict(action="DO NOTHING")
    return answer


async def _known_contest(text: str) -> UUID | None:
    try:
        contest = UUID(text)
    except ValueError:
        return None
    return contest if await Contest.exists().where(Contest.id == contest) else None
