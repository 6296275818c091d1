"""The tablet's main path in Firefox and in WebKitGTK, Safari's stand-in: enrol, sign in by PIN, mark,
sign, lose the server, load the page again without it, and send when it is back."""

from __future__ import annotations

import json

import pytest

from core.settings import Settings
from tests.browser.tablets import ROWS, enrolment_link, pins_for, stored_sheets
from tests.contests.tablets.kit import PIN
from tests.factories_contests import Seat, small_contest
from tests.fixtures.other_browsers import Firefox, OtherBrowser, WebKit
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def test_a_day_in_firefox(database: Settings, server: Server, firefox: Firefox) -> None:
    await a_day(firefox, server)


async def test_a_day_in_webkit(database: Settings, server: Server, webkit: WebKit) -> None:
    await a_day(webkit, server)


async def test_marks_survive_the_death_of_firefox(
    database: Settings, server: Server, firefox: Firefox
) -> None:
    small = await small_contest()
    await pins_for(small.judges[0].account)
    await firefox.goto(await enrolment_link(small, server.url))
    await sign_in(firefox, small.judges[0])
    await kept_for_airplane_mode(firefox)
    await firefox.click('[data-aspect="look"] .ten:nth-of-type(2)')
    await firefox.wait_for(saved())

    server.kill()
    await firefox.kill()
    await firefox.start()
    await firefox.goto(f"{server.url}/judging/")
    await sign_in(firefox, small.judges[0])

    value = "return document.querySelector('[data-aspect=\"look\"] input.value')?.value || null"
    assert await firefox.wait_for(value) == "10"


async def a_day(browser: OtherBrowser, server: Server) -> None:
    small = await small_contest()
    await pins_for(small.judges[0].account)
    await browser.goto(await enrolment_link(small, server.url))
    await sign_in(browser, small.judges[0])

    await mark_and_sign(browser)
    await browser.wait_for(outbox("rows.length === 1 && rows[0].receipt"), what="a receipt")
    await kept_for_airplane_mode(browser)

    server.kill()
    await mark_and_sign(browser)
    await browser.wait_for("return document.querySelector('#link').dataset.link !== 'online'")
    await browser.goto(f"{server.url}/judging/")
    await sign_in(browser, small.judges[0])
    assert await browser.evaluate(outbox("rows.length === 2 && rows.some((row) => !row.receipt)"))

    server.start()
    await browser.wait_for(
        outbox("rows.every((row) => row.receipt)"), what="all receipts", seconds=60
    )
    stored = await stored_sheets(small)
    assert [payload.seq for payload in stored] == [1, 2]
    assert all(payload.marks["look"].value == 18_000 for payload in stored)


async def sign_in(browser: OtherBrowser, seat: Seat) -> None:
    await browser.click(f'[data-account="{seat.account}"]')
    await browser.wait_for("return document.activeElement.matches('.pad')", what="the PIN pad")
    await browser.press_keys(PIN)
    await browser.wait_for("return document.querySelector('.card') !== null", what="the sheet")


async def mark_and_sign(browser: OtherBrowser) -> None:
    await browser.click('[data-aspect="look"] .ten:nth-of-type(2)')
    await browser.click('[data-aspect="look"] .row .chips .chip:nth-of-type(9)')
    await browser.click('[data-aspect="taste"] .ten:nth-of-type(4)')
    await browser.click('[data-aspect="taste"] .row .chips .chip:nth-of-type(3)')
    await browser.click('[data-aspect="care"] .levels .chip:nth-of-type(3)')
    await browser.wait_for(saved())
    await browser.click("#sign")
    await browser.click("dialog .confirm")
    await browser.wait_for(
        "return document.querySelector('dialog') === null", what="it to be signed"
    )


async def kept_for_airplane_mode(browser: OtherBrowser) -> None:
    await browser.wait_for(
        """
        const names = await caches.keys();
        const worker = navigator.serviceWorker?.controller;
        return Boolean(worker) && names.length > 0;
        """,
        what="the app to be kept",
    )


def saved() -> str:
    return "return document.querySelector('#saved').textContent.includes('✓')"


def outbox(condition: str) -> str:
    return f"const rows = await ({ROWS})({json.dumps('outbox')}); return Boolean({condition});"
