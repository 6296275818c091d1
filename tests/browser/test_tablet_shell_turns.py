"""A shared tablet in a real Chromium: enrolled once, judges take turns, nothing of one is seen by another."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from contests.judging.tablets.pins import findings_of
from core.settings import Settings
from tests.browser.tablets import (
    APP,
    LEADER_PIN,
    all_stored,
    enrolled,
    enter_pin,
    mark_dish,
    pins_for,
    rows,
    sign,
    sign_in,
    stored_sheets,
    switch,
)
from tests.contests.tablets.kit import give_pin
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def test_two_judges_take_turns_on_one_tablet_and_sign_with_one_chain(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    first, second = small.judges[:2]
    await pins_for(first.account, second.account)
    tablet = await enrolled(browser, server, small)

    await sign_in(tablet, first)
    await mark_dish(tablet)
    await sign(tablet)
    await switch(tablet)
    await sign_in(tablet, second)
    await expect(tablet.locator("#who")).to_contain_text(second.name)
    assert (
        await tablet.locator('.chip[aria-pressed="true"], .chip[aria-checked="true"]').count() == 0
    )
    await mark_dish(tablet)
    await sign(tablet)
    await all_stored(tablet)

    stored = await stored_sheets(small)
    assert [payload.judge for payload in stored] == [first.appointment, second.appointment]
    assert [payload.seq for payload in stored] == [1, 2]
    assert stored[1].prev != ""
    assert tablet.errors == []  # type: ignore[attr-defined]


async def test_a_first_pin_is_changed_and_a_wrong_one_opens_nothing(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await give_pin(judge.account, "381940", first=True)
    tablet = await enrolled(browser, server, small)

    await tablet.locator(f'[data-account="{judge.account}"]').tap()
    await enter_pin(tablet, "111222")
    await expect(tablet.get_by_role("alert")).to_contain_text("wrong")
    await enter_pin(tablet, "381940")
    await expect(tablet.locator("#asked")).to_contain_text("Choose your own PIN")
    await enter_pin(tablet, "123456")
    await enter_pin(tablet, "123456")
    await expect(tablet.get_by_role("alert")).to_contain_text("guess")
    await enter_pin(tablet, "604827")
    await enter_pin(tablet, "604828")
    await expect(tablet.get_by_role("alert")).to_contain_text("not the same")
    for _ in range(2):
        await tablet.keyboard.type("604827")
        await tablet.wait_for_timeout(200)

    await expect(tablet.locator(".card").first).to_be_visible(timeout=15_000)
    await switch(tablet)
    await sign_in(tablet, judge, "604827")


async def test_a_forgotten_pin_is_reset_by_a_leader_on_the_tablet(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await give_pin(judge.account)
    await give_pin(small.accounts["leader"], LEADER_PIN)
    tablet = await enrolled(browser, server, small)

    await tablet.locator(f'[data-account="{judge.account}"]').tap()
    await tablet.get_by_role("button", name="Forgotten PIN").tap()
    await tablet.locator(".person", has_text="leader").tap()
    await enter_pin(tablet, LEADER_PIN)
    pin = await tablet.locator("#new-pin").inner_text()
    await tablet.get_by_role("button", name="Done").tap()
    await enter_pin(tablet, pin)
    await expect(tablet.locator("#asked")).to_contain_text("Choose your own PIN")
    for _ in range(2):
        await enter_pin(tablet, "829305")

    await expect(tablet.locator(".card").first).to_be_visible(timeout=15_000)


async def test_switching_leaves_nothing_of_the_other_judge_in_the_page(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    first, second = small.judges[:2]
    await pins_for(first.account, second.account)
    tablet = await enrolled(browser, server, small)
    await sign_in(tablet, first)
    await mark_dish(tablet)
    await tablet.locator('[data-aspect="look"] .dots').tap()
    note = tablet.locator('[data-aspect="look"] .note').first
    await note.fill("secret of the first")
    await note.blur()
    await expect(tablet.locator("#saved")).to_contain_text("✓")

    await switch(tablet)
    page = await tablet.content()
    fields = await tablet.evaluate("[...document.querySelectorAll('input')].map((n) => n.value)")
    await sign_in(tablet, second)
    after = await tablet.content()

    assert "secret" not in page + after
    assert "18.5" not in page + after
    assert fields == []
    session = await tablet.evaluate(
        """async () => {
          const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
          const { app } = await import(base + "app.js");
          return [app.session.account, JSON.stringify(app.session.table())];
        }"""
    )
    assert session[0] == str(second.account)
    assert "18.5" not in session[1]


async def test_a_tablet_that_nobody_touches_locks_itself(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    judge = small.judges[0]
    await pins_for(judge.account)
    tablet = await enrolled(browser, server, small)
    await tablet.clock.install()
    await tablet.reload()
    await sign_in(tablet, judge)

    await tablet.clock.fast_forward("05:05")

    await expect(tablet.get_by_role("heading", name="Who is marking?")).to_be_visible()
    assert await tablet.locator(".card").count() == 0


async def test_judges_who_signed_in_once_take_turns_without_a_network(
    database: Settings, server: Server, browser: Browser
) -> None:
    small = await small_contest()
    first, second, third = small.judges
    await pins_for(first.account, second.account, third.account)
    tablet = await enrolled(browser, server, small)
    for judge in (first, second):
        await sign_in(tablet, judge)
        await switch(tablet)

    server.kill()
    for judge in (first, second):
        await sign_in(tablet, judge)
        await mark_dish(tablet)
        await sign(tablet)
        await switch(tablet)
    await tablet.locator(f'[data-account="{second.account}"]').tap()
    await enter_pin(tablet, "111222")
    await expect(tablet.get_by_role("alert")).to_contain_text("not right")
    await tablet.get_by_role("button", name="Somebody else").tap()
    await tablet.locator(f'[data-account="{third.account}"]').tap()
    await enter_pin(tablet)
    await expect(tablet.get_by_role("alert")).to_contain_text("needs a connection")

    server.start()
    await all_stored(tablet)
    assert [payload.judge for payload in await stored_sheets(small)] == [
        first.appointment,
        second.appointment,
    ]
    assert len(await rows(tablet, "outbox")) == 2


async def test_the_tablet_refuses_at_once_what_the_server_would_refuse(
    database: Settings, server: Server, browser: Browser
) -> None:
    page = await enrolled(browser, server, await small_contest())
    pins = ["111111", "121212", "123456", "987654", "890123", "123123", "122122", "246813", "135790", "246801",
            "903517", "112358", "100200", "010203", "121221", "000001"]  # fmt: skip
    said = await page.evaluate(
        f"""async (pins) => {{
          const {{ isSimple }} = await import({APP} + "faces/pin.js");
          return pins.map(isSimple);
        }}""",
        pins,
    )

    assert said == [bool(findings_of(pin)) for pin in pins]
    assert 0 < sum(said) < len(pins)
