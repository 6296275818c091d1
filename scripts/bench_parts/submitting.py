"""A signed sheet over HTTP, beside a direct insert that commits each sheet's same rows.

Both with as many clients and one sheet a request or transaction. The server is a process of its own; the
peer is the project's own engine and tables without HTTP, sessions, signatures, checks, chain or receipt.
PostgreSQL is measured when JIANGXIN_TEST_DATABASE_URL names a server on which databases may be made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from _served import Connection, direct_inserts, installed, on_each_engine, serving
from table import Row

from core.accounts import create_session
from core.settings import Settings
from tests.factories_contests import small_contest

CLIENTS = 8
SHEETS = 2000
MUST = "≥ 0.3"


def run(scale: float = 1.0) -> list[Row]:
    sheets = max(int(SHEETS * scale), 80)
    return on_each_engine(lambda engine, server: [_measure(engine, server, sheets)])


def _measure(engine: str, server: str, sheets: int) -> Row:
    over_http, direct = installed(server, lambda settings: _both(settings, sheets))
    name = f"submit a sheet over HTTP, {engine}, {CLIENTS} clients"
    return Row(name, f"{over_http:,.0f} /s", f"{direct:,.0f} /s", over_http / direct, MUST)


async def _both(settings: Settings, sheets: int) -> tuple[float, float]:
    small = await small_contest(entrants=sheets // CLIENTS, judges=CLIENTS)
    codes = list((await small.codes())["dish"])
    marks = {"look": "18", "taste": "35.5", "care": "2"}
    work = [
        (
            await create_session(seat.account, "api"),
            [small.sign_sheet(seat, code, marks) for code in codes],
        )
        for seat in small.judges
    ]
    with serving(settings) as port:
        started = time.perf_counter()
        await asyncio.gather(*(_client(port, token, sheets) for token, sheets in work))
        over_http = sum(len(sheets) for _, sheets in work) / (time.perf_counter() - started)
    return over_http, await direct_inserts(CLIENTS)


async def _client(port: int, token: str, sheets: Sequence[str]) -> None:
    connection = Connection(port)
    for sheet in sheets:
        body = {"revisions": [sheet]}
        answer = await connection.post("/api/v1/judging/revisions", body, f"Bearer {token}")
        if answer["answers"][0]["answer"] != "accepted":
            raise RuntimeError(f"not accepted: {answer}")
    connection.close()
