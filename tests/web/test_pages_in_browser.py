"""The kernel's pages in a real browser: accessible, narrow, by keyboard, with the log-in itself."""

from __future__ import annotations

from itertools import product
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from core.accounts import login_link
from core.security import Role
from core.settings import Settings
from core.web.i18n import LANGUAGES
from tests.factories_accounts import PASSWORD, make_account
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(autouse=True)
async def set_up(database: Settings) -> None:
    """The pages of an installation that somebody has set up."""
    await make_account(Role.ADMINISTRATOR)


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [
        f"{v['id']}: {node['html'][:120]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


async def too_wide(page: Page) -> bool:
    return bool(
        await page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )


async def test_home_log_in_and_error_pages_are_accessible_and_fit_a_narrow_phone(
    server: Server, page: Page
) -> None:
    for language, path in product(LANGUAGES, ("/", "/login", "/nothing")):
        await page.set_viewport_size({"width": 1180, "height": 820})
        await page.goto(f"{server.url}{path}?lang={language}")
        assert await violations(page) == []
        await page.set_viewport_size({"width": 320, "height": 640})
        assert not await too_wide(page)


async def test_the_description_of_the_api_is_accessible(server: Server, page: Page) -> None:
    await page.goto(f"{server.url}/schema?lang=pt")
    await page.locator("summary", has_text="/api/v1/accounts").first.click()

    assert await violations(page) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    assert not await too_wide(page)


async def test_large_text_is_not_cut_off_and_every_target_is_large_enough_for_a_finger(
    server: Server, page: Page
) -> None:
    for path in ("/", "/login"):
        await page.goto(f"{server.url}{path}?lang=pt")
        small = await page.evaluate(
            """() => [...document.querySelectorAll("a:not(.skip), button, input:not([type=hidden])")]
                .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
        )
        assert small == []
        await page.evaluate("document.documentElement.style.fontSize = '34px'")
        assert not await too_wide(page)


async def test_one_logs_in_with_the_keyboard_and_logs_out(
    server: Server, database: Settings, page: Page
) -> None:
    await make_account(Role.ORGANISER, login="zhang", password=PASSWORD)

    await page.goto(f"{server.url}/login?next=/%3Flang%3Den&lang=en")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to content")).to_be_focused()
    await page.get_by_label("Login", exact=True).focus()
    await page.keyboard.type("zhang")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("zhang")).to_be_visible()
    await expect(page.get_by_role("link", name="Open the console")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("link", name="Log in", exact=True)).to_be_visible()


async def test_a_wrong_password_is_said_beside_the_form_which_keeps_the_login(
    server: Server, database: Settings, page: Page
) -> None:
    await page.goto(f"{server.url}/login?lang=en")
    await page.get_by_label("Login", exact=True).fill("nobody")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Log in").click()

    await expect(page.get_by_role("alert")).to_contain_text("Login or password is wrong.")
    await expect(page.get_by_label("Login", exact=True)).to_have_value("nobody")
    assert await violations(page) == []


async def test_a_one_time_link_logs_in_by_its_button(
    server: Server, database: Settings, page: Page
) -> None:
    account = await make_account(Role.JUDGE, login="judge-3")
    path = urlsplit(await login_link(account, target="/?lang=en")).path

    await page.goto(f"{server.url}{path}?lang=en")
    assert await violations(page) == []
    await page.reload()
    await page.get_by_role("button", name="Log in now").click()

    await expect(page.get_by_text("judge-3")).to_be_visible()
    await page.goto(f"{server.url}{path}?lang=en")
    await expect(page.get_by_text("This link was used or has expired.")).to_be_visible()
