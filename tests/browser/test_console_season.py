"""The season in a real Chromium, at a phone and a desktop."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.admin.test_season_pages import over
from tests.browser.kit import enter, violations
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""


async def test_the_season_is_legible_and_accessible_and_a_slide_is_saved(
    database: Settings, server: Server, page: Page
) -> None:
    small = await over()
    await enter(page, server, small.accounts["organiser"], "/console/season?lang=zh-Hans")

    for address, language in (
        ("?lang=pt", "pt"),
        ("?year=2019&lang=zh-Hans", "empty"),
        ("?lang=zh-Hans", "zh"),
    ):
        await page.goto(f"{server.url}/console/season{address}")
        folded = page.locator("details:not([open]) > summary")
        while await folded.count():
            await folded.first.press("Enter")
        for width, height in ((390, 844), (1280, 800)):
            await page.set_viewport_size({"width": width, "height": height})
            assert not await page.evaluate(WIDER), (language, width)
            assert await violations(page) == [], (language, width)
            if PICTURES:
                file = Path(PICTURES) / f"season-{language}-{width}.png"
                await page.screenshot(path=file, full_page=True)

    await expect(page.get_by_text("获奖数").first).to_be_visible()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="保存为幻灯片图片 获奖数").press("Enter")
    slide = await waiting.value
    assert slide.suggested_filename == "prizes-2024.png"
    if PICTURES:
        await slide.save_as(Path(PICTURES) / "season-slide.png")
