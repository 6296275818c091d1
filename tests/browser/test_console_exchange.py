"""The room of earlier records in a real browser: on a phone and on a desk, for everybody."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, Page

from core.settings import Settings
from credentials.records.exchange.reading import table
from tests.browser.kit import enter
from tests.browser.test_console_levels import FACES, faults
from tests.credentials.records.kit import PROVINCE, account_of, organisations, organiser_of
from tests.credentials.records.listing import SCAN, line, taken
from tests.fixtures.processes import Server


async def test_lists_files_and_the_database_are_legible_and_accessible(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    await organisations()
    by = await organiser_of(PROVINCE)
    done = await taken(by, line("results"), line("honours", at=3), line("levels", at=4))
    account = await account_of(PROVINCE)
    file, scan = tmp_path / "list.xlsx", tmp_path / "scan.pdf"
    lines = line("results", prize="一等奖"), line("levels", number="7"), line("honours")
    file.write_bytes(table("zh-Hans", lines))
    scan.write_bytes(SCAN)
    found = {}
    for locale, size in FACES:
        context = await browser.new_context(locale=locale, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
        page = await context.new_page()
        await enter(page, server, account, "/console/exchange")
        found["lists", locale] = await look(page, f"lists-{locale}")
        await page.set_input_files("#file", file)
        await page.set_input_files("#evidence", scan)
        await page.click("form[enctype] button")
        await page.wait_for_selector("[role=status]")
        found["looked", locale] = await look(page, f"looked-{locale}")
        await page.goto(f"{server.url}/console/exchange/{done}")
        found["done", locale] = await look(page, f"done-{locale}")
        await page.goto(f"{server.url}/console/exchange/databases/{PROVINCE}")
        await page.fill("#name", "省级数据库")
        await page.click("form[action$='/keys'] button")
        await page.wait_for_selector("#secret")
        found["once", locale] = await look(page, f"once-{locale}")
        await page.goto(f"{server.url}/console/exchange/databases/{PROVINCE}")
        found["database", locale] = await look(page, f"database-{locale}")
        await page.goto(f"{server.url}/console/honours")
        found["honours", locale] = await look(page, f"honours-{locale}")
        await context.close()

    assert found == dict.fromkeys(found, ([], 0))


async def look(page: Page, name: str) -> tuple[object, int]:
    if folder := os.environ.get("W4_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return await faults(page)
