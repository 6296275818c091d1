"""Sheets on paper in a real Chromium: printed on A4, typed by keyboard and by touch, compared by cell."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, expect

from contests.actions import people
from contests.judging.paper.sheets import PaperSheet, paper_of
from contests.log import read
from contests.sheets import Payload, payload_of
from core.scoring.model import (
    Aspect,
    Criterion,
    Defect,
    Kind,
    Module,
    Scheme,
    SubCriterion,
)
from core.security import Role
from core.settings import Settings
from tests.browser.handover_kit import film
from tests.browser.handover_tablets import filmed_browser
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import SmallContest, make_account, small_contest, text
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LEVELS = tuple(text(f"{words} 行业标准，达到要求并且整洁") for words in ("0", "1", "2", "3"))


def twelve() -> Scheme:
    """Seven judgements, three marks on a grid, a deduction table and one more grid: twelve aspects."""
    judged = [
        Aspect(f"J{n}", Kind.JUDGEMENT, text(f"Judged {n}"), 5_000, judges=2, descriptors=LEVELS)
        for n in range(1, 8)
    ]
    marked = [
        Aspect(f"P{n}", Kind.POINTS, text(f"Marked {n}"), 20_000, step=500, judges=2)
        for n in range(1, 4)
    ]
    whole = Aspect("W1", Kind.POINTS, text("Whole"), 3_000, step=1000, judges=2)
    defects = (
        Defect("crack", text("Crack"), 500, 500, 500, repeatable=True),
        Defect("dirt", text("Dirt"), 1000, 2000, 500),
    )
    faults = Aspect("D1", Kind.DEDUCTION, text("Faults"), 5_000, judges=2, defects=defects)
    aspects = (*judged, *marked, whole, faults)
    criteria = (Criterion("A", text("A"), (SubCriterion("A1", text("A1"), aspects),)),)
    maximum = sum(aspect.maximum or 0 for aspect in aspects)
    return Scheme("twelve", text("Twelve"), (Module("A", text("Twelve"), maximum, criteria),))


async def contest() -> SmallContest:
    from tests.factories_contests import dish_rules

    return await small_contest(
        entrants=2, judges=2, scheme=twelve(), rules=dish_rules(tie_breaks=())
    )


async def typist(
    browser: Browser, server: Server, small: SmallContest, name: str, **more: Any
) -> Page:
    """A page of its own on the list of sheets."""
    if name not in small.accounts:
        small.accounts[name] = await make_account(name)
        await people.appoint(
            await small.actor("organiser"), small.contest, small.accounts[name], Role.CLERK
        )
    context = await browser.new_context(
        **{"viewport": LANDSCAPE, "has_touch": True, "locale": "en-GB", **more}
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # type: ignore[attr-defined]
    await enter(
        page, server, small.accounts[name], f"/judging/paper/{small.contest}/typing?lang=en"
    )
    await expect(page.locator("#which")).to_be_visible()
    return page


async def first_sheet(small: SmallContest) -> PaperSheet:
    return (await paper_of(small.contest)).sheets[0]


async def sheets(small: SmallContest) -> list[Payload]:
    lines = [line for line in await read(small.contest) if line.kind == "sheet"]
    return [payload_of(json.loads(line.body)["jws"]) for line in lines]


class Keys:
    """A keyboard whose presses are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)
            self.count += 1


VALUES = ["2"] * 7 + ["18.5", "7", "20", "3"]
"""As on the paper; then one crack twice, and no dirt."""


