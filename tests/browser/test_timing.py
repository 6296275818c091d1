"""The time-keeper's page in a real Chromium: one tap a stamp, kept before it is sent, sent in order, once."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from contests.actions import people
from contests.log import read
from core.scoring.model import OverTime
from core.security import Role
from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import SmallContest, dish_scheme, make_account, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


async def contest(limit: int = 3600) -> SmallContest:
    scheme = dish_scheme()
    timed = replace(scheme.modules[0], over_time=OverTime(limit=limit, points=500))
    small = await small_contest(
        entrants=3, scheme=replace(scheme, modules=(timed, scheme.modules[1]))
    )
    keeper = small.accounts["keeper"] = await make_account("keeper")
    organiser = await small.actor("organiser")
    await people.appoint(organiser, small.contest, keeper, Role.TIME_KEEPER)
    return small


async def clocks(browser: Browser, server: Server, small: SmallContest, **more: Any) -> Page:
    """The time-keeper's page with its clocks."""
    options = {"viewport": LANDSCAPE, "has_touch": True, "locale": "en-GB", **more}
    page = await (await browser.new_context(**options)).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # type: ignore[attr-defined]
    await enter(page, server, small.accounts["keeper"], f"/judging/timing/{small.contest}")
    await expect(page.locator(".clock")).to_have_count(3)
    return page


def clock(page: Page, code: str) -> Locator:
    return page.locator(f'.clock[data-code="{code}"]')


async def tap(page: Page, code: str, name: str) -> None:
    await clock(page, code).locator(f".act.{name.lower()}").tap()


async def stamps(small: SmallContest, kind: str = "clock") -> list[dict[str, Any]]:
    return [json.loads(line.body) for line in await read(small.contest) if line.kind == kind]


async def all_sent(page: Page) -> None:
    await expect(page.locator(".pill").nth(1)).to_have_text("All sent", timeout=40_000)


