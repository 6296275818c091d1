"""From the last tap to the record: read back, signed, moved, swapped, corrected with a leader."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.settings import Settings
from tests.browser.sheet_kit import card, chip, contest_of, judged, on_the_sheet, points
from tests.browser.tablets import (
    APP,
    LEADER_PIN,
    all_stored,
    code_of,
    enrolled,
    enter_pin,
    pins_for,
    rows,
    sign,
    sign_by_session,
    sign_in,
    stored_sheets,
    switch,
    until,
)
from tests.factories_contests import SmallContest, dish_rules
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

TWELVE = tuple(judged(f"A{n}") for n in range(1, 13))


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180), (390, 844)], ids=str)
async def test_twelve_aspects_take_twelve_taps_and_two_to_sign_at_different_places(
    database: Settings, server: Server, browser: Browser, size: tuple[int, int]
) -> None:
    small = await contest_of(*TWELVE)
    viewport = {"width": size[0], "height": size[1]}
    page = await on_the_sheet(browser, server, small, viewport=viewport)
    await page.evaluate(
        "addEventListener('click', () => (window.taps = (window.taps ?? 0) + 1), true)"
    )
    code = await code_of(page)

    for n in range(1, 13):
        await card(page, f"A{n}").locator(".levels .chip").nth(n % 4).tap()
    await expect(page.locator("#sign")).to_contain_text("12/12")
    first = await page.locator("#sign").bounding_box()
    await page.locator("#sign").tap()
    second = await page.locator("dialog .confirm").first.bounding_box()
    assert first is not None
    assert second is not None
    assert not overlap(first, second)  # type: ignore[arg-type]
    assert await _size_of(page, "dialog .code") >= 40
    assert await _size_of(page, ".head .code") >= 40
    await page.locator("dialog .confirm").first.tap()

    await expect(page.locator(".head .code")).not_to_have_text(code)
    assert await page.evaluate("window.taps") == 14
    await all_stored(page)
    (stored,) = await stored_sheets(small)
    assert (stored.code, stored.confirmed, stored.scribe) == (code, "taps", "")
    assert {a: m.value for a, m in stored.marks.items()} == {
        f"A{n}": n % 4 * 1000 for n in range(1, 13)
    }


async def _size_of(page: Page, selector: str) -> float:
    found: float = await page.locator(selector).evaluate(
        "(node) => parseFloat(getComputedStyle(node).fontSize)"
    )
    return found


async def test_a_pack_that_arrives_while_a_sheet_is_read_back_does_not_stop_the_signature(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"))
    page = await on_the_sheet(browser, server, small)
    codes = await page.locator(".work b").all_inner_texts()

    await chip(page, "A1", "2").tap()
    await page.locator("#sign").tap()
    await page.evaluate(
        f"""async () => {{
          const [{{ app }}, packs] = await Promise.all([import({APP} + "app.js"), import({APP} + "packs.js")]);
          await packs.refresh(app.session.contest, app.session.account);
          await new Promise((done) => setTimeout(done, 200));
        }}"""
    )
    await page.locator("dialog .confirm").first.tap()

    await expect(page.locator(".head .code")).to_have_text(codes[1])
    await all_stored(page)
    (stored,) = await stored_sheets(small)
    assert (stored.code, stored.marks["A1"].value) == (codes[0], 2000)


async def test_a_sheet_that_changes_while_it_is_read_back_is_not_signed(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"))
    page = await on_the_sheet(browser, server, small)

    await chip(page, "A1", "2").tap()
    await page.locator("#sign").tap()
    await page.evaluate(
        f"""async () => {{
          const {{ app }} = await import({APP} + "app.js");
          await app.session.mark("A1", {{ value: "3" }});
        }}"""
    )
    await page.locator("dialog .confirm").first.tap()

    await expect(page.locator(".toast")).to_contain_text("is not signed")
    assert await rows(page, "outbox") == []
    await sign(page)
    await all_stored(page)
    (stored,) = await stored_sheets(small)
    assert stored.marks["A1"].value == 3000


async def test_a_scribe_taps_and_the_judge_confirms_what_he_hears_by_pin(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"))
    clerk = small.accounts["clerk"]
    page = await on_the_sheet(browser, server, small)

    await chip(page, "A1", "2").tap()
    await page.locator("#sign").tap()
    await page.locator("#scribe").select_option(str(clerk))
    await expect(page.get_by_role("button", name="Sign now")).to_be_hidden()
    await page.get_by_role("button", name="Confirm by PIN").tap()
    await enter_pin(page)
    await all_stored(page)

    (stored,) = await stored_sheets(small)
    assert (stored.confirmed, stored.scribe) == ("pin", str(clerk))
    assert stored.judge == small.judges[0].appointment


async def test_before_signing_all_marks_move_to_another_code_and_back(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"), points("A2", 20_000))
    page = await on_the_sheet(browser, server, small)
    codes = await page.locator(".work b").all_inner_texts()

    await chip(page, "A1", "2").tap()
    await chip(page, "A2", "10").tap()
    await page.locator("#sheet-menu").tap()
    await page.get_by_role("button", name="Move all marks").tap()
    await page.locator("dialog .code-choice", has_text=codes[2]).tap()

    await expect(page.locator(".head .code")).to_have_text(codes[2])
    await expect(card(page, "A1").locator('[aria-checked="true"]')).to_contain_text("2")
    await expect(page.locator(".work").first).to_have_attribute("data-state", "open")
    await page.locator("#undo").tap()
    await expect(page.locator(".head .code")).to_have_text(codes[0])
    await expect(card(page, "A2").locator(".value")).to_have_value("10")
    await expect(page.locator(".work").nth(2)).to_have_attribute("data-state", "open")


async def test_two_signed_sheets_are_swapped_as_one_countersigned_correction(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"))
    page = await with_leader(browser, server, small)
    codes = await page.locator(".work b").all_inner_texts()
    for value in ("1", "3"):
        await chip(page, "A1", value).tap()
        await sign(page)
    await all_stored(page)

    await page.locator(".work").first.tap()
    await page.locator("#sheet-menu").tap()
    await page.get_by_role("button", name="Swap the sheets").tap()
    await page.locator("dialog .code-choice", has_text=codes[1]).tap()
    await page.locator("#reason").fill("I had the wrong code open")
    await page.get_by_role("button", name="Go on").tap()
    await page.get_by_role("button", name="Countersign by PIN").tap()
    await enter_pin(page, LEADER_PIN)
    await expect(card(page, "A1").locator('[aria-checked="true"]')).to_contain_text("3")
    await all_stored(page)

    stored = await stored_sheets(small)
    one, other = stored[-2:]
    assert (one.swap, other.swap) == (other.rid, one.rid)
    assert {s.code: s.marks["A1"].value for s in (one, other)} == {codes[0]: 3000, codes[1]: 1000}
    assert one.countersign is not None
    assert one.countersign.reason == "I had the wrong code open"


async def test_a_locked_sheet_is_corrected_with_a_reason_and_a_leaders_pin(
    database: Settings, server: Server, browser: Browser
) -> None:
    rules = dish_rules(tie_breaks=(), awards=(), lock="entry")
    small = await contest_of(judged("A1"), rules=rules)
    page = await with_leader(browser, server, small)
    await chip(page, "A1", "1").tap()
    await sign(page)
    await all_stored(page)

    await page.locator(".work").first.tap()
    await expect(page.locator(".head .notice")).to_contain_text("Locked because it is signed.")
    await expect(card(page, "A1").locator(".levels .chip").first).to_be_disabled()
    await page.get_by_role("button", name="Ask for a correction").tap()
    await page.get_by_role("button", name="Go on").tap()
    await expect(page.locator("dialog")).to_contain_text("Write the reason first")
    await page.locator("#reason").fill("misread the scale")
    await page.get_by_role("button", name="Go on").tap()
    await chip(page, "A1", "2").tap()
    await page.locator("#sign").tap()
    await expect(page.locator("dialog .summary")).to_contain_text("was 1")
    await page.locator("dialog .confirm").first.tap()
    await page.get_by_role("button", name="Countersign by PIN").tap()
    await enter_pin(page, LEADER_PIN)

    async def corrected() -> bool:
        return len(await stored_sheets(small)) == 2

    await until(corrected, page=page)
    first, second = await stored_sheets(small)
    assert (second.base, second.marks["A1"].value) == (first.rid, 2000)
    assert second.countersign is not None
    assert second.countersign.reason == "misread the scale"
    await page.locator(".work").first.tap()
    await page.locator("#sheet-menu").tap()
    await page.get_by_role("button", name="History of sheet").tap()
    await expect(page.locator("dialog .version").first).to_contain_text("1 → 2")
    await expect(page.locator("dialog .version").first).to_contain_text("misread the scale")


async def test_the_table_shows_only_the_judges_own_marks_and_leads_to_each(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1"), points("A2", 20_000), judges=2)
    page = await on_the_sheet(browser, server, small, seat=1)
    await sign_by_session(page, {"A1": "3", "A2": "19"})
    await switch(page)
    await pins_for(small.judges[0].account)
    await sign_in(page, small.judges[0])
    await chip(page, "A1", "1").tap()
    await page.locator("#table").tap()

    table = page.locator("dialog table.marks")
    await expect(table.locator("tbody tr")).to_have_count(4)
    cells = await table.locator("tbody td").all_inner_texts()
    assert len([cell for cell in cells if cell in ("3", "19")]) == 0
    assert cells[0] == "1"
    await table.locator("tbody tr").nth(2).locator(".cell").nth(1).tap()
    await expect(page.locator(".work").nth(2)).to_have_attribute("aria-current", "true")
    focused = await page.evaluate("document.activeElement.closest('.card')?.dataset.aspect")
    assert focused == "A2"


async def test_marks_too_far_apart_come_back_with_both_rounds_shown(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest_of(judged("A1", judges=2), judged("A2", judges=2), judges=2, entrants=2)
    page = await on_the_sheet(browser, server, small)
    await sign_by_session(page, {"A1": "0", "A2": "2"})
    await switch(page)
    await pins_for(small.judges[1].account)
    await sign_in(page, small.judges[1])
    await sign_by_session(page, {"A1": "3", "A2": "2"})
    await all_stored(page)

    await expect(page.locator(".work").first).to_have_attribute(
        "data-state", "again", timeout=20_000
    )
    await page.locator(".work").first.tap()
    await expect(page.locator(".card")).to_have_count(1)
    earlier = card(page, "A1").locator(".earlier")
    await expect(earlier).to_contain_text("Round 1: you 3 · J1 0")
    await expect(page.locator(".head .state-line")).to_contain_text("mark these aspects again")
    await chip(page, "A1", "2").tap()
    await sign(page)
    await all_stored(page)
    last = (await stored_sheets(small))[-1]
    assert (last.round, list(last.marks)) == (2, ["A1"])


async def with_leader(browser: Browser, server: Server, small: SmallContest) -> Page:
    """A tablet on which the group leader has signed in once, and a judge stands on his sheet."""
    judge, leader = small.judges[0], small.accounts["leader"]
    await pins_for(judge.account)
    await pins_for(leader, pin=LEADER_PIN)
    page = await enrolled(browser, server, small)
    await page.locator(f'[data-account="{leader}"]').tap()
    await enter_pin(page, LEADER_PIN)
    await _admitted(page, str(leader))
    await switch(page)
    await sign_in(page, judge)
    return page


async def _admitted(page: Page, account: str) -> None:
    for _ in range(150):
        people: list[dict[str, Any]] = await rows(page, "people")
        if any(one["account"] == account and one["admitted"] for one in people):
            return
        await page.wait_for_timeout(100)
    pytest.fail("the leader was not let in")
