"""The organiser's console and the public page in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests.actions import closing
from core.settings import Settings
from tests.browser.kit import LANDSCAPE, PORTRAIT, enter, violations
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

TECHNICAL = re.compile(r"\b(hash|token|JWS|SHA-256|JSON)\b", re.IGNORECASE)


async def closed_contest() -> SmallContest:
    small = await small_contest(entrants=5)
    await small.judge_everything()
    await small.close()
    return small


async def console(page: Page, server: Server, small: SmallContest, name: str) -> None:
    await enter(page, server, small.accounts[name], f"/console/contests/{small.contest}")


async def test_the_page_of_a_contest_leads_to_its_results_without_a_script(
    database: Settings, server: Server, page: Page, tmp_path: Path
) -> None:
    small = await closed_contest()
    await console(page, server, small, "organiser")

    assert await page.locator("script:not([src])").count() == 0
    await page.screenshot(path=tmp_path / "console.png", full_page=True)
    assert await violations(page) == []
    await page.locator(
        f'main .card a[href="/console/contests/{small.contest}/results"]'
    ).first.click()

    await expect(page).to_have_url(re.compile("/results$"))


async def test_the_screens_speak_no_technical_language_until_asked_for_more(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    for language in ("en", "zh-Hans", "zh-Hant", "pt"):
        target = f"/console/contests/{small.contest}?lang={language}"
        await enter(page, server, small.accounts["organiser"], target)

        words = await page.locator("main").inner_text()

        assert not TECHNICAL.search(words), TECHNICAL.search(words)


async def test_two_persons_open_the_codes_and_the_chief_closes_by_buttons(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest()
    await small.judge_everything()

    await console(page, server, small, "chief")
    await page.locator(".next-step form button").first.click()
    await expect(page.locator(".waiting")).to_be_visible()
    await expect(page.locator(".waiting form")).to_have_count(0)
    await page.context.clear_cookies()
    await console(page, server, small, "supervisor")
    await page.locator(".waiting button").first.click()
    await expect(page.locator(".waiting")).to_have_count(0)
    await page.context.clear_cookies()
    await console(page, server, small, "chief")
    await page.locator(".next-step form button").first.click()
    await expect(page.locator(".signatures")).to_be_visible()

    assert await small.state() == "closed"


async def test_the_organiser_makes_the_results_final_by_one_button(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    await small.sign()
    await small.publish()

    await console(page, server, small, "organiser")
    await page.locator(".next-step form button").click()
    await expect(page.locator(".states .now")).to_contain_text(re.compile("final", re.IGNORECASE))

    assert await small.state() == "final"


async def test_the_list_of_contests_leads_to_the_next_thing(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await enter(page, server, small.accounts["organiser"], "/console")

    assert await violations(page) == []
    await page.locator(".contest-list a").click()

    await expect(page.locator(".next-step h2")).to_be_visible()
    assert await violations(page) == []


async def test_the_public_page_shows_nothing_before_publication_and_places_after(
    database: Settings, server: Server, page: Page
) -> None:
    small = await closed_contest()
    await page.goto(f"{server.url}/live/{small.contest}")
    await expect(page.locator(".standings")).to_have_count(0)

    await small.sign()
    await closing.publish_contest(await small.actor("organiser"), small.contest)
    await page.goto(f"{server.url}/live")
    assert await violations(page) == []
    await page.locator(".results a").click()

    await expect(page.locator(".standings tbody tr")).to_have_count(5)
    assert "选手" not in await page.locator("main").inner_text()
    assert await violations(page) == []


async def test_an_upright_tablet_folds_the_rooms_away_behind_a_button(
    database: Settings, server: Server, page: Page
) -> None:
    small = await small_contest(until="draft")
    await page.set_viewport_size(PORTRAIT)
    await console(page, server, small, "organiser")

    await expect(page.locator(".rooms")).to_be_hidden()
    await page.locator(".rooms-open").click()
    await expect(page.locator(".rooms")).to_be_visible()
    assert await violations(page) == []
    await page.locator('.rooms a[href$="/rules"]').click()

    await expect(page).to_have_url(re.compile("/rules$"))
    await page.set_viewport_size(LANDSCAPE)
    await expect(page.locator(".rooms")).to_be_visible()
    await expect(page.locator(".rooms-open")).to_be_hidden()
