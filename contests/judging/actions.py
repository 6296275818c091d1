"""Taking judges' signed revisions. Nothing is dropped: what can't be stored as a sheet is kept in the
quarantine with its bytes, and every answer has a receipt.

Revisions that arrive for one contest while its gate is busy wait together and go through it together
(a group commit), because a gate that commits one by one can't share the disk's flushes. Each is still
decided alone, and when a commit fails each is tried again alone: none can take another with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from datetime import UTC, datetime
from uuid import UUID

from contests.judging.desk import Desk, open_desk
from contests.judging.devices import enrol_device, revoke_device
from contests.judging.incoming import Incoming, Refusal, authentic
from contests.judging.storing import Answer, decide, quarantine
from contests.tables import Contest, Quarantine
from core.db import transaction

__all__ = ["Answer", "accept_revision", "accept_revisions", "enrol_device", "revoke_device"]

TOGETHER = 64
"""At most so many revisions in one commit."""

_Waiting = deque[tuple[Incoming, "asyncio.Future[Answer]"]]
_queues: dict[tuple[asyncio.AbstractEventLoop, UUID], _Waiting] = {}
_tasks: set[asyncio.Task[None]] = set()


async def accept_revision(jws: str, *, account: UUID, now: datetime | None = None) -> Answer:
    """One signed revision. A refusal is an answer, never an exception; the answer comes after the
    commit."""
    return (await accept_revisions([jws], account=account, now=now))[0]


async def accept_revisions(
    revisions: Sequence[str], *, account: UUID, now: datetime | None = None
) -> list[Answer]:
    """Several of one account, in their order, each with its own answer."""
    at = now or datetime.now(UTC)
    waiting: list[Answer | asyncio.Future[Answer]] = []
    for jws in revisions:
        incoming = await authentic(jws, account=account, now=at)
        if isinstance(incoming, Refusal):
            waiting.append(await _keep_apart(jws, account, at, incoming))
        else:
            waiting.append(_enqueue(incoming))
    return [one if isinstance(one, Answer) else await one for one in waiting]


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
    # A context of its own: the task must not inherit the caller's transaction.
    task = loop.create_task(_let_through(loop, contest), context=Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return future


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
    if desk.panel is not None:
        desk.panel.devices.update(desk.entered)
    return answers


def _fail(future: asyncio.Future[Answer], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


async def _keep_apart(jws: str, account: UUID, now: datetime, refusal: Refusal) -> Answer:
    contest = await _known_contest(refusal.contest)
    row, answer = quarantine(jws, account, refusal, contest=contest, at=now)
    async with transaction():
        await Quarantine.insert(row).on_conflict(action="DO NOTHING")
    return answer


async def _known_contest(text: str) -> UUID | None:
    try:
        contest = UUID(text)
    except ValueError:
        return None
    return contest if await Contest.exists().where(Contest.id == contest) else None
