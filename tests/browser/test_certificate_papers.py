"""Pre-printed sheets in a real Chromium: on a phone, a tablet and a desktop; nothing for axe to find."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.browser.test_console_safety import final_contest
from tests.fixtures.chromium import downloaded
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def test_a_sheet_is_described_and_calibrated(
    database: Settings, server: Server, page: Page
) -> None:
    small = await final_contest()
    target = f"/console/contests/{small.contest}/certificates/paper?lang=en"
    await enter(page, server, small.accounts["organiser"], target)

    for width in (390, 820, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate(WIDER), width
        assert await violations(page) == []
    await page.get_by_label("Move everything to the right, mm").fill("0.7")
    await page.get_by_role("button", name="Keep this sheet").press("Enter")
    await expect(page.locator("#right-wrong")).to_contain_text("0.7 is no multiple")
    assert await violations(page) == []
    await page.get_by_label("Move everything to the right, mm").fill("1.5")
    await page.get_by_role("button", name="Keep this sheet").press("Enter")
    await expect(page.get_by_text("The sheet is kept.")).to_be_visible()
    async with page.expect_download() as made:
        await page.get_by_role("link", name="Calibration page").click()

    assert (await downloaded(await made.value)).startswith(b"%PDF")
    await expect(page.get_by_label("Move everything to the right, mm")).to_have_value("1.5")
