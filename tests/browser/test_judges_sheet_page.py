"""The judge's sheet in a real Chromium: taps, drafts, signature, receipt, both orientations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from contests.log import read
from contests.sheets import payload_of
from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

WORDS = {
    "zh-Hans": "签名并提交",
    "zh-Hant": "簽名並提交",
    "en": "Sign and submit",
    "pt": "Assinar e enviar",
}


async def open_sheet(page: Page, server: Server, small: SmallContest, seat: int = 0) -> None:
    account = small.judges[seat].account
    await enter(page, server, account, f"/judging/{small.contest}")
    await expect(page.locator(".card").first).to_be_visible()


async def mark_dish(page: Page) -> None:
    """18.5 for the look, 32 for the taste, 2 for the care."""
    look, taste, care = (page.locator(f'[data-aspect="{a}"]') for a in ("look", "taste", "care"))
    await look.locator(".ten", has_text="10").tap()
    await look.locator(".row .chip", has_text="+8").tap()
    await look.locator(".step").last.tap()
    await taste.locator(".ten", has_text="30").tap()
    await taste.locator(".row .chip", has_text="+2").tap()
    await care.locator(".levels .chip").nth(2).tap()


async def sign(page: Page) -> None:
    await page.locator("#sign").tap()
    await page.locator("dialog .main").tap()


async def sheets(small: SmallContest) -> list[Any]:
    lines = [line for line in await read(small.contest) if line.kind == "sheet"]
    return [payload_of(json.loads(line.body)["jws"]) for line in lines]


async def test_a_judge_marks_signs_and_gets_a_receipt(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    code = await page.locator("#sheet h2 b").inner_text()

    await expect(page.locator("#sign")).to_be_disabled()
    await mark_dish(page)
    await expect(page.locator("#sign")).to_contain_text("3/3")
    await sign(page)
    await expect(page.locator(".work").first).to_have_attribute("data-state", "signed")

    (stored,) = await sheets(small)
    assert (stored.code, stored.module) == (code, "dish")
    assert {a: m.value for a, m in stored.marks.items()} == {
        "look": 18_500,
        "taste": 32_000,
        "care": 2000,
    }
    assert await page.locator("#sheet h2 b").inner_text() != code  # moved on by itself
    await page.locator(".work").first.tap()
    await page.locator("#receipt").tap()
    seq = next(line.seq for line in await read(small.contest) if line.kind == "sheet")
    await expect(page.locator("dialog")).to_contain_text(f"{seq}")
    await expect(page.locator("dialog")).to_contain_text(code)


async def test_a_draft_survives_a_reload_and_undo_takes_steps_back(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    await mark_dish(page)
    await expect(page.locator("#saved")).to_contain_text("✓")

    await page.reload()
    value = page.locator('[data-aspect="look"] .value')
    await expect(value).to_have_value("18.5")
    await page.locator("#undo").tap()  # the care
    await page.locator("#undo").tap()  # 32 back to 30
    await expect(page.locator('[data-aspect="taste"] .value')).to_have_value("30")
    await expect(page.locator("#sign")).to_be_disabled()

    assert await sheets(small) == []


async def test_a_signed_sheet_changes_only_by_a_signed_correction(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    await mark_dish(page)
    await sign(page)
    await expect(page.locator(".work").first).to_have_attribute("data-state", "signed")

    await page.locator(".work").first.tap()
    await expect(page.locator("#sign")).to_be_disabled()
    await page.locator('[data-aspect="care"] .levels .chip').nth(3).tap()
    await expect(page.locator("#sign")).to_be_enabled()
    await sign(page)
    await expect(page.locator(".work").first).to_have_attribute("data-state", "signed")

    first, second = await sheets(small)
    assert (first.base, second.base) == ("", first.rid)
    assert (first.seq, second.seq, second.prev != "") == (1, 2, True)
    assert second.marks["care"].value == 3000


async def test_what_people_type_is_understood_and_shown(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    field = page.locator('[data-aspect="look"] .value')

    await field.fill("１７，５")
    await field.blur()
    await expect(field).to_have_value("17.5")
    await field.fill("17.3")
    await field.blur()

    await expect(field).to_have_attribute("aria-invalid", "true")
    await page.locator('[data-aspect="look"] .step').last.tap()
    await expect(field).to_have_value("18")


async def test_without_a_network_a_signed_sheet_waits_and_is_sent_once(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    await mark_dish(page)

    server.kill()
    await sign(page)
    await expect(page.locator(".work").first).to_have_attribute("data-state", "waiting")
    await expect(page.locator("#queue")).to_contain_text("1")
    server.start()

    await expect(page.locator(".work").first).to_have_attribute(
        "data-state", "signed", timeout=40_000
    )
    assert len(await sheets(small)) == 1


async def test_the_key_never_leaves_the_tablet(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)

    refused = await page.evaluate(
        """async () => {
          const open = indexedDB.open("jiangxin-judging");
          const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
          const asked = base.transaction("keys").objectStore("keys").getAll();
          const rows = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
          try { await crypto.subtle.exportKey("jwk", rows[0].secret); return "exported"; }
          catch (error) { return error.name; }
        }"""
    )

    assert refused == "InvalidAccessError"


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
async def test_the_sheet_is_accessible_and_every_target_is_large_enough(
    database: Settings, server: Server, page: Page, size: dict[str, Any], tmp_path: Path
) -> None:
    small = await small_contest()
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await open_sheet(page, server, small)
    await mark_dish(page)

    small_targets = await page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, a")]
          .filter((node) => node.offsetParent)
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
          .filter(([, box]) => box.width < 52 || box.height < 52)
          .map(([html]) => html)"""
    )
    sideways = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.screenshot(path=tmp_path / "sheet.png")

    assert await violations(page) == []
    assert small_targets == []
    assert not sideways


async def test_the_four_languages_are_changed_without_a_reload(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await open_sheet(page, server, small)
    await page.evaluate("window.same = true")

    for language, words in WORDS.items():
        await page.locator("#language").select_option(language)
        await expect(page.locator("#sign")).to_contain_text(words)
        await expect(page.locator("html")).to_have_attribute("lang", language)

    assert await page.evaluate("window.same") is True
    await page.reload()
    await expect(page.locator("#sign")).to_contain_text(WORDS["pt"])


async def test_the_list_shows_what_is_signed_and_leads_to_the_sheet(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await enter(page, server, small.judges[0].account, "/judging")

    await expect(page.locator(".contest")).to_contain_text("0 of 8")
    assert await violations(page) == []
    await page.locator(".open").tap()
    await expect(page.locator(".card").first).to_be_visible()
