"""Delivers the outbox: nudged by arq where there is a Redis or Valkey, and always by sweeping.

The only file that imports arq. The queue is a hint: it may be wiped, restarted or absent at any
moment; the sweep then delivers the same messages a little later.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Worker, func

from core import jobs, outbox, regular
from core.settings import Settings
from core.signing_in import pruning

POLL_SECONDS = 0.05  # arq's own 0.5 is a median latency of 486 ms
MAX_JOBS = 50
JOB_TIMEOUT = 60  # a job of a killed worker is picked up again after this and ten seconds
SWEEP_SECONDS = 2.0
SWEEP_ALONE_SECONDS = 0.5
RESTART_SECONDS = 0.5
FINISH_SECONDS = 10
IDS_PER_JOB = 200
PRUNE_SECONDS = 3600.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def nudging(settings: Settings, url: str) -> AsyncIterator[None]:
    """Tells the queue of new messages while the block runs. Best effort: it never fails a caller."""
    queue = _Queue(settings, url)
    outbox.on_put(queue.nudge)
    try:
        yield
    finally:
        outbox.on_put(None)
        await queue.close()


@asynccontextmanager
async def working(settings: Settings, url: str = "") -> AsyncIterator[None]:
    """A worker in the background of this process, drained at the end. Without `url` it sweeps."""
    stop = asyncio.Event()
    wakes = [asyncio.Event(), asyncio.Event()]
    if not url:
        outbox.on_put(lambda _: _wake(wakes))
    pause = SWEEP_SECONDS if url else SWEEP_ALONE_SECONDS
    works = [
        _sweep_until(stop, wakes[0], pause, outbox.sweep_handlers),
        _sweep_until(stop, wakes[1], pause, outbox.sweep_effects),
        _prune_until(stop),
        *([_take_jobs_until(stop, settings, url)] if url else []),
    ]
    loops = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        if not url:
            outbox.on_put(None)
        stop.set()
        _wake(wakes)
        _, unfinished = await asyncio.wait(loops, timeout=FINISH_SECONDS)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await outbox.stop_long()


async def queue_problem(url: str) -> str:
    """Why the queue doesn't answer; empty when it does."""
    try:
        async with asyncio.timeout(2):
            pool = await create_pool(_redis(url))
            await pool.aclose()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def queue_name(settings: Settings) -> str:
    """One Redis may serve several installations."""
    return f"jiangxin:{settings.secrets.installation if settings.secrets else ''}"


async def _deliver(ctx: dict[Any, Any], ids: list[str]) -> None:
    await outbox.deliver(UUID(id_) for id_ in ids)


def _wake(wakes: Sequence[asyncio.Event]) -> None:
    for wake in wakes:
        wake.set()


async def _sweep_until(
    stop: asyncio.Event, wake: asyncio.Event, pause: float, sweep: Callable[[], Awaitable[int]]
) -> None:
    while not stop.is_set():
        wake.clear()
        try:
            if await sweep():
                continue
        except Exception:
            _log.exception("The sweep failed and is tried again.")
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), pause)


async def _prune_until(stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await outbox.prune()
            await jobs.prune()
            await pruning.prune()
            await regular.do_all()
        except Exception:
            _log.exception("Old messages could not be forgotten; that is tried again.")
        await _first_of(stop.wait(), asyncio.sleep(PRUNE_SECONDS))


async def _take_jobs_until(stop: asyncio.Event, settings: Settings, url: str) -> None:
    """Runs arq's worker, which ends whenever its Redis does, again and again."""
    while not stop.is_set():
        try:
            await _take_jobs(stop, settings, url)
        except Exception as error:
            _log.warning("The queue is away (%s); the sweep goes on meanwhile.", error)
            await _first_of(stop.wait(), asyncio.sleep(RESTART_SECONDS))


async def _take_jobs(stop: asyncio.Event, settings: Settings, url: str) -> None:
    pool = await _pool(settings, url)
    try:
        worker = Worker(
            [func(_deliver, name="deliver", timeout=JOB_TIMEOUT, keep_result=0, max_tries=3)],
            redis_pool=pool,
            queue_name=queue_name(settings),
            handle_signals=False,
            poll_delay=POLL_SECONDS,
            max_jobs=MAX_JOBS,
            keep_result=0,
            job_serializer=_dumps,
            job_deserializer=_loads,
            log_results=False,
        )
        main = asyncio.create_task(worker.async_run(), name="arq")
        await _first_of(stop.wait(), asyncio.shield(main))
        worker.allow_pick_jobs = False
        running = [task for task in worker.tasks.values() if not task.done()]
        if stop.is_set() and running:
            await asyncio.wait(running, timeout=FINISH_SECONDS / 2)
        await _end(worker, main)
    finally:
        await pool.aclose()


async def _end(worker: Worker, main: asyncio.Task[None]) -> None:
    """Cancels what still runs (cancelled jobs stay queued) and raises what ended the worker."""
    failure = main.exception() if main.done() and not main.cancelled() else None
    for task in [*worker.tasks.values(), worker.main_task, main]:
        if task is not None and not task.done():
            task.cancel()
    await asyncio.gather(*worker.tasks.values(), main, return_exceptions=True)
    if failure is not None:
        raise failure


async def _first_of(*waits: Awaitable[Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Queue:
    """The sending end. Connects when first needed, and again after every failure."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._connecting = asyncio.Lock()
        self._connected: ArqRedis | None = None
        self._sending: set[asyncio.Task[None]] = set()

    def nudge(self, ids: Sequence[UUID]) -> None:
        if len(self._sending) >= MAX_JOBS * 10:
            return  # the queue is away or slow; the sweep has them
        task = asyncio.get_running_loop().create_task(
            self._send([str(id_) for id_ in ids]), context=contextvars.Context()
        )
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=1)
        for task in self._sending:
            task.cancel()
        if self._connected is not None:
            await self._connected.aclose()

    async def _send(self, ids: list[str]) -> None:
        try:
            async with asyncio.timeout(2):
                pool = await self._pool()
                for start in range(0, len(ids), IDS_PER_JOB):
                    part = ids[start : start + IDS_PER_JOB]
                    await pool.enqueue_job("deliver", part, _job_id=f"outbox:{part[0]}")
        except Exception as error:
            _log.info("No nudge for %d messages (%s); the sweep has them.", len(ids), error)

    async def _pool(self) -> ArqRedis:
        async with self._connecting:
            if self._connected is None:
                self._connected = await _pool(self._settings, self._url)
            return self._connected


async def _pool(settings: Settings, url: str) -> ArqRedis:
    return await create_pool(
        _redis(url),
        job_serializer=_dumps,
        job_deserializer=_loads,
        default_queue_name=queue_name(settings),
    )


def _redis(url: str) -> RedisSettings:
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout, settings.conn_retries = 1, 0  # our own loops try again
    return settings


def _dumps(job: dict[str, Any]) -> bytes:
    return json.dumps(job, default=repr).encode("utf-8")  # pickle would run what Redis holds


_loads: Callable[[bytes], dict[str, Any]] = json.loads
