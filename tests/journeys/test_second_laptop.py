"""The laptop dies in the hall. Its last copy starts on a second one, without a network; every tablet
notices that its receipts are unknown there, says so, and sends again what the copy lacks."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from contests.sheets import payload_of
from core.settings import Settings
from tests.browser.tablets import (
    all_stored,
    enrol,
    pins_for,
    rows,
    sign_by_session,
    sign_in,
    tablet_page,
    until,
)
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server, environment_of, run_command
from tests.journeys.crowd import SCALE

pytestmark = pytest.mark.browser

TABLETS = max(round(12 * SCALE), 2)
SHEETS = max(round(50 * SCALE), 4)
MARKS = {"look": "18.5", "taste": "32", "care": "2"}


async def test_what_the_copy_lacks_is_sent_again_and_every_sheet_is_there_once(
    database: Settings, start_server: Callable[..., Server], browser: Browser, tmp_path: Path
) -> None:
    server = start_server()
    small = await small_contest(entrants=SHEETS, judges=max(TABLETS, 3))
    await pins_for(*(seat.account for seat in small.judges))
    codes = sorted((await small.codes())["dish"])
    tablets = [await signed_in(n, browser, server, small) for n in range(TABLETS)]
    environment = environment_of(database)
    for tablet in tablets:
        await sign_by_session(tablet, MARKS, codes[: SHEETS // 2])
    for tablet in tablets:
        await all_stored(tablet)

    stick = tmp_path / "stick"
    copied = run_command(["backup", "--to", str(stick)], environment)
    assert copied.returncode == 0, copied.stderr
    for tablet in tablets:
        await sign_by_session(tablet, MARKS, codes[SHEETS // 2 :])
    for tablet in tablets:
        await all_stored(tablet)
    before = [await rows(tablet, "outbox") for tablet in tablets]

    server.kill()
    second = tmp_path / "second"
    secrets = tmp_path / "carried.toml"
    shutil.copyfile(database.data / "secrets.toml", secrets)
    there = {**environment, "JIANGXIN_DATA": str(second)}
    restored = run_command(["restore", str(stick), "--secrets", str(secrets)], there)
    assert restored.returncode == 0, restored.stderr
    server.environment = there
    server.start()

    for tablet in tablets:
        await until(lambda tablet=tablet: says_so(tablet), seconds=60, page=tablet)
    for tablet, told in zip(tablets, before, strict=True):
        await until(lambda tablet=tablet, told=told: sent_again(tablet, told), seconds=60)
        assert tablet.errors == []  # type: ignore[attr-defined]
    sheets = Counter(stored_in(second / "jiangxin.sqlite"))
    assert len(sheets) == TABLETS * SHEETS
    assert set(sheets.values()) == {1}


async def signed_in(n: int, browser: Browser, server: Server, small: SmallContest) -> Page:
    page = await tablet_page(browser)
    await enrol(page, server.url, small, f"Tablet {n + 1}")
    await sign_in(page, small.judges[n])
    return page


async def says_so(tablet: Page) -> bool:
    """Among the tablet's messages, which stay until they are read."""
    if not await tablet.locator("#message").is_visible():
        return False
    await tablet.locator("#message").tap()
    said = await tablet.locator("dialog").inner_text()
    await tablet.locator("dialog").get_by_role("button", name="Close").tap()
    return f"older copy. {SHEETS - SHEETS // 2} sheets of this tablet" in said


async def sent_again(tablet: Page, before: list[dict[str, str]]) -> bool:
    """Everything has a receipt again; the copy's own rows kept theirs, the others have a new one and
    keep the old one beside it."""
    now = {row["rid"]: row for row in await rows(tablet, "outbox")}
    renewed = [rid for rid, row in now.items() if row.get("receipts_before")]
    return (
        len(now) == len(before)
        and all(row["receipt"] for row in now.values())
        and len(renewed) == len(before) - SHEETS // 2
        and all(
            now[row["rid"]]["receipts_before"] == [row["receipt"]]
            for row in before
            if row["rid"] in renewed
        )
    )


def stored_in(path: Path) -> list[str]:
    """The sheets in the log of a database that is served elsewhere."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as found:
        bodies = found.execute("SELECT body FROM log_entry WHERE kind = 'sheet'").fetchall()
    return [payload_of(json.loads(body)["jws"]).sheet for (body,) in bodies]
