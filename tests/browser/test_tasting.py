"""The taster's phone in a real Chromium: in by paper code, one dish at a time, without a network too."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from contests.actions.running import end_judging
from contests.actions.tasters import TasterPlace, add_tasters
from contests.log import read
from contests.sheets import Payload, payload_of
from core.scoring.model import Aspect, Criterion, Kind, MissingPolicy, Module, Scheme, SubCriterion
from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import SmallContest, dish_scheme, small_contest, text
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def tasted(tasters: int = 2) -> Scheme:
    """The small scheme with a module that only tasters mark."""
    aspect = Aspect(
        "T1",
        Kind.POINTS,
        {"zh-Hans": "品鉴官总体评价", "en": "Tasters' overall mark"},
        100_000,
        step=1000,
        panel="tasters",
        judges=tasters,
        missing=MissingPolicy.PRESENT,
    )
    criteria = (Criterion("T", text("T"), (SubCriterion("T1", text("T1"), (aspect,)),)),)
    scheme = dish_scheme(1)
    tasting = Module("T", {"zh-Hans": "品鉴", "en": "Tasting"}, 100_000, criteria, weight=0)
    return replace(scheme, modules=(*scheme.modules, tasting))


async def contest(entrants: int = 3) -> tuple[SmallContest, list[TasterPlace]]:
    """Judging has started; two tasters have places."""
    from contests.actions import draw, running, setup

    small = await small_contest(entrants=entrants, judges=1, scheme=tasted(), until="draft")
    places = await add_tasters(await small.actor("organiser"), small.contest, 2)
    await setup.make_ready(await small.actor("organiser"), small.contest, now=small.at)
    officer, witness = await small.actor("encryption"), await small.actor("supervisor")
    for module in small.scheme.modules:
        await draw.draw_codes(officer, witness, small.contest, module.id, now=small.at)
    chief = await small.actor("chief")
    small.rules_hash = await running.start_judging(chief, small.contest, now=small.at)
    return small, places


async def phone(browser: Browser, **more: Any) -> Page:
    options = {"viewport": PHONE, "has_touch": True, "locale": "en-GB", **more}
    context = await browser.new_context(**options)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # type: ignore[attr-defined]
    return page


async def come_in(page: Page, server: Server, code: str) -> None:
    """As the QR of the paper leads: opening uses nothing up, the button does."""
    await page.goto(f"{server.url}/taste#{code}")
    await page.locator("#enter").tap()
    await expect(page.locator("h1.code")).to_be_visible()


async def mark(page: Page, tens: str, ones: str) -> None:
    await page.locator(".dish .chip", has_text=tens).first.tap()
    await page.locator(".dish .chip", has_text=ones).first.tap()


async def confirm(page: Page) -> None:
    await page.locator("#confirm").tap()


async def sheets(small: SmallContest) -> list[Payload]:
    lines = [line for line in await read(small.contest) if line.kind == "sheet"]
    return [payload_of(json.loads(line.body)["jws"]) for line in lines]


async def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_a_taster_comes_in_by_paper_marks_every_dish_and_goes_back(
    database: Settings, server: Server, browser: Browser
) -> None:
    small, places = await contest()
    page = await phone(browser)
    await page.goto(f"{server.url}/taste")
    await page.locator("#code").fill("00000 00000")
    await page.locator("#enter").tap()
    await expect(page.locator("#told")).to_contain_text("not known")
    await shoot(page, "taste-login")
    assert await violations(page) == []

    await come_in(page, server, places[0].code.lower())
    codes = []
    for ones in ("+5", "+6", "+7"):
        codes.append(await page.locator("h1.code").inner_text())
        await mark(page, "80", ones)
        await expect(page.locator("#confirm")).to_be_enabled()
        await shoot(page, f"taste-dish{ones}")
        await confirm(page)
        await expect(page.locator(".progress")).to_contain_text(f"{len(codes)} confirmed")
    await expect(page.locator(".pill")).to_contain_text("Connected")

    stored = {s.code: s.marks["T1"].value for s in await sheets(small)}
    assert sorted(stored.values()) == [85_000, 86_000, 87_000]
    await page.locator("#previous").tap()
    await mark(page, "90", "+1")
    await expect(page.locator("#confirm")).to_contain_text("Confirm the change")
    await confirm(page)
    await expect(page.locator("#confirm")).to_contain_text("Confirmed")
    await expect(page.locator(".pill")).to_contain_text("Connected")
    again = [s for s in await sheets(small) if s.base]
    assert [s.marks["T1"].value for s in again] == [91_000]
    assert page.errors == []  # type: ignore[attr-defined]


async def test_a_taster_sees_neither_names_nor_other_marks(
    database: Settings, server: Server, browser: Browser
) -> None:
    _, places = await contest()
    one, two = await phone(browser), await phone(browser)
    heard: list[str] = []

    async def listen(response: Any) -> None:
        if "/api/" in response.url:
            heard.append(await response.text())

    two.on("response", listen)
    await come_in(one, server, places[0].code)
    await mark(one, "70", "+3")
    await confirm(one)
    await expect(one.locator(".progress")).to_contain_text("1 confirmed")
    await come_in(two, server, places[1].code)
    await mark(two, "60", "+1")
    await confirm(two)
    await expect(two.locator(".progress")).to_contain_text("1 confirmed")

    everything = "".join(heard)
    assert '"73"' not in everything
    assert "选手" not in everything
    assert "look" not in everything  # nor any aspect of the judges


async def test_it_goes_on_without_a_network_and_sends_later_by_itself(
    database: Settings, server: Server, browser: Browser
) -> None:
    small, places = await contest()
    page = await phone(browser)
    await come_in(page, server, places[0].code)
    await kept_for_airplane_mode(page)
    server.kill()
    await page.reload()
    await expect(page.locator("h1.code")).to_be_visible()
    for ones in ("+1", "+2"):
        await mark(page, "50", ones)
        await confirm(page)
    await expect(page.locator(".pill")).to_contain_text("2 to send")
    await page.reload()
    await expect(page.locator(".pill")).to_contain_text("2 to send")
    assert await sheets(small) == []

    server.start()
    await expect(page.locator(".pill")).to_contain_text("Connected", timeout=40_000)
    assert sorted(s.marks["T1"].value or 0 for s in await sheets(small)) == [51_000, 52_000]


async def kept_for_airplane_mode(page: Page) -> None:
    """Until the service worker has the page, as it asks for after the shell."""
    for _ in range(100):
        there = await page.evaluate(
            """async () => {
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                const page = await cache.match("/judging/taste");
                if (!page) continue;
                const script = /src="([^"]+index.js)"/.exec(await page.text())[1];
                if (await cache.match(script)) return Boolean(navigator.serviceWorker.controller);
              }
              return false;
            }"""
        )
        if there:
            return
        await page.wait_for_timeout(200)
    raise AssertionError("the service worker did not keep the tasters' page")


async def test_when_marking_has_ended_the_dishes_can_only_be_read(
    database: Settings, server: Server, browser: Browser
) -> None:
    small, places = await contest(entrants=1)
    page = await phone(browser)
    await come_in(page, server, places[0].code)
    await mark(page, "80", "+5")
    await confirm(page)
    await expect(page.locator(".state").first).to_contain_text("stored")
    for module in ("dish", "theory"):
        for code in (await small.codes())[module]:
            given = (
                {"paper": "25"}
                if module == "theory"
                else {"look": "18", "taste": "30", "care": "2"}
            )
            await small.submit(small.judges[0], code, given, module=module)
    other = await phone(browser)
    await come_in(other, server, places[1].code)
    await mark(other, "70", "+5")
    await confirm(other)
    await expect(other.locator(".progress")).to_contain_text("1 confirmed")
    await end_judging(await small.actor("chief"), small.contest, now=small.at)

    await expect(page.locator(".state").first).to_contain_text("can't be changed", timeout=20_000)
    await expect(page.locator("#confirm")).to_be_disabled()
    assert await violations(page) == []


async def test_the_organiser_makes_places_and_prints_papers_whose_qr_leads_in(
    database: Settings, server: Server, browser: Browser, settings: Settings
) -> None:
    small, _ = await contest()
    page = await phone(browser, viewport=LANDSCAPE)
    await enter(page, server, small.accounts["clerk"], f"/judging/tasting/{small.contest}?lang=en")
    await page.locator("#count").fill("999")
    await page.locator("form button").nth(1).click()
    await expect(page.locator('[role="alert"]')).to_be_visible()
    await page.locator("#count").fill("3")
    await page.get_by_role("button", name="Add and print the papers").click()
    await expect(page.locator(".paper")).to_have_count(3)
    assert await page.locator(".paper .seat").all_inner_texts() == ["T3", "T4", "T5"]
    code = await page.locator(".paper .code").first.inner_text()
    await shoot(page, "papers")
    assert await violations(page) == []
    await page.get_by_role("link", name="All places").click()
    await expect(page.locator("tbody tr")).to_have_count(5)
    assert code.replace(" ", "") not in await page.content()
    await shoot(page, "places")
    assert await violations(page) == []

    taster = await phone(browser)
    await come_in(taster, server, code.replace(" ", ""))
    await expect(taster.locator(".who")).to_contain_text("T3")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "pt"])
async def test_four_languages_and_large_text_without_sideways_scrolling(
    database: Settings, server: Server, browser: Browser, language: str
) -> None:
    _, places = await contest()
    page = await phone(browser)
    await come_in(page, server, places[0].code)
    await page.locator("select").select_option(language)
    await expect(page.locator("html")).to_have_attribute("lang", language)
    for viewport in (PHONE, PORTRAIT, LANDSCAPE):
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for size in range(3):
            assert await sideways(page) == 0, (viewport, size)
            if viewport == PHONE and language in {"zh-Hans", "pt"}:
                await shoot(page, f"taste-{language}-{size}")
            await page.locator(".size").tap()
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sizes = await page.locator("button:visible, select:visible").evaluate_all(
        "nodes => nodes.map((node) => Math.min(node.offsetWidth, node.offsetHeight))"
    )
    assert min(sizes) >= 52
    assert await violations(page) == []


async def sideways(page: Page) -> int:
    found: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return max(0, found)
