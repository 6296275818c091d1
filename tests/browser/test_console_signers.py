"""The rooms of who signs elsewhere in a real Chromium: on a phone and a desktop, nothing for axe to find."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.security import SYSTEM, Role, Scope
from core.settings import Settings
from credentials.keys import new_private_key
from credentials.partners import actions as partners
from credentials.trusting.actions import accept_installation
from tests.admin.test_signers_pages import other_installation
from tests.browser.kit import enter, violations
from tests.credentials.facts import BODY
from tests.credentials.test_partner_signing import consented, granted, partner
from tests.factories_accounts import make_account
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PICTURES = os.environ.get("JIANGXIN_TEST_PICTURES", "")
"""A folder for pictures to look at."""


async def look(page: Page, name: str) -> None:
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate(WIDER), (name, width)
        assert await violations(page) == [], (name, width)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


async def test_both_rooms_are_legible_and_accessible(
    database: Settings, server: Server, page: Page
) -> None:
    await partner(new_private_key())
    await consented(*await granted("张伟", "欧阳晓明"))
    await partners.send_batch(SYSTEM, BODY)
    bundle, root = other_installation()
    await accept_installation(SYSTEM, bundle, root=root)
    office = await make_account((Role.ORGANISER, Scope("issuer", BODY)))
    administrator = await make_account(Role.ADMINISTRATOR)

    for room, account in (("partners", office), ("installations", administrator)):
        await enter(page, server, account, f"/console/{room}?lang=zh-Hans")
        for language in ("zh-Hans", "pt"):
            await page.goto(f"{server.url}/console/{room}?lang={language}")
            await page.locator("details.asks summary").first.click()
            await look(page, f"signers-{room}-{language}")

    await page.goto(f"{server.url}/console/installations?lang=en")
    await page.get_by_label("Its trust bundle").fill(bundle)
    await page.get_by_label("Thumbprint of its offline root").fill(root)
    await page.get_by_role("button", name="Look at it first").press("Enter")
    await expect(page.get_by_text("Nothing is accepted yet.")).to_be_visible()
    assert await violations(page) == []
