"""The control room says what whoever is on duty must know of the server itself."""

from __future__ import annotations

import httpx

from core.notices import put_up
from core.scoring.model import Finding
from core.settings import Settings
from tests.api.kit import caller
from tests.factories_accounts import log_in_browser
from tests.factories_contests import small_contest

GONE = Finding("", "copy-folder-missing", {"folder": "/media/usb", "at": "2024-10-10 13:05"})
MADE = Finding("", "copy-made", {"folder": "/media/usb", "at": "2024-10-10 13:10"})


async def test_a_stick_that_is_gone_is_an_alarm_and_goes_away_with_it(
    client: httpx.AsyncClient, database: Settings
) -> None:
    small = await small_contest(entrants=2, judges=3)
    chief = await caller(client, small.accounts["chief"])
    path = f"/judging/contests/{small.contest}/control"
    await log_in_browser(client, small.accounts["chief"])
    board = f"/judging/control/{small.contest}/board?lang=zh-Hans"

    quiet = await chief.get(path)
    put_up("copies", GONE, trouble=True)
    alarm, page = await chief.get(path), await client.get(board)
    put_up("copies", MADE, trouble=False)
    well, after = await chief.get(path), await client.get(board)

    assert quiet["notices"] == []
    assert alarm["notices"][0]["code"] == "copy-folder-missing"
    assert alarm["notices"][0]["trouble"] is True
    assert well["notices"][0]["trouble"] is False
    assert len({one["version"] for one in (quiet, alarm, well)}) == 3
    assert "找不到 /media/usb。请重新插入 U 盘" in page.text
    assert "最近一次备份：2024-10-10 13:10" in after.text
    assert "找不到" not in after.text
