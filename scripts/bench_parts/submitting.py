"""A signed sheet over HTTP, beside a direct insert that commits each sheet's same rows.

Both with as many clients and one sheet a request or transaction. The server is a process of its own; the
peer is the project's own engine and tables without HTTP, sessions, signatures, checks, chain or receipt.
PostgreSQL is measured when JIANGXIN_TEST_DATABASE_URL names a server on which databases may be made.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from piccolo.table import Table
from table import Row

from contests.tables import Contest, LogEntry, Revision, SheetRow
from core import db, installation, migrations
from core.accounts import create_session
from core.db import transaction
from core.installation import write_secrets
from core.settings import Settings, load, use
from tests.factories_contests import small_contest
from tests.fixtures import postgres
from tests.fixtures.processes import ROOT, environment_of, free_port

CLIENTS = 8
SHEETS = 2000
MUST = "≥ 0.3"


def run(scale: float = 1.0) -> list[Row]:
    rows = [_measure("SQLite", "", scale)]
    server = os.environ.get("JIANGXIN_TEST_DATABASE_URL", "")
    if server:
        name = f"jx_bench_{uuid4().hex[:12]}"
        postgres.create(server, name)
        try:
            rows.append(_measure("PostgreSQL", postgres.with_database(server, name), scale))
        finally:
            postgres.drop(server, name)
    return rows


def _measure(engine: str, url: str, scale: float) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        write_secrets(Path(folder))
        settings = replace(load({"JIANGXIN_DATA": folder}), database_url=url)
        use(settings)
        over_http, direct = asyncio.run(_both(settings, max(int(SHEETS * scale), 80)))
        use(None)
    name = f"submit a sheet over HTTP, {engine}, {CLIENTS} clients"
    return Row(name, f"{over_http:,.0f} /s", f"{direct:,.0f} /s", over_http / direct, MUST)


async def _both(settings: Settings, sheets: int) -> tuple[float, float]:
    async with db.opened(settings):
        await migrations.migrate()
        await installation.claim(settings)
        small = await small_contest(entrants=sheets // CLIENTS, judges=CLIENTS)
        codes = list((await small.codes())["dish"])
        work = [
            (
                await create_session(seat.account, "api"),
                [
                    small.sign_sheet(seat, c, {"look": "18", "taste": "35.5", "care": "2"})
                    for c in codes
                ],
            )
            for seat in small.judges
        ]
        over_http = await _over_http(settings, work)
        direct = await _direct()
    return over_http, direct


async def _over_http(settings: Settings, work: Sequence[tuple[str, list[str]]]) -> float:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "core", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment_of(settings),
        stdout=subprocess.DEVNULL,
    )
    try:
        await asyncio.to_thread(_wait_for, port)
        started = time.perf_counter()
        await asyncio.gather(*(_client(port, token, sheets) for token, sheets in work))
        return sum(len(sheets) for _, sheets in work) / (time.perf_counter() - started)
    finally:
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


async def _client(port: int, token: str, sheets: Sequence[str]) -> None:
    """A keep-alive connection without a client library, so that the server is what is measured."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for sheet in sheets:
        body = json.dumps({"revisions": [sheet]}).encode()
        head = (
            "POST /api/v1/judging/revisions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = json.loads(await _answer(reader))
        if answer["answers"][0]["answer"] != "accepted":
            raise RuntimeError(f"not accepted: {answer}")
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 20"):
        raise RuntimeError(head.decode())
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


async def _direct() -> float:
    """The rows that the sheets left, inserted again under new ids, a transaction a sheet."""
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
    contests = await Contest.count()
    assert contests == 1
    started = time.perf_counter()
    await asyncio.gather(*(_insert(ready[n::CLIENTS]) for n in range(CLIENTS)))
    return count / (time.perf_counter() - started)


async def _insert(sheets: Sequence[Sequence[Table]]) -> None:
    for rows in sheets:
        async with transaction():
            for row in rows:
                await type(row).insert(row)
