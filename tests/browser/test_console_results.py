"""Results and papers in a real Chromium: a click down to a mark, and nothing that axe finds."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

TECHNICAL = re.compile(r"\b(hash|token|JWS|SHA-256|JSON|DNS|DNF|DSQ)\b")
PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""


async def closed_contest() -> SmallContest:
    small = await small_contest(entrants=5)
    await small.judge_everything()
    await small.close()
    return small


async def look(page: Page, name: str) -> None:
    if PICTURES:
        for width, height in ((1440, 900), (1024, 768)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


async def test_one_key_opens_a_total_down_to_each_judges_mark(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    address = f"/console/contests/{small.contest}/results"
    await enter(page, server, small.accounts["organiser"], address)
    first = page.locator("details.place").first

    await first.locator("summary").focus()
    await page.keyboard.press("Enter")

    await expect(first.locator(".mark").first).to_contain_text("J1")
    await expect(first.locator(".mark")).to_have_count(10)
    assert await violations(page) == []
    await look(page, "standings")
    await first.get_by_role("link").click()
    await expect(page.locator("ol.steps li").first).to_be_visible()
    assert await violations(page) == []
    await look(page, "entry")


async def test_every_page_of_both_rooms_is_accessible_and_speaks_plainly(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    base = f"/console/contests/{small.contest}"
    await enter(page, server, small.accounts["organiser"], f"{base}/results")

    for path in ("results/prizes", "results/teams", "results/figures", "results/files", "papers"):
        for language in ("zh-Hans", "pt"):
            await page.goto(f"{server.url}{base}/{path}?lang={language}")
            assert await violations(page) == [], path
            assert not TECHNICAL.search(await page.locator("main").inner_text()), path
        await look(page, path.replace("/", "-"))


async def test_a_signed_scan_is_attached_by_clicks_and_the_list_gets_shorter(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    base = f"/console/contests/{small.contest}"
    await enter(page, server, small.accounts["organiser"], f"{base}/papers?lang=zh-Hans")
    before = await page.locator("#missing + ul li").count()
    photo = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(photo, "JPEG")
    paper = page.locator("li.paper").filter(has=page.locator("h3", has_text="检录表"))

    await paper.get_by_text("附上签字扫描件").click()
    await paper.locator('input[type="file"]').set_input_files(
        {"name": "scan.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    await paper.get_by_role("button", name="附上").click()

    await expect(page.locator(".said")).to_contain_text("检录表")
    await expect(page.locator("#missing + ul li")).to_have_count(before - 1)
