"""Several workers at once, one of them killed: every message is applied exactly once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from core import db, installation, outbox
from core.events import ResultFacts, ResultFinal
from core.outbox import Handler
from core.settings import Settings
from core.tables import OutboxMessage
from tests.core import wheels
from tests.core.declared import declared, use_plugins
from tests.fixtures.processes import ROOT, environment_of, run_command

pytestmark = pytest.mark.engine

MESSAGES = 1500
SOON = 60
Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    return wheels.install(folder / "installed", wheels.build_example(folder))


@pytest.fixture
def environment(storage: Settings, installed: Path) -> dict[str, str]:
    own = environment_of(storage)
    own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], str(installed)])
    assert run_command(["migrate"], own).returncode == 0
    return own


@pytest_asyncio.fixture
async def opened(storage: Settings, environment: dict[str, str]) -> AsyncIterator[Settings]:
    """The database in this process, where the example's handler is known by its name only."""
    handler = Handler("wood_carving.register", ResultFinal, _never)
    use_plugins(declared("wood_carving", event_handlers=[handler]))
    async with db.opened(storage):
        await installation.claim(storage)
        yield storage


@pytest.fixture
def start_worker(environment: dict[str, str]) -> Iterator[Start]:
    workers: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "core", "worker"]
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        workers.append(worker)
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("Delivering")
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            worker.kill()
            worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()


async def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    opened: Settings, start_worker: Start
) -> None:
    workers = [start_worker() for _ in range(3)]
    entries = [str(uuid4()) for _ in range(MESSAGES)]
    for start in range(0, MESSAGES, 50):
        async with db.transaction():
            await outbox.put(*(result(entry) for entry in entries[start : start + 50]))
        if start == MESSAGES // 3:
            await until_done(1)
            workers[0].kill()
            workers[0].wait()

    await until_done(MESSAGES)

    rows = await OutboxMessage.raw("SELECT id FROM carved_work")
    assert sorted(str(row["id"]) for row in rows) == sorted(entries)
    assert await OutboxMessage.count().where(OutboxMessage.attempts > 0) == 0


async def test_a_worker_that_is_told_to_stop_ends_cleanly(
    opened: Settings, start_worker: Start
) -> None:
    worker = start_worker()

    worker.send_signal(signal.SIGTERM)

    assert await asyncio.to_thread(worker.wait, SOON) == 0


async def test_drain_delivers_what_is_due_and_ends(
    opened: Settings, environment: dict[str, str]
) -> None:
    async with db.transaction():
        await outbox.put(result(str(uuid4())), result(str(uuid4())))

    done = await asyncio.to_thread(run_command, ["worker", "--drain"], environment)

    assert (done.returncode, done.stdout) == (0, "2 delivered.\n")


async def until_done(count: int) -> None:
    async with asyncio.timeout(SOON):
        while await OutboxMessage.count().where(OutboxMessage.done_at.is_not_null()) < count:
            await asyncio.sleep(0.02)


def result(entry: str) -> ResultFinal:
    text = {"en": "x"}
    return ResultFinal(
        ResultFacts(
            contest="c",
            contest_code="c",
            contest_title=text,
            competition="k",
            competition_title=text,
            organiser="o",
            occupation="",
            contest_class="",
            held_on="2024-10-26",
            entry=entry,
            persons=(),
            team={},
            group="",
            delegation="",
            rank=1,
            entrants=1,
            total="90",
            modules=(),
            outputs=(),
            result_version=1,
            evidence_root="",
        )
    )


async def _never(events: object) -> None:
    raise AssertionError("only the workers deliver")
