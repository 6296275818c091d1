"""Craftsmen and enterprises in a real Chromium: one story from the office's click to the confirmed result, every page
at a phone and a desktop."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.security import Role
from core.settings import Settings
from credentials.matching.registry import scope_of
from tests.browser.kit import enter, violations
from tests.credentials.matching.kit import THEIR_TELEPHONE, enterprise, filed, listed, union
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""


async def look(page: Page, name: str) -> None:
    """At a phone and at a desktop: nothing runs over the edge, and axe finds nothing."""
    for width, height in ((390, 844), (1280, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        assert not await page.evaluate(WIDER), (name, width)
        assert await violations(page) == [], (name, width)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


async def test_an_offer_is_accepted_by_its_link_and_the_visit_reported_with_the_keyboard(
    database: Settings, server: Server, page: Page
) -> None:
    house = await union()
    craftsman = await listed(house)
    need = await filed(house, company=await enterprise(house))
    office = await make_account((Role.ORGANISER, scope_of(house.id)))
    base = f"/console/matching/{house.id}"
    await enter(page, server, office, f"{base}/needs/{need}?lang=zh-Hans")

    await look(page, "office-need")
    await page.check(f"#c-{craftsman}")
    await page.get_by_role("button", name="派单给所选工匠").press("Enter")
    link = await page.locator("#address-1").input_value()
    await look(page, "office-links")
    await page.context.clear_cookies()
    await page.goto(link + "?lang=zh-Hans")
    await expect(page.get_by_text(THEIR_TELEPHONE)).to_have_count(0)
    await look(page, "craftsman-link")
    await page.get_by_role("button", name="接单", exact=True).press("Enter")
    await expect(page.get_by_text(THEIR_TELEPHONE)).to_be_visible()
    await page.fill("#hours", "2.5")
    await page.get_by_role("button", name="登记", exact=True).press("Enter")
    await expect(page.locator("table tbody tr")).to_have_count(1)
    await look(page, "craftsman-offer")
    await page.goto(f"{server.url}/matching?lang=pt")
    await look(page, "craftsman-home-pt")


async def test_the_office_and_the_enterprise_see_legible_and_accessible_pages(
    database: Settings, server: Server, page: Page
) -> None:
    house = await union()
    craftsman = await listed(house)
    await filed(house)
    office = await make_account((Role.ORGANISER, scope_of(house.id)))
    base = f"/console/matching/{house.id}"
    await enter(page, server, office, f"{base}?lang=zh-Hans")

    pages = {
        "needs": "",
        "craftsmen": "/craftsmen",
        "one": f"/craftsmen/{craftsman}",
        "teams": "/teams",
        "enterprises": "/enterprises",
        "figures": "/figures",
    }
    for name, path in pages.items():
        for language in ("zh-Hans", "pt") if PICTURES else ("pt",):
            await page.goto(f"{server.url}{base}{path}?lang={language}")
            await look(page, f"office-{name}-{language}")
    await page.goto(f"{server.url}{base}/enterprises?lang=zh-Hans")
    await page.fill("#name", "东区模具厂")
    await page.get_by_role("button", name="生成邀请").press("Enter")
    link = await page.locator("#address-1").input_value()
    await page.context.clear_cookies()
    await page.goto(link + "?lang=zh-Hans")
    await page.get_by_role("button", name="进入页面").press("Enter")
    await page.fill("#trade", "焊工")
    await page.fill("#problem", "请电 0760 8888 9999")
    await page.fill("#person", "黄厂长")
    await page.get_by_role("button", name="提交", exact=True).press("Enter")
    await expect(page.locator("#problem[role=alert], .notice.bad")).to_contain_text("联系方式栏")
    await look(page, "enterprise-mistakes")
    await page.goto(f"{server.url}/matching?lang=en")
    await look(page, "enterprise-home-en")
