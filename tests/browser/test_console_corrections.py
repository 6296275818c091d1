"""Corrections, what one would change, and what was believed on a day, in a real Chromium."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.actions.approvals import request_approval
from core import outbox
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.fixtures.processes import Server
from tests.journeys.cascade_kit import half_a_mark, played

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")


async def look(page: Page, name: str) -> None:
    """At a phone and at a desktop: nothing runs over the edge, and axe finds nothing."""
    for width, height in ((390, 844), (1280, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        assert not await page.evaluate(WIDER), (name, width)
        assert await violations(page) == [], (name, width)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


async def test_corrections_their_effects_and_a_day_are_legible_and_accessible(
    database: Settings, server: Server, page: Page
) -> None:
    small = await played(8, 2, 3)
    await small.finish()
    await outbox.drain()
    body = await half_a_mark(small, 2)
    organiser = await small.actor("organiser")
    approval = await request_approval(organiser, small.contest, "correct_mark", body)
    await outbox.drain()
    base = f"/console/contests/{small.contest}"
    await enter(page, server, small.accounts["organiser"], f"{base}/corrections?lang=en")

    await expect(page.get_by_text("Under correction meanwhile: 2")).to_be_visible()
    await page.get_by_role("link", name="What it would change").click()
    await expect(page.locator("table").nth(1).locator("tbody tr")).to_have_count(2)
    await page.goto(f"{server.url}{base}/as-of?lang=en")
    await page.get_by_label("Day and time, as in China").fill("2099-01-01T08:00")
    await page.get_by_role("button", name="Show it").press("Enter")
    await expect(page.get_by_text("under correction")).to_have_count(2)
    await expect(page.locator("table").first.locator("tbody tr")).to_have_count(8)

    at = "2099-01-01T08:00"
    pages = {"list": "corrections", "one": f"corrections/{approval}", "as-of": f"as-of?at={at}"}
    for language in LANGUAGES if PICTURES else ("pt",):
        for name, path in pages.items():
            joined = "&" if "?" in path else "?"
            await page.goto(f"{server.url}{base}/{path}{joined}lang={language}")
            await look(page, f"corrections-{name}-{language}")


async def test_a_day_before_everything_and_a_mistyped_one_are_answered_in_words(
    database: Settings, server: Server, page: Page
) -> None:
    small = await played(2, 1, 1)
    base = f"{server.url}/console/contests/{small.contest}/as-of?lang=en"
    await enter(
        page,
        server,
        small.accounts["organiser"],
        f"/console/contests/{small.contest}/as-of?lang=en",
    )

    await page.goto(f"{base}&at=1999-01-01T00:00")
    await expect(page.get_by_text("There was no record of this contest yet.")).to_be_visible()
    await look(page, "as-of-before")
    await page.goto(f"{base}&at=tomorrow")
    await expect(page.locator("#problem")).to_contain_text("tomorrow")
    await look(page, "as-of-mistyped")
