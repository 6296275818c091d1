"""From an empty list to a contest that waits for its entrants, in a real Chromium, by clicks and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.actions.setup import ContestStart
from contests.founding.programme import add_session, add_venue
from contests.founding.starting import found_contest
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.contests.founding.kit import founder, twenty
from tests.factories_contests import text
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}


async def fits(page: Page) -> bool:
    """Nothing makes the page itself scroll sideways."""
    return bool(
        await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    )


async def test_a_competition_and_a_contest_are_made_with_the_keyboard_alone(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    one = await founder()
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await enter(page, server, one.account, "/console?lang=zh-Hans")
    await page.screenshot(path=tmp_path / "list.png", full_page=True)
    assert await violations(page) == []

    await page.get_by_role("link", name="新建大赛").press("Enter")
    await page.get_by_label("名称", exact=True).press_sequentially("2026年职工大赛")
    await page.keyboard.press("Tab")
    await page.get_by_label("开始日期").fill("2026-06-06")
    assert await violations(page) == []
    await page.get_by_label("城市或地点").press("Enter")
    await page.get_by_role("link", name="新建赛项").press("Enter")
    await page.wait_for_url("**/contests/new")
    await page.screenshot(path=tmp_path / "choose.png", full_page=True)
    assert await violations(page) == []
    await page.get_by_role("link", name="中式烹饪与面点", exact=True).press("Enter")
    await page.get_by_label("赛项名称").press_sequentially("中式面点")
    assert await violations(page) == []

    await page.get_by_label("评委人数").fill("7")
    await page.keyboard.press("Tab")
    await expect(page.locator("#preview")).to_contain_text("7 名裁判员")
    await page.screenshot(path=tmp_path / "new.png", full_page=True)
    await page.locator("details.more > summary").first.press("Enter")
    await expect(page.get_by_label("一等奖名额")).to_be_visible()
    await expect(page.get_by_label("一等奖比例（%）")).to_be_hidden()
    await page.get_by_label("奖项设置方式").select_option("shares")
    await expect(page.get_by_label("一等奖比例（%）")).to_be_visible()
    await expect(page.locator("#preview")).to_contain_text("占参赛人数的 10%")
    assert await violations(page) == []
    assert await fits(page)
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    assert await fits(page)
    await page.screenshot(path=tmp_path / "new-tablet.png", full_page=True)
    await page.get_by_label("赛项名称").press("Enter")

    await page.wait_for_url("**/console/contests/*")
    await expect(page.get_by_role("heading", name="中式面点", exact=True)).to_be_visible()


async def test_every_room_of_a_competition_is_accessible_and_fits(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    one = await founder()
    contest = await found_contest(
        one.by, one.competition, ContestStart("", text("中式面点"), "cooking")
    )
    for city, hall in (("中山", "工会厨房"), ("广州", "工会大厦")):
        venue = await add_venue(one.by, one.competition, title=text(hall), city=city)
        await add_session(
            one.by, one.competition, venue=venue, day="2026-05-02", starts="09:00", ends="11:30"
        )
    at = f"/console/competitions/{one.competition}"
    await enter(page, server, one.account, at)
    for name, path, size in (
        ("side", at, WIDE),
        ("programme", f"{at}/programme", WIDE),
        ("competition-settings", f"{at}/settings", TABLET),
        ("like", f"{at}/contests/like?source={contest}", TABLET),
        ("file", f"{at}/contests/file", TABLET),
        ("settings", f"/console/contests/{contest}/settings?lang=pt", TABLET),
    ):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await page.goto(f"{server.url}{path}")

        assert await violations(page) == [], name
        assert await fits(page), name
        await page.screenshot(path=tmp_path / f"{name}.png", full_page=True)


async def test_twenty_contests_are_made_from_a_workbook_and_taken_back_by_one_button(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    one = await founder()
    file = tmp_path / "赛项.xlsx"
    file.write_bytes(twenty())
    await enter(
        page,
        server,
        one.account,
        f"/console/competitions/{one.competition}/contests/many?lang=zh-Hans",
    )

    await page.get_by_label("填好的工作簿").set_input_files(file)
    await page.get_by_role("button", name="检查").press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(20)
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "many.png", full_page=True)
    await page.get_by_role("button", name="创建 20 个赛项").press("Enter")
    await expect(page.locator(".beside tbody tr")).to_have_count(20)
    assert await violations(page) == []
    await page.get_by_role("button", name="撤销").press("Enter")

    await expect(page.locator(".said")).to_contain_text("已撤回 20 个赛项")
    await expect(page.locator(".beside")).to_have_count(0)
