"""A server in a process of its own, connections without a client library, and a bare insert of the rows
that sheets leave: what the parts that measure sheets over HTTP share."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from piccolo.table import Table

from contests.tables import LogEntry, Revision, SheetRow
from core import db, installation, migrations
from core.db import transaction
from core.installation import write_secrets
from core.settings import Settings, load, use
from tests.fixtures import postgres
from tests.fixtures.processes import ROOT, environment_of, free_port


def on_each_engine(measure: Callable[[str, str], list[Any]]) -> list[Any]:
    """`measure(name, server)` on SQLite ("" for the server), and on PostgreSQL when
    JIANGXIN_TEST_DATABASE_URL names one on which databases may be made."""
    server = os.environ.get("JIANGXIN_TEST_DATABASE_URL", "")
    return measure("SQLite", "") + (measure("PostgreSQL", server) if server else [])


def installed(server: str, measure: Callable[[Settings], Awaitable[Any]]) -> Any:
    """What `measure` finds with an empty, migrated installation."""

    async def run(settings: Settings) -> Any:
        async with db.opened(settings):
            await migrations.migrate()
            await installation.claim(settings)
            return await measure(settings)

    with tempfile.TemporaryDirectory() as folder, _database(server) as url:
        write_secrets(Path(folder))
        settings = replace(load({"JIANGXIN_DATA": folder}), database_url=url)
        use(settings)
        try:
            return asyncio.run(run(settings))
        finally:
            use(None)


@contextmanager
def _database(server: str) -> Iterator[str]:
    """The address of a new one; "" without a server."""
    if not server:
        yield ""
        return
    name = f"jx_bench_{uuid4().hex[:12]}"
    postgres.create(server, name)
    try:
        yield postgres.with_database(server, name)
    finally:
        postgres.drop(server, name)


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """The port of a server over this installation; its address is this process's too."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "core", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment_of(settings),
        stdout=subprocess.DEVNULL,
    )
    use(replace(settings, origin=f"http://127.0.0.1:{port}"))
    try:
        _wait_for(port)
        yield port
    finally:
        use(settings)
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not answer")


class Connection:
    """One that stays open, without a client library, so that the server is what is measured."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: Mapping[str, Any], authorization: str = "") -> Any:
        content = json.dumps(body).encode()
        head = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return await self._ask("POST", path, head, content, authorization)

    async def get(self, path: str, authorization: str = "") -> Any:
        return await self._ask("GET", path, "", b"", authorization)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()

    async def _ask(
        self, method: str, path: str, head: str, content: bytes, authorization: str
    ) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        who = f"Authorization: {authorization}\r\n" if authorization else ""
        text = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{who}{head}\r\n"
        writer.write(text.encode() + content)
        return json.loads(await _answer(reader))


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"http/1.1 20"):
        raise RuntimeError(f"{head.decode()}{body.decode()}")
    return body


async def direct_inserts(clients: int) -> float:
    """Sheets a second: the rows that the sheets left, inserted again under new ids, a transaction a
    sheet, by so many at once."""
    kinds: list[tuple[type[Table], list[dict[str, Any]]]] = [
        (LogEntry, await LogEntry.select().where(LogEntry.kind == "sheet")),
        (SheetRow, await SheetRow.select()),
        (Revision, await Revision.select()),
    ]
    count, elsewhere = len(kinds[0][1]), uuid4()
    ready = [
        [table(**{**rows[n], "id": uuid4(), "contest": elsewhere}) for table, rows in kinds]
        for n in range(count)
    ]
    started = time.perf_counter()
    await asyncio.gather(*(_insert(ready[n::clients]) for n in range(clients)))
    return count / (time.perf_counter() - started)


async def _insert(sheets: Sequence[Sequence[Table]]) -> None:
    for rows in sheets:
        async with transaction():
            for row in rows:
                await type(row).insert(row)
