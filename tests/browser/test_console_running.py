"""Running a contest in a real Chromium: the leader's telephone, and the pages with keyboard and axe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.actions.check_in import check_in
from contests.following.links import make_link
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PAGES = (
    "/check-in",
    "/check-in/absence",
    "/draws",
    "/clock",
    "/incidents",
    "/recheck",
    "/appeals",
    "/signing",
    "/publication",
    "/leader",
    "/share",
)


async def test_a_leader_sees_everything_on_one_screen_of_a_telephone(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest(entrants=5)
    clerk = await small.actor("clerk")
    await check_in(clerk, small.contest, dict.fromkeys(small.entries[:4], "present"), now=small.at)
    token = await make_link(await small.actor("organiser"), small.contest)
    await page.set_viewport_size(PHONE)
    for language in ("zh-Hans", "pt"):
        await page.goto(f"{server.url}/follow/{token}?lang={language}&still=yes")

        await expect(page.locator("dl")).to_contain_text("4")
        overflow = await page.evaluate(
            "[document.documentElement.scrollHeight - innerHeight,"
            " document.documentElement.scrollWidth - innerWidth]"
        )
        assert overflow == [0, 0], language
        assert await violations(page) == []
        await page.screenshot(path=tmp_path / f"leader-{language}.png")


async def test_the_pages_of_a_running_contest_are_clean_and_reached_by_links(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest()
    await page.set_viewport_size(DESK)
    await enter(page, server, small.accounts["organiser"], f"/console/contests/{small.contest}")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "contest.png", full_page=True)
    for path in PAGES:
        await page.goto(f"{server.url}/console/contests/{small.contest}{path}")
        assert await violations(page) == [], path
        await page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-')}.png")
    await page.goto(f"{server.url}/console/approvals")
    assert await violations(page) == []


async def test_a_penalty_is_given_and_taken_back_with_the_keyboard_alone(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    code = await small.code_of(small.entries[0])
    address = f"/console/contests/{small.contest}/incidents"
    await enter(page, server, small.accounts["chief"], address)

    await page.focus("#code")
    await page.keyboard.type(code)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("left the knife")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said")).to_be_visible()
    await expect(page.locator("tbody")).to_contain_text(code)
    await page.locator(".said button").press("Enter")

    await expect(page.locator("tbody")).to_have_count(0)
    await expect(page).to_have_url(re.compile("/incidents$"))