async def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_one_tap_stamps_and_a_pause_takes_its_cause_afterwards(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    page = await clocks(browser, server, small)
    code = await small.code_of(small.entries[0])
    for name in ("Start", "Pause"):
        await tap(page, code, name)
        await page.wait_for_timeout(600)
    paused_at = datetime.now().astimezone()
    await expect(page.locator("dialog")).to_contain_text(f"Why is {code} paused?")
    await shoot(page, "timing-cause")
    assert await violations(page) == []
    await page.wait_for_timeout(1200)
    await page.get_by_role("button", name="Power cut").tap()
    await expect(clock(page, code)).to_have_attribute("data-state", "paused")
    for name in ("Resume", "Stop"):
        await tap(page, code, name)
        await page.wait_for_timeout(600)
    await all_sent(page)

    found = await stamps(small)
    assert [one["stamp"] for one in found] == ["start", "pause", "resume", "stop"]
    assert [bool(one["reason_hash"]) for one in found] == [False, True, False, False]
    at = datetime.fromisoformat(found[1]["at"])
    assert (paused_at - at).total_seconds() < 5  # the tap's instant, not that of choosing the cause
    assert {one["by"] for one in found} == {str(small.accounts["keeper"])}
    await expect(clock(page, code)).to_have_attribute("data-state", "stopped")
    assert page.errors == []  # type: ignore[attr-defined]


async def test_stamps_without_a_network_are_kept_and_sent_later_in_order_and_once(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    page = await clocks(browser, server, small)
    await kept_for_airplane_mode(page)
    codes = list((await small.codes())["dish"])
    server.kill()
    await page.get_by_role("button", name="Start all 3 at once").tap()
    await page.get_by_role("button", name="Start now").tap()
    await expect(page.locator('.clock[data-state="running"]')).to_have_count(3)
    await page.wait_for_timeout(700)
    await tap(page, codes[1], "Stop")
    await page.reload()  # the device loses nothing, and opens without a network
    await expect(clock(page, codes[1])).to_have_attribute("data-state", "stopped")
    await expect(page.locator(".pill").nth(1)).to_have_text("4 to send")
    await shoot(page, "timing-offline")

    # The first answer is lost: the server takes the stamp, the device sends it again.
    lost = {"left": 2}

    async def lose(route: Any) -> None:
        await route.fetch()
        await route.abort() if lost["left"] > 0 else await route.fulfill(status=204)
        lost["left"] -= 1

    await page.context.route("**/api/v1/contests/*/clock", lose)
    server.start()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await all_sent(page)
    found = await stamps(small)
    assert [one["stamp"] for one in found] == ["start"] * 3 + ["stop"]
    assert len({one["id"] for one in found}) == 4
    assert len({one["at"] for one in found[:3]}) == 1


async def test_a_wrong_stamp_is_taken_back_with_a_reason_and_the_log_keeps_both(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    page = await clocks(browser, server, small)
    code = await small.code_of(small.entries[0])
    await tap(page, code, "Start")
    await expect(clock(page, code)).to_have_attribute("data-state", "running")
    await clock(page, code).get_by_role("button", name="Stamps").tap()
    await page.get_by_role("button", name="Take back Start").tap()
    await page.get_by_role("button", name="Tapped too early").tap()
    await expect(clock(page, code)).to_have_attribute("data-state", "ready")
    await all_sent(page)

    first, second = await stamps(small)
    assert (first["stamp"], second["stamp"], second["cancels"]) == ("start", "cancel", first["id"])
    assert second["reason_hash"]
    known = await small.replayed()
    assert known.by_code.timings == ()


async def test_compensation_has_a_cause_and_the_entrants_word(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    page = await clocks(browser, server, small, viewport=PHONE)
    code = await small.code_of(small.entries[0])
    await tap(page, code, "Start")
    await clock(page, code).get_by_role("button", name="Compensation").tap()
    give = page.get_by_role("button", name="Give the time")
    await expect(give).to_be_disabled()
    await page.get_by_role("button", name="5 min", exact=True).tap()
    await page.get_by_role("button", name="One minute more").tap()
    await page.get_by_role("button", name="Equipment failed").tap()
    await page.locator("#acknowledged").check()
    await shoot(page, "timing-compensation")
    assert await violations(page) == []
    await give.tap()
    await expect(clock(page, code).locator(".facts")).to_contain_text("given back")
    await all_sent(page)

    (found,) = await stamps(small, "interruption")
    assert (found["seconds"], found["acknowledged"]) == (360, True)
    assert found["reason_hash"]


async def test_over_time_is_said_from_the_schemes_limit(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest(limit=2)
    page = await clocks(browser, server, small)
    code = await small.code_of(small.entries[0])
    await tap(page, code, "Start")
    await expect(clock(page, code)).to_contain_text("left")
    await expect(clock(page, code)).to_contain_text("over time by", timeout=8000)
    await expect(clock(page, code)).to_have_attribute("data-over", "yes")
    await shoot(page, "timing-over")
    assert await violations(page) == []


async def test_the_page_shows_no_marks_and_speaks_four_languages_with_room_for_each(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await contest()
    heard: list[str] = []

    async def listen(response: Any) -> None:
        if "/api/v1/judging/timing" in response.url:
            heard.append(await response.text())

    await small.judge_everything()
    page = await clocks(browser, server, small)
    page.on("response", listen)
    await page.reload()
    await expect(page.locator(".clock")).to_have_count(3)
    for language in ("zh-Hans", "zh-Hant", "pt", "en"):
        await page.locator("select").select_option(language)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        for name, viewport in (("landscape", LANDSCAPE), ("portrait", PORTRAIT), ("phone", PHONE)):
            await page.set_viewport_size(viewport)  # type: ignore[arg-type]
            wide = await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (language, name)
            if language in {"zh-Hans", "pt"}:
                await shoot(page, f"timing-{language}-{name}")
        assert await violations(page) == []
    sizes = await page.locator("button:visible").evaluate_all(
        "nodes => nodes.map((node) => Math.min(node.offsetWidth, node.offsetHeight))"
    )
    assert min(sizes) >= 52
    await expect(page.locator(".clock")).to_have_count(3)
    everything = "".join(heard)
    assert everything
    assert "39.5" not in everything
    assert "marks" not in everything
    assert "选手" not in everything


async def kept_for_airplane_mode(page: Page) -> None:
    for _ in range(150):
        there = await page.evaluate(
            """async () => {
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                const page = await cache.match("/judging/timing");
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
    raise AssertionError("the service worker did not keep the time-keepers' page")