async def shoot(page: Page, name: str) -> None:
    """A picture for the eye, where SHOTS says."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_twelve_aspects_are_typed_in_one_key_a_digit_and_one_to_go_on(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    sheet = await first_sheet(small)
    for name in ("clerk", "clerk-2"):
        page = await typist(browser, server, small, name)
        await page.keyboard.type(f"{sheet.code} {sheet.judge.seat}")
        await page.keyboard.press("Enter")
        await expect(page.locator(".pad")).to_be_visible()
        keys, began = Keys(page), time.monotonic()
        for value in VALUES[:7]:
            await keys.press(value)
        for value in VALUES[7:10]:
            await keys.press(*value.replace(".", ","), "Enter")
        await keys.press(VALUES[10])
        await keys.press("0", ",", "5", "+", "0", ",", "5", "Enter")
        await keys.press("Enter")
        await expect(page.locator(".pad h2")).to_contain_text("All typed")
        digits = sum(len(value.replace(".", "")) for value in VALUES) + 4
        assert keys.count <= digits + len(VALUES) + 5, (
            keys.count
        )  # commas, plus and the empty field
        assert time.monotonic() - began < 60
        await shoot(page, f"typing-{name}")
        await page.keyboard.press("Enter")
        await expect(page.locator(".said")).to_contain_text(
            "Another person types" if name == "clerk" else "both typings agree"
        )
        assert page.errors == []  # type: ignore[attr-defined]
        await page.context.close()

    (stored,) = await sheets(small)
    values = {a: m.value for a, m in stored.marks.items() if m.value is not None}
    assert [values[f"J{n}"] for n in range(1, 8)] == [2000] * 7
    assert [values[f"P{n}"] for n in range(1, 4)] == [18_500, 7_000, 20_000]
    assert values["W1"] == 3000
    assert [(d.code, d.points) for d in stored.marks["D1"].defects] == [("crack", 500)] * 2


async def test_the_second_sees_nothing_and_a_difference_is_shown_beside_the_picture(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    small = await contest()
    sheet = await first_sheet(small)
    scan = tmp_path / "scan.png"
    scan.write_bytes(picture(f"{sheet.code} {sheet.judge.seat}"))
    one, two = [await typist(browser, server, small, name) for name in ("clerk", "clerk-2")]

    await type_all(one, str(sheet.sheet), VALUES)
    await one.locator("#scan").set_input_files(scan)
    await expect(one.locator(".said")).to_contain_text("kept")
    await one.locator(".main").click()
    await expect(one.locator("#which")).to_be_visible()

    await two.reload()
    body = await two.inner_text("body")
    assert "18.5" not in body
    await open_sheet(two, str(sheet.sheet))
    assert "18.5" not in await two.inner_text("body")
    await type_rest(two, [*VALUES[:7], "13.5", *VALUES[8:]])
    await two.locator(".main").click()

    cells = two.locator(".cells tbody tr")
    await expect(cells).to_have_count(1)
    assert [await cells.locator("td").nth(n).inner_text() for n in (0, 1)] == ["13.5", "18.5"]
    await expect(two.locator(".picture img")).to_be_visible()
    assert await two.evaluate("document.querySelector('.picture img').naturalWidth") == 400
    await shoot(two, "differs")
    assert await violations(two) == []

    await two.get_by_role("button", name="Mine was wrong").click()
    await two.keyboard.type("18.5")
    await two.keyboard.press("Enter")
    await two.keyboard.press("Enter")
    await expect(two.locator(".said")).to_contain_text("both typings agree")
    (stored,) = await sheets(small)
    assert stored.paper is not None
    assert len(stored.paper.scan) == 64


async def test_the_pad_takes_touches_and_refuses_what_cannot_be(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    sheet = await first_sheet(small)
    page = await typist(browser, server, small, "clerk", viewport=PHONE)
    await open_sheet(page, str(sheet.sheet))
    pad = page.locator(".pad")
    await pad.get_by_role("button", name="7", exact=True).tap()
    await expect(page.locator(".wrong")).to_contain_text("Only 0 to 3")
    full_width = "document.dispatchEvent(new KeyboardEvent('keydown', {key: '３', bubbles: true}))"
    await page.evaluate(full_width.replace("document.", "document.body."))
    await expect(page.locator(".sheet td.value").first).to_have_text("3")
    for _ in range(6):
        await pad.get_by_role("button", name="3", exact=True).tap()
    for key in ("2", "1"):
        await pad.get_by_role("button", name=key, exact=True).tap()
    await pad.get_by_role("button", name="Next").tap()
    await expect(page.locator(".wrong")).to_contain_text("Only 0 to 20 in steps of 0.5")
    await pad.get_by_role("button", name="Nothing to mark").tap()
    await expect(pad.locator("h2")).to_contain_text("9.")
    await shoot(page, "pad-phone")
    sizes = await pad.locator("button:visible").evaluate_all(
        "nodes => nodes.map((node) => Math.min(node.offsetWidth, node.offsetHeight))"
    )
    assert min(sizes) >= 52
    assert await violations(page) == []
    assert await sideways(page) == 0


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "pt"])
async def test_every_sheet_prints_on_pages_that_nothing_runs_over(
    database: Settings, server: Server, browser: Browser, language: str
) -> None:
    small = await contest()
    await small.submit(small.judges[0], await small.code_of(small.entries[0], "A"), {}, module="A")
    context = await browser.new_context(viewport=LANDSCAPE)
    page = await context.new_page()
    target = f"/judging/paper/{small.contest}?lang={language}"
    await enter(page, server, small.accounts["clerk"], target)

    paper = await paper_of(small.contest)
    waiting = [one for one in paper.sheets if one.state == "open"]
    printed = page.locator(".sheet")
    assert await page.locator(".sheet .lines").count() == len(waiting) == 3
    over = await printed.evaluate_all(
        """nodes => nodes.filter((node) => {
          const last = node.querySelector("footer").getBoundingClientRect();
          return node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1
            || last.bottom > node.getBoundingClientRect().bottom;
        }).length"""
    )
    assert over == 0
    names = [account for account in ("选手", "队") if account in await page.inner_text(".sheets")]
    assert names == []
    sizes = await page.evaluate(
        "[...document.querySelectorAll('.sheet .code')].map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 40
    assert await violations(page) == []
    if language in {"en", "zh-Hans"}:
        await shoot(page, f"print-page-{language}")
        if os.environ.get("SHOTS"):
            await printed.first.screenshot(path=f"{os.environ['SHOTS']}/sheet-{language}.png")
            await printed.nth(1).screenshot(path=f"{os.environ['SHOTS']}/sheet-{language}-2.png")
    pdf = await page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") in {await printed.count(), 0}


async def test_the_qr_of_a_sheet_says_its_slot(
    database: Settings, server: Server, browser: Browser
) -> None:
    import zxingcpp

    small = await contest()
    context = await browser.new_context(viewport=LANDSCAPE, device_scale_factor=2)
    page = await context.new_page()
    await enter(page, server, small.accounts["clerk"], f"/judging/paper/{small.contest}")
    sheet = await first_sheet(small)
    shot = await page.locator(".sheet").first.locator(".qr").screenshot()
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(shot)))
    assert found is not None
    assert found.text.lower() == str(sheet.sheet)


async def test_the_pages_have_room_in_both_orientations(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    sheet = await first_sheet(small)
    page = await typist(browser, server, small, "clerk")
    for name, viewport in (("landscape", LANDSCAPE), ("portrait", PORTRAIT), ("phone", PHONE)):
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert await sideways(page) == 0
        await shoot(page, f"list-{name}")
    assert await violations(page) == []
    await open_sheet(page, str(sheet.sheet))
    for name, viewport in (("landscape", LANDSCAPE), ("portrait", PORTRAIT), ("phone", PHONE)):
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert await sideways(page) == 0
        await shoot(page, f"pad-{name}")


async def test_the_printed_qr_is_read_by_the_camera_of_the_typing_page(
    database: Settings, server: Server, browser: Browser, tmp_path: Path
) -> None:
    small = await contest()
    sheet = await first_sheet(small)
    context = await browser.new_context(viewport=LANDSCAPE, device_scale_factor=2)
    printed = await context.new_page()
    await enter(printed, server, small.accounts["clerk"], f"/judging/paper/{small.contest}")
    shot = await printed.locator(".sheet").first.locator(".qr").screenshot()
    await context.close()
    reel = film([Image.open(io.BytesIO(shot)).convert("L")], tmp_path / "sheet.mjpeg")
    async with filmed_browser(reel) as filmed:
        page = await typist(filmed, server, small, "clerk")
        await page.get_by_role("button", name="Scan with the camera").click()
        await expect(page.locator(".pad")).to_be_visible(timeout=60_000)
        await expect(page.locator(".bar .code")).to_have_text(sheet.code)
        assert page.errors == []  # type: ignore[attr-defined]


async def open_sheet(page: Page, sheet: str) -> None:
    await page.locator("#which").fill(sheet.upper())
    await page.keyboard.press("Enter")
    await expect(page.locator(".pad")).to_be_visible()


async def type_all(page: Page, sheet: str, values: list[str]) -> None:
    await open_sheet(page, sheet)
    await type_rest(page, values)


async def type_rest(page: Page, values: list[str]) -> None:
    for value in [*values[:7]]:
        await page.keyboard.press(value)
    for value in values[7:10]:
        await page.keyboard.type(value)
        await page.keyboard.press("Enter")
    await page.keyboard.press(values[10])
    for _ in range(2):
        await page.keyboard.press("Enter")
    await expect(page.locator(".main")).to_be_enabled()


def picture(words: str) -> bytes:
    out = io.BytesIO()
    drawn = Image.new("RGB", (400, 560), "white")
    ImageDraw.Draw(drawn).text((40, 40), words, fill="black")
    drawn.save(out, "PNG")
    return out.getvalue()


async def sideways(page: Page) -> int:
    found: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return max(0, found)
