"""Long work tells how far it is, can be cancelled, and survives the process that does it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import jobs, outbox
from core.db import transaction
from core.errors import Conflict, NotFound
from core.jobs import JobContext, JobKind, JobView, parts
from core.scoring.model import Finding
from core.security import INSTALLATION, SYSTEM, Actor, Role, Scope, actor_of
from core.settings import Settings
from core.tables import Job, JobFailure, JobResult, Organisation, OutboxMessage
from tests.core.job_process import KIND
from tests.factories_accounts import make_account
from tests.fixtures.processes import ROOT, environment_of

pytestmark = pytest.mark.engine

COUNT = 150


def kind(run: Callable[[JobContext], Awaitable[None]], permission: str = "") -> str:
    """Registered under a name that no other test has."""
    made = JobKind(f"test-{uuid4().hex}", "Contests", run, permission)
    jobs.register(made)
    return made.name


async def somebody(*grants: Any) -> Actor:
    return await actor_of(await make_account(*grants))


async def start(run: Callable[[JobContext], Awaitable[None]], **params: Any) -> tuple[Actor, UUID]:
    by = await somebody()
    return by, await jobs.start_job(by, kind(run), INSTALLATION, params)


async def until(by: Actor, job: UUID, met: Callable[[JobView], bool]) -> JobView:
    while True:
        found = await jobs.read_job(by, job)
        if met(found):
            return found
        await asyncio.sleep(0.02)


async def test_a_job_tells_how_far_it_is_and_keeps_its_result(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        assert context.params == {"name": "陈"}
        await context.progress(3, 3, "Contests")
        await context.result("结果".encode(), "结果.txt", "text/plain")

    by, job = await start(run, name="陈")
    before = await jobs.read_job(by, job)
    await outbox.drain()
    after = await jobs.read_job(by, job)

    assert (before.state, before.ended) == ("asked", False)
    assert (after.state, after.done, after.total, after.ended) == ("done", 3, 3, True)
    assert (after.result, after.result_bytes) == ("结果.txt", 6)
    assert (await jobs.result_of(by, job)).data.decode() == "结果"


async def test_nothing_of_a_job_stands_in_the_database_unsealed(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        await context.failed("陈大文", Finding("/name", "missing-key", {"key": "陈大文"}))
        await context.result("陈大文".encode(), "list.txt", "text/plain")

    await start(run, name="陈大文")
    await outbox.drain()

    rows: list[Any] = [*await Job.select(), *await JobFailure.select(), *await JobResult.select()]
    assert "陈大文" not in repr(rows)
    assert "陈大文".encode() not in b"".join(
        bytes(value) for row in rows for value in row.values() if isinstance(value, bytes)
    )


async def test_items_that_fail_are_listed_once_although_the_work_began_twice(
    database: Settings,
) -> None:
    starts: list[int] = []

    async def run(context: JobContext) -> None:
        starts.append(1)
        await context.failed("row 7", Finding("/rows/7", "missing-key", {"key": "name"}))
        if len(starts) == 1:
            raise asyncio.CancelledError  # the process is asked to end
        await context.failed("row 9", Finding("/rows/9", "missing-key", {"key": "name"}))

    by, job = await start(run)
    await outbox.drain()

    found = await jobs.failures_of(by, job)
    assert [item.item for item in found] == ["row 7", "row 9"]
    assert found[0].finding == Finding("/rows/7", "missing-key", {"key": "name"})
    assert ((await jobs.read_job(by, job)).failures, len(starts)) == (2, 2)


async def test_cancelling_ends_what_runs_and_what_waits(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        for number in range(1_000_000):
            if await context.cancelled():
                return
            await context.progress(number)
            await asyncio.sleep(0.005)

    by, running = await start(run)
    _, waiting = by, await jobs.start_job(by, kind(run), INSTALLATION, {})
    await outbox.deliver([await _message(running)])
    await until(by, running, lambda view: view.state == "running" and view.done > 0)

    await jobs.cancel_job(by, running)
    await jobs.cancel_job(by, waiting)
    await outbox.drain()

    assert (await jobs.read_job(by, running)).state == "cancelled"
    found = await jobs.read_job(by, waiting)
    assert (found.state, found.started_at) == ("cancelled", None)
    with pytest.raises(jobs.JobEnded):
        await jobs.cancel_job(by, waiting)


async def test_what_stopped_a_job_is_said_and_it_can_be_tried_again(database: Settings) -> None:
    tries: list[int] = []

    async def run(context: JobContext) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Conflict([Finding("/x", "missing-key", {"key": "x"})])
        if len(tries) == 2:
            raise OSError("the disk of row 陈大文 is full")

    by, job = await start(run)
    await outbox.drain()
    first = await jobs.read_job(by, job)
    await jobs.repeat_job(by, job)
    await outbox.drain()
    second = await jobs.read_job(by, job)
    await jobs.repeat_job(by, job)
    await outbox.drain()

    assert first.error is not None
    assert (first.state, first.error.title) == ("failed", Conflict.title)
    assert first.error.findings == [Finding("/x", "missing-key", {"key": "x"})]
    assert second.error is not None
    assert second.error.title == jobs.JobWentWrong.title
    assert (await jobs.read_job(by, job)).state == "done"
    with pytest.raises(jobs.JobEnded):
        await jobs.repeat_job(by, job)


async def test_a_job_is_seen_by_who_may_and_by_nobody_else(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        await context.result(b"x", "x.txt", "text/plain")

    scope = Scope("organisation", str(uuid4()))
    owner, stranger = await somebody((Role.ORGANISER, scope)), await somebody()
    colleague = await somebody((Role.ORGANISER, scope))
    elsewhere = await somebody((Role.ORGANISER, Scope("organisation", str(uuid4()))))
    shared = await jobs.start_job(owner, kind(run, "audit.read"), scope, {})
    own = await jobs.start_job(owner, kind(run), scope, {})
    await outbox.drain()

    assert [view.id for view in await jobs.jobs_for(owner)] == [own, shared]
    assert [view.id for view in await jobs.jobs_for(colleague)] == [shared]
    assert (await jobs.result_of(colleague, shared)).data == b"x"
    for reader, job in ((stranger, shared), (elsewhere, shared), (colleague, own)):
        assert await jobs.jobs_for(reader, scope=scope) == [] or reader is colleague
        for read in (jobs.read_job, jobs.result_of, jobs.failures_of, jobs.cancel_job):
            with pytest.raises(NotFound):
                await read(reader, job)


async def test_a_job_asked_for_in_a_change_that_was_taken_back_never_runs(
    database: Settings,
) -> None:
    ran: list[int] = []

    async def run(context: JobContext) -> None:
        ran.append(1)

    name = kind(run)
    with pytest.raises(ValueError, match="no"):
        async with transaction():
            await jobs.start_job_row(SYSTEM, name, INSTALLATION, {})
            raise ValueError("no")
    await outbox.drain()

    assert ran == []


async def test_work_that_ends_its_process_each_time_is_stopped(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        raise asyncio.CancelledError

    by, job = await start(run)
    await outbox.drain()

    found = await jobs.read_job(by, job)
    assert found.state == "failed"
    assert found.error is not None
    assert found.error.params == {"count": str(jobs.MOST_STARTS)}


async def test_long_work_keeps_its_lease_and_holds_up_no_other_effect(database: Settings) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def run(context: JobContext) -> None:
        begun.set()
        await finish.wait()

    by, job = await start(run)
    message = await _message(job)
    effect = jobs.lease(0.3)
    assert outbox._start_long(effect, message)
    await begun.wait()
    first = await _lease(message)
    while await _lease(message) <= first:
        await asyncio.sleep(0.02)

    assert await outbox.sweep() == 0  # returns although the work goes on
    finish.set()
    await outbox.drain()
    assert (await jobs.read_job(by, job)).state == "done"


async def test_who_has_lost_the_lease_ends_the_work(database: Settings) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def run(context: JobContext) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    _, job = await start(run)
    message = await _message(job)
    outbox._start_long(jobs.lease(0.3), message)
    await begun.wait()
    taken = datetime.now(UTC) + timedelta(hours=1)
    await OutboxMessage.update({OutboxMessage.leased_until: taken}).where(
        OutboxMessage.id == message
    )

    await ended.wait()
    await asyncio.sleep(0)
    await outbox.stop_long()
    assert await _lease(message) == taken


async def test_a_process_that_ends_in_good_order_gives_its_work_back_at_once(
    database: Settings,
) -> None:
    begun = asyncio.Event()

    async def run(context: JobContext) -> None:
        begun.set()
        await asyncio.Event().wait()

    _, job = await start(run)
    message = await _message(job)
    await outbox.sweep()
    await begun.wait()

    await outbox.stop_long()

    row = await OutboxMessage.select().where(OutboxMessage.id == message).first()
    assert row is not None
    assert (row["leased_until"], row["done_at"], row["attempts"]) == (None, None, 0)


async def test_old_jobs_keep_their_place_and_lose_their_contents(database: Settings) -> None:
    async def run(context: JobContext) -> None:
        await context.failed("a", Finding("", "missing-key", {"key": "x"}))
        await context.result(b"x", "x.txt", "text/plain")

    by, job = await start(run)
    await outbox.drain()
    old = datetime.now(UTC) - timedelta(days=jobs.KEEP_DAYS + 1)
    await Job.update({Job.ended_at: old}).where(Job.id == job)

    await jobs.prune()

    assert (await jobs.read_job(by, job)).state == "done"
    assert await jobs.failures_of(by, job) == []
    assert not await JobResult.exists()
    with pytest.raises(NotFound):
        await jobs.result_of(by, job)


async def test_a_killed_process_is_followed_by_one_that_finishes_its_work(
    database: Settings,
) -> None:
    jobs.register(KIND)
    by = await somebody()
    job = await jobs.start_job(by, KIND.name, INSTALLATION, {"count": COUNT}, total=COUNT)
    first = _process(database)
    try:
        await until(by, job, lambda view: view.done > 0)
    finally:
        first.kill()
        first.wait()
    at_the_kill = await Organisation.count()

    second = _process(database)
    assert await asyncio.to_thread(second.wait) == 0

    row = await Job.select().where(Job.id == job).first()
    assert row is not None
    assert 0 < at_the_kill < COUNT
    assert (row["state"], row["starts"], row["done"]) == ("done", 2, COUNT)
    assert await Organisation.count() == COUNT
    assert (await jobs.result_of(by, job)).data == str(COUNT).encode()


async def test_a_large_result_is_laid_down_and_read_in_sealed_parts(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 1000)
    lengths = []

    async def run(context: JobContext) -> None:
        for repeats in (90, 50):  # the second run as after an interruption, with less to say
            out = context.writing()
            for _ in range(repeats):
                out.write("陈大文的成绩".encode() * 3)
                await out.settle()
                lengths.append(len(out._waiting))
            await out.close("all.txt", "text/plain")

    by, job = await start(run)
    await outbox.drain()
    stream = await jobs.stream_of(by, job)
    pieces = [piece async for piece in stream.pieces]
    rows = await JobResult.select()

    whole = "陈大文的成绩".encode() * 150
    assert b"".join(pieces) == whole == (await jobs.result_of(by, job)).data
    assert (stream.size, len(rows), len(pieces)) == (len(whole), 3, 3)
    assert max(lengths) < 1000
    assert not any("陈大文".encode() in bytes(row["sealed_data"]) for row in rows)
    await Job.update({Job.ended_at: datetime.now(UTC) - timedelta(days=31)}).where(Job.id == job)
    await jobs.prune()
    assert not await JobResult.exists()


async def test_memory_stays_flat_while_a_large_result_is_written_and_read(
    database: Settings,
) -> None:
    count, megabyte = 24, 1 << 20

    async def run(context: JobContext) -> None:
        out = context.writing()
        for n in range(count):
            out.write(bytes([n]) * megabyte)
            await out.settle()
        await out.close("large", "application/octet-stream")

    by, job = await start(run)
    tracemalloc.start()
    await outbox.drain()
    read = [len(piece) async for piece in (await jobs.stream_of(by, job)).pieces]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(read) == count * megabyte
    assert peak < count * megabyte * 0.9


def _process(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.core.job_process"]
    return subprocess.Popen(command, cwd=ROOT, env=environment_of(settings))


async def _message(job: UUID) -> UUID:
    row = await OutboxMessage.select().where(OutboxMessage.body.like(f"%{job}%")).first()
    assert row is not None
    found: UUID = row["id"]
    return found


async def _lease(message: UUID) -> datetime:
    row = await OutboxMessage.select().where(OutboxMessage.id == message).first()
    assert row is not None
    found: datetime = row["leased_until"]
    return found
