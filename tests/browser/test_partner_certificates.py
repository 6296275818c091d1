"""Choosing what a test is recognised for, in a real Chromium: nothing for axe to find, all by keys."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from contests.tables import Competition
from core.settings import Settings
from tests.browser.kit import enter, violations
from tests.factories_contests import small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


async def test_an_organiser_chooses_a_partners_certificate_by_keys_on_a_narrow_screen(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(facts={"held_on": "2024-10-11"}, until="draft")
    await Competition.update({Competition.authorities: '["macao"]'}).where(
        Competition.id == small.competition
    )
    await page.set_viewport_size({"width": 390, "height": 844})
    at = f"/console/contests/{small.contest}/partner-rules"
    await enter(page, server, small.accounts["organiser"], f"{at}?lang=en")
    macao = page.get_by_role("group", name="Proof of vocational skills")

    await macao.get_by_role("checkbox").focus()
    await page.keyboard.press("Space")
    await macao.get_by_label("Points needed for it").fill("many")
    await page.get_by_role("button", name="Save the certificates").press("Enter")
    await expect(macao.get_by_text("“many” are no points")).to_be_visible()
    assert await violations(page) == []
    await macao.get_by_label("Level that you propose").select_option("junior")
    await macao.get_by_label("Points needed for it").fill("60")
    await page.get_by_role("button", name="Save the certificates").press("Enter")

    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(macao.get_by_role("checkbox")).to_be_checked()
    assert await violations(page) == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
