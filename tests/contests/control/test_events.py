"""The control room's events over a real server: versions, beats, recovery, and when they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from contests.judging.control import pulse, stream
from contests.judging.control.pulse import version_of
from core.accounts import create_session
from core.sessions import end_session, session_of
from core.settings import Settings
from core.tables import Grant
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.engine
MARKS = {"look": "18", "taste": "30", "care": "2"}


@dataclass(slots=True)
class Listener:
    """A reader of one stream."""

    reply: httpx.Response
    lines: AsyncIterator[str]
    ids: list[str] = field(default_factory=list)

    async def event(self, *wanted: str, seconds: float = 8) -> str:
        """The data of the next event of these kinds."""
        async with asyncio.timeout(seconds):
            kind = data = ""
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    self.ids.append(value)
                elif name == "event":
                    kind = value
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                elif not line and kind:
                    if kind in wanted:
                        return data
                    kind = data = ""
        raise EOFError

    async def ended(self, seconds: float = 8) -> None:
        async with asyncio.timeout(seconds):
            async for _ in self.lines:
                pass


@asynccontextmanager
async def listening(
    server: Server, small: SmallContest, token: str, last: str = ""
) -> AsyncIterator[Listener]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last} if last else {})
    url = f"{server.url}/judging/control/{small.contest}/events"
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", url, headers=headers) as reply,
    ):
        yield Listener(reply, reply.aiter_lines())


async def token_of(account: UUID) -> str:
    return await create_session(account, "api")


async def submit_one(small: SmallContest, place: int = 0) -> None:
    code = sorted((await small.codes())["dish"])[place]
    await small.submit(small.judges[0], code, MARKS)


async def test_a_listener_hears_the_version_now_each_new_one_and_a_beat(
    database: Settings, server: Server
) -> None:
    small = await small_contest()
    token = await token_of(small.accounts["clerk"])
    async with listening(server, small, token) as heard:
        first = await heard.event("version")
        await heard.event("beat")
        await submit_one(small)
        second = await heard.event("version")

        assert first != second == await version_of(small.contest)
        assert heard.ids == [first, second]
        assert heard.reply.headers["content-type"].startswith("text/event-stream")
        assert heard.reply.headers["x-accel-buffering"] == "no"
        assert heard.reply.headers["cache-control"] == "no-store"


async def test_who_comes_back_hears_at_once_what_was_missed_and_nothing_else(
    database: Settings, start_server: Callable[..., Server]
) -> None:
    small = await small_contest()
    token = await token_of(small.accounts["chief"])
    one, another = start_server(), start_server()
    async with listening(one, small, token) as heard:
        known = await heard.event("version")

    async with listening(another, small, token, last=known) as heard:
        assert await heard.event("version", "beat") == known
        assert heard.ids == []  # a beat: nothing was missed, and the other process says the same
    await submit_one(small)
    async with listening(another, small, token, last=known) as heard:
        assert await heard.event("version") != known


async def test_the_stream_ends_with_the_session(database: Settings, server: Server) -> None:
    small = await small_contest()
    token = await token_of(small.accounts["clerk"])
    async with listening(server, small, token) as heard:
        await heard.event("version")
        found = await session_of(token)
        assert found is not None
        await end_session(found[0])

        await heard.event("end")
        await heard.ended()


async def test_the_stream_ends_with_the_role(database: Settings, server: Server) -> None:
    small = await small_contest()
    account = small.accounts["clerk"]
    async with listening(server, small, await token_of(account)) as heard:
        await heard.event("version")
        await Grant.update({Grant.revoked_at: small.at}).where(Grant.account == account)

        await heard.event("end")
        await heard.ended()


@pytest.mark.parametrize("who", ["judge", "nobody"])
async def test_nobody_listens_without_the_role(
    database: Settings, server: Server, who: str
) -> None:
    small = await small_contest()
    token = await token_of(small.judges[0].account) if who == "judge" else "wrong"
    async with listening(server, small, token) as heard:
        assert heard.reply.status_code == (403 if who == "judge" else 401)


async def test_open_streams_do_not_hold_the_server_when_it_is_asked_to_end(
    database: Settings, server: Server
) -> None:
    small = await small_contest()
    token = await token_of(small.accounts["clerk"])
    async with listening(server, small, token) as heard, listening(server, small, token) as other:
        await heard.event("version")
        await other.event("version")

        code = await asyncio.to_thread(server.stop)

        assert code == 0
        assert "timeout graceful shutdown" not in server.log()


async def test_a_hundred_listeners_ask_the_database_once_a_second(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await small_contest()
    asked = []

    async def counted(contest: UUID) -> str:
        asked.append(contest)
        return await version_of(contest)

    async def allowed() -> bool:
        return True

    async def listen() -> bytes:
        async with aclosing(stream.events(small.contest, last="", allowed=allowed)) as events:
            heard = [await anext(events) for _ in range(3)]
        return b"".join(heard)

    monkeypatch.setattr(pulse, "version_of", counted)
    everybody = await asyncio.gather(*(listen() for _ in range(100)))

    assert len(set(everybody)) == 1
    assert b"retry: " in everybody[0]
    assert len(asked) <= 3
