"""Typing over HTTP: who may, what is told to whom, two server processes at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contests.judging.paper.sheets import paper_of
from contests.log import read
from core.settings import Settings
from tests.api.kit import API, caller
from tests.contests.paper.test_typing import MARKS, OTHER, picture, typists
from tests.factories_accounts import bearer
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.engine


async def test_from_scan_to_record_over_http(database: Settings, client: httpx.AsyncClient) -> None:
    small = await small_contest()
    one, two = await typists(small)
    assert one.account is not None
    assert two.account is not None
    clerk, other = await caller(client, one.account), await caller(client, two.account)
    root = f"/judging/paper/{small.contest}"
    listed = await clerk.get(f"{root}/sheets")
    assert listed["open"]
    assert "marks" not in json.dumps(listed)
    sheet = next(s for s in listed["sheets"] if (s["module"], s["seat"]) == ("dish", "J1"))

    png = {"Content-Type": "image/png"}
    scan = (await clerk.post(f"{root}/scans", picture(), headers=png))["sha256"]
    shown = await other.send("GET", f"{root}/scans/{scan}")
    assert (shown.content, shown.headers["content-type"]) == (picture(), "image/png")
    for wrong in (b"GIF89a", b"<svg/>", b"", picture()[:60]):
        refused = await clerk.post(f"{root}/scans", wrong, status=422, headers=png)
        assert refused["findings"][0]["code"] == "scan-unreadable"
    await clerk.post(f"{root}/scans", b"x" * (8 * 1024 * 1024 + 1), status=413, headers=png)

    path = f"{root}/sheets/{sheet['sheet']}"
    first = await clerk.put(f"{path}/typing", {"marks": MARKS, "scan": scan})
    assert first["sheet"]["step"] == "waiting"
    seen = await other.get(path)
    assert (seen["sheet"]["step"], seen["marks"], seen["differences"], seen["scan"]) == (
        "first",
        {},
        [],
        "",
    )
    differs = await other.put(f"{path}/typing", {"marks": OTHER})
    assert [d["aspect"] for d in differs["differences"]] == ["look"]
    assert differs["scan"] == scan
    stored = await other.put(f"{path}/typing", {"marks": MARKS})
    assert (stored["sheet"]["step"], stored["answer"]) == ("stored", "accepted")
    assert stored["seq"] > 0
    assert (await clerk.get(path))["sheet"]["step"] == "stored"


async def test_judges_and_strangers_neither_print_nor_type(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest()
    judge = await caller(client, small.judges[0].account)
    sheet = (await paper_of(small.contest)).sheets[0].sheet
    root = f"/judging/paper/{small.contest}"
    for path in (f"{root}/sheets", f"{root}/sheets/{sheet}", f"{root}/scans/{'0' * 64}"):
        await judge.get(path, status=403)
    await judge.put(f"{root}/sheets/{sheet}/typing", {"marks": MARKS}, status=403)
    page = await client.get(root, headers=await bearer(small.judges[0].account))
    assert page.status_code == 403


async def test_a_contests_scans_and_sheets_are_not_anothers(
    database: Settings, client: httpx.AsyncClient
) -> None:
    mine, other = await small_contest(), await small_contest()
    clerk = await caller(client, mine.accounts["clerk"])
    theirs = await caller(client, other.accounts["clerk"])
    png = {"Content-Type": "image/png"}
    scan = await theirs.post(f"/judging/paper/{other.contest}/scans", picture(), headers=png)
    sheet = (await paper_of(other.contest)).sheets[0].sheet
    await clerk.get(f"/judging/paper/{mine.contest}/scans/{scan['sha256']}", status=404)
    await clerk.get(f"/judging/paper/{mine.contest}/sheets/{sheet}", status=404)
    await clerk.get(f"/judging/paper/{other.contest}/sheets/{sheet}", status=403)


async def test_a_session_is_chosen_by_module_seat_and_codes(
    database: Settings, client: httpx.AsyncClient
) -> None:
    small = await small_contest()
    codes = sorted((await small.codes())["dish"])
    await small.submit(small.judges[0], codes[0], {"look": "18", "taste": "30", "care": "2"})
    headers = await bearer(small.accounts["clerk"])

    async def printed(**query: str) -> int:
        page = await client.get(f"/judging/paper/{small.contest}", params=query, headers=headers)
        assert page.status_code == 200
        return page.text.count('class="sheet"')

    assert await printed(module="dish") == 11
    assert await printed(module="dish", stored="true") == 12
    assert await printed(module="dish", seat="J1") == 3
    assert await printed(module="dish", codes=f"{codes[0]}-{codes[1]}", stored="true") == 6
    assert await printed(module="dish", codes=codes[3]) == 3
    assert await printed(module="theory") == 4  # one sheet for the group that agrees
    assert await printed(module="nothing") == 0


async def test_two_processes_take_two_typings_at_once_and_enter_them_once(
    database: Settings, start_server: Callable[..., Server]
) -> None:
    small = await small_contest(entrants=6)
    one, two = await typists(small)
    assert one.account is not None
    assert two.account is not None
    servers = [start_server(), start_server()]
    headers = [await bearer(one.account), await bearer(two.account)]
    sheets = [s for s in (await paper_of(small.contest)).sheets if s.module.id == "dish"][:12]

    async def put(n: int, sheet: Any) -> None:
        path = f"{API}/judging/paper/{small.contest}/sheets/{sheet.sheet}/typing"
        async with httpx.AsyncClient(base_url=servers[n].url, timeout=60) as http:
            for _ in range(2):
                answer = await http.put(path, json={"marks": MARKS}, headers=headers[n])
                assert answer.status_code == 200, answer.text

    for sheet in sheets:
        await asyncio.gather(put(0, sheet), put(1, sheet))

    assert len([line for line in await read(small.contest) if line.kind == "sheet"]) == 12
