"""One story in a real Chromium: from the organiser's click to the holder's excerpt, opened by a stranger
and ended again. Without JavaScript for the holder and the stranger, on a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from core.settings import Settings
from credentials.tables import Certificate
from tests.browser.kit import enter, violations
from tests.browser.test_console_safety import final_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PHONE = {"width": 390, "height": 844}


async def clean(page: Page) -> None:
    for width in (390, 1180):
        await page.set_viewport_size({"width": width, "height": 844})
        assert not await page.evaluate(WIDER), width
        assert await violations(page) == []
    await page.set_viewport_size(PHONE)


async def test_from_the_organiser_s_click_to_an_excerpt_that_is_ended(
    database: Settings, server: Server, page: Page, browser: Browser
) -> None:
    small = await final_contest()
    target = f"/console/contests/{small.contest}/holders?lang=en"
    while await Certificate.count() < 2:
        await page.wait_for_timeout(100)
    await enter(page, server, small.accounts["organiser"], target)
    assert await violations(page) == []
    await page.get_by_role("button", name="Link for the holder").first.click()
    link = await page.get_by_label("Link").input_value()
    owner = await page.locator(".handed strong").inner_text()
    assert await violations(page) == []

    context = await browser.new_context(locale="en", viewport=PHONE, java_script_enabled=False)
    holder, stranger = await context.new_page(), await context.new_page()
    await holder.goto(server.url + "/mine/in/" + link.rpartition("/")[2])
    await holder.get_by_role("button", name="Show my certificates").click()
    await expect(holder.locator(".lead")).to_have_text(owner)
    await holder.get_by_role("link", name="Show it to somebody").first.click()
    await holder.get_by_label("In full").check()
    await holder.get_by_label("For whom (only you see this)").fill("A new employer")
    await holder.get_by_role("button", name="Make the link", exact=True).press("Enter")
    shared = await holder.get_by_label("Link", exact=True).input_value()

    address = server.url + "/shown/" + shared.rpartition("/")[2]
    await stranger.goto(address)
    await expect(stranger.locator(".excerpt")).to_contain_text(owner)
    await expect(stranger.locator(".excerpt")).to_contain_text("Genuine")
    await holder.goto(f"{server.url}/mine")
    await expect(holder.locator("#shares")).to_contain_text("opened 1 times")
    await holder.get_by_role("button", name="End this link: A new employer").press("Enter")
    await stranger.reload()
    await expect(stranger.get_by_role("heading", level=1)).to_have_text(
        "This link shows nothing now"
    )
    cookies = await context.cookies()
    await context.close()

    await page.context.clear_cookies()
    await page.context.add_cookies(cookies)
    for path in ("/mine", "/mine?lang=zh-Hans"):
        await page.goto(server.url + path)
        await clean(page)
    await page.locator(".certificate h3 a").first.click()
    await clean(page)
    await page.goto(address)
    await clean(page)
