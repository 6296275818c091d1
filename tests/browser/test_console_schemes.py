"""The table of a marking scheme in a real Chromium: keys, a block from a spreadsheet, two at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from contests.schemes.queries import draft_of, history_of
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
COPY = """() => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(
    new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
  return data.getData("text/plain");
}"""


async def scheme(page: Page, server: Server, small: SmallContest, name: str = "organiser") -> None:
    await enter(
        page, server, small.accounts[name], f"/console/contests/{small.contest}/scheme?lang=en"
    )
    await expect(page.locator("#scheme-table[role=grid]")).to_be_visible()


def cell(page: Page, key: str, column: str) -> Locator:
    return page.locator(f"#c-{key}-{column}")


async def fields(small: SmallContest, key: str) -> dict[str, object]:
    row = (await draft_of(small.contest)).document.row(key)
    return dict(row.fields) if row else {}


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(300):
        if await true():
            return
        await asyncio.sleep(0.1)
    pytest.fail("It did not come about.")


async def test_a_table_is_filled_by_keys_alone_and_keeps_itself(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await scheme(page, server, small)

    await cell(page, "aspect-look", "title").click()
    await page.keyboard.type("Shape")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("15")
    await page.keyboard.press("Enter")
    await page.keyboard.type("45")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pending")).to_have_count(0)

    assert (await fields(small, "aspect-look"))["maximum"] == "15"
    assert (await fields(small, "aspect-taste"))["maximum"] == "45"
    await expect(page.locator("#scheme-bar .pill.good")).to_be_visible()

    await page.keyboard.press("F2")
    await page.keyboard.type("9")
    await page.keyboard.press("Escape")
    await expect(cell(page, "aspect-care", "maximum")).to_have_text("10")

    await cell(page, "aspect-care", "title").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.locator("tr.r-aspect").nth(1)).to_have_attribute("data-key", "aspect-care")
    await expect(cell(page, "aspect-care", "title")).to_be_focused()
    assert await violations(page) == []


async def test_a_block_goes_in_and_out_and_undo_outlives_a_reload(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await scheme(page, server, small)

    await cell(page, "aspect-care", "title").click()
    await page.evaluate(
        PASTE, "Plating\tJ\t７，５\t0.5\nCleanness\tPoints by the panel\t2,5\t0.5\n"
    )
    await expect(page.locator("#scheme-understood")).to_contain_text("Rows added: 1")
    await expect(page.locator("#scheme-understood")).to_contain_text("7.5")
    rows = page.locator("tr.r-aspect")
    await expect(rows).to_have_count(5)

    await cell(page, "aspect-care", "title").click()
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Shift+ArrowDown")
    copied = await page.evaluate(COPY)
    assert copied == "Plating\tJudgement\t7.5\nCleanness\tPoints by the panel\t2.5"

    await page.reload()
    await expect(page.locator("#scheme-table[role=grid]")).to_be_visible()
    await cell(page, "aspect-look", "title").focus()
    await page.keyboard.press("Control+z")
    await expect(rows).to_have_count(4)
    await page.keyboard.press("Control+y")
    await expect(rows).to_have_count(5)
    assert [v.kind for v in await history_of(small.contest)] == ["redo", "undo", "edit", "outside"]


async def test_a_row_is_dragged_with_all_that_belongs_to_it(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await scheme(page, server, small)

    await page.locator("#row-module-theory .grip").drag_to(page.locator("#row-module-dish .grip"))

    await expect(page.locator("tr.r-module").first).to_have_attribute("data-key", "module-theory")

    async def moved() -> bool:
        order = [row.key for row in (await draft_of(small.contest)).document.rows]
        return order[:4] == ["module-theory", "criterion-theory", "sub-theory-1", "aspect-paper"]

    await until(moved)
    await expect(page.locator("#scheme-rows tr").nth(3)).to_have_attribute(
        "data-key", "aspect-paper"
    )


async def test_two_people_at_once_see_both_changes_beside_one_another(
    database: Settings, server: Server, page: Page, browser: Browser
) -> None:
    small = await small_contest(until="draft")
    other = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
    await scheme(page, server, small)
    await scheme(other, server, small)

    await cell(page, "aspect-look", "title").click()
    await page.keyboard.type("Shape")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pending")).to_have_count(0)
    await cell(other, "aspect-look", "title").click()
    await other.keyboard.type("Form")
    await other.keyboard.press("Enter")

    await expect(other.locator("#scheme-bar [role=alert]")).to_be_visible()
    assert (await fields(small, "aspect-look"))["title"] == {"zh-Hans": "Look", "en": "Shape"}
    await other.locator("#scheme-bar a").click()
    await expect(other.locator(".both")).to_contain_text("Form")
    await expect(other.locator(".both")).to_contain_text("Shape")
    assert await violations(other) == []
    await other.locator("input[value=mine]").check()
    await other.get_by_role("button", name="Put both together").click()
    await expect(cell(other, "aspect-look", "title").locator(".v")).to_have_text("Form")


async def test_a_calculator_is_tried_beside_its_fields(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await scheme(page, server, small)
    await page.locator("#row-aspect-look .detail").click()

    await page.select_option("#kind", "measurement")
    await page.get_by_role("button", name="Save").first.click()
    await page.select_option("#calculator", "PER_ERROR@1")
    await page.get_by_role("button", name="Show its fields").click()
    await page.fill("#parameter-deduction", "0,5")
    await page.fill("#samples", "0\n3")
    await page.locator("[data-try]").click()

    await expect(page.locator("#tried tbody tr").nth(1)).to_contain_text("18.5")
    assert await violations(page) == []
