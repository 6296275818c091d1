"""Two web processes and three workers on one database and one Redis, one worker killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import redis.asyncio

from core.accounts import create_session, login_link
from core.settings import Settings
from core.tables import OutboxMessage
from credentials.queries import certificates_of
from credentials.tables import Certificate, CertificateVersion
from tests.factories_contests import small_contest
from tests.fixtures.processes import ROOT, Server, environment_of
from tests.journeys.crowd import SCALE, a_contest_where_everybody_wins

pytestmark = pytest.mark.engine

SOON = 90
ENTRANTS = max(int(400 * SCALE), 30)
Workers = list[subprocess.Popen[bytes]]


@pytest.fixture
def three_workers(storage: Settings, redis_url: str) -> Iterator[Callable[[], Workers]]:
    """Starts them with the Redis of the test; killed in the end."""
    started: Workers = []

    def start() -> Workers:
        environment = with_redis(storage, redis_url)
        command = [sys.executable, "-m", "core", "worker"]
        for _ in range(3):
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


async def test_a_session_is_valid_on_both_web_processes(
    database: Settings, start_server: Callable[..., Server], redis_url: str
) -> None:
    first, second = (start_server(with_redis(database, redis_url)) for _ in range(2))
    small = await small_contest(until="draft")
    token = await create_session(small.accounts["organiser"], "api")
    link = await login_link(small.accounts["organiser"], target="/")

    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        answers = [await client.get(f"{s.url}/api/v1/me") for s in (first, second)]
        ended = await client.delete(f"{first.url}/api/v1/sessions")
        after = await client.get(f"{second.url}/api/v1/me")
    path = link[link.index("/in/") :]
    async with httpx.AsyncClient() as one, httpx.AsyncClient() as another:
        used = await one.post(first.url + path)
        again = await another.post(second.url + path)

    assert [a.status_code for a in answers] == [200, 200]
    assert (ended.is_success, after.status_code) == (True, 401)
    assert (used.status_code, again.status_code) == (303, 409)


async def test_every_certificate_is_issued_once_though_a_worker_is_killed_and_redis_flushed(
    database: Settings,
    start_server: Callable[..., Server],
    three_workers: Callable[[], Workers],
    redis_url: str,
) -> None:
    small = await a_contest_where_everybody_wins(ENTRANTS)
    server = start_server(with_redis(database, redis_url))
    workers = three_workers()
    await small.finish()

    queue = redis.asyncio.from_url(redis_url)
    until = time.monotonic() + SOON
    killed = False
    while (issued := await Certificate.count()) < ENTRANTS and time.monotonic() < until:
        if issued and not killed:
            os.kill(workers[0].pid, signal.SIGKILL)
            await queue.flushdb()
            killed = True
        await asyncio.sleep(0.02)
    await queue.aclose()
    await no_more_messages(until)

    certificates = await certificates_of(str(small.contest))
    assert len(certificates) == len({c["entry"] for c in certificates}) == ENTRANTS
    assert await CertificateVersion.count() == ENTRANTS
    async with httpx.AsyncClient() as client:
        page = await client.get(f"{server.url}/c/{certificates[0]['public_id']}")
    assert page.status_code == 200


def with_redis(settings: Settings, redis_url: str) -> dict[str, str]:
    return {**environment_of(settings), "JIANGXIN_REDIS_URL": redis_url}


async def no_more_messages(until: float) -> None:
    while await OutboxMessage.exists().where(OutboxMessage.done_at.is_null()):
        assert time.monotonic() < until, "messages are still waiting"
        await asyncio.sleep(0.1)
