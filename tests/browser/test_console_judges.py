"""The judges' room as an organiser uses it: from a pasted table to judges appointed by lot, by the keyboard
too, and without a defect that axe can see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.seating.queries import seated_judges
from core.scoring.model import Leaving
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.factories_contests import dish_rules, dish_scheme, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("JIANGXIN_TEST_SHOTS", "")
TABLE = "姓名\t工作单位\t有效期至\t可任组长\n" + "\n".join(
    f"裁判{name}\t酒店{n}\t2030-01-0{n}\t{'是' if n < 3 else ''}"
    for n, name in enumerate("甲乙丙丁戊己庚辛", 1)
)


async def look(page: Page, tmp_path: Path, name: str) -> None:
    """A picture in both sizes, and axe."""
    for width, height in ((1440, 900), (1024, 768)):
        await page.set_viewport_size({"width": width, "height": height})
        folder = Path(SHOTS) if SHOTS else tmp_path
        await page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{name} scrolls sideways at {width}"
    assert await violations(page) == []


async def test_from_a_pasted_table_to_judges_appointed_by_lot(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest(judges=0, scheme=dish_scheme(3), until="draft")
    pool = f"/console/competitions/{small.competition}/judges"
    await enter(page, server, small.accounts["organiser"], pool)

    await page.locator("a[href$='/judges/import']").click()
    await page.fill("#pasted", TABLE)
    await page.locator("form[action$='/judges/import'] button").click()
    await look(page, tmp_path, "pool-table")
    await page.locator("form[action$='/carry-out'] button").click()
    await expect(page.locator("a.open")).to_have_count(8)
    await look(page, tmp_path, "pool")
    await page.locator("a.open").first.focus()
    await page.keyboard.press("Enter")
    await page.select_option("#interest", "employer")
    await page.fill("#value", "某酒店")
    await page.locator("form[action$='/interests'] button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".interests li")).to_have_count(1)
    await look(page, tmp_path, "judge")

    await page.goto(f"{server.url}/console/contests/{small.contest}/judges")
    await page.locator("form[action$='/preview'] button").click()
    await expect(page.locator("form[action$='/confirm'] button")).to_be_visible()
    await look(page, tmp_path, "draw")
    await page.locator("form[action$='/confirm'] button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".said")).to_be_visible()
    assert len(await seated_judges(small.contest)) == 3

    for name in ("groups", "rules", "attendance"):
        await page.goto(f"{server.url}/console/contests/{small.contest}/judges/{name}")
        await look(page, tmp_path, name)


async def test_the_chief_referee_decides_by_the_keyboard(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await small_contest(
        judges=4, scheme=dish_scheme(4), rules=dish_rules(leaving=tuple(Leaving))
    )
    target = f"/console/contests/{small.contest}/judges/leaving"
    await enter(page, server, small.accounts["chief"], target)
    await look(page, tmp_path, "leaving")

    await page.locator(f"input[value='{small.judges[3].appointment}']").focus()
    await page.keyboard.press("Space")
    await page.locator("input[value='smaller']").focus()
    await page.keyboard.press("Space")
    await page.focus("#reason")
    await page.keyboard.type("fell ill")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(page.locator(".said")).to_be_visible()
    assert len(await seated_judges(small.contest)) == 3
    await look(page, tmp_path, "left")
