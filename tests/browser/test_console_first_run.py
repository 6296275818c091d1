"""From the terminal's code to a passkey, in a real browser with a software authenticator."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.settings import Settings
from tests.browser.kit import violations
from tests.fixtures import processes
from tests.fixtures.processes import Server, environment_of, free_port

pytestmark = pytest.mark.browser
PASSWORD = "three dull green kettles"


@pytest.fixture
def named(
    storage: Settings, start_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> Server:
    """A new installation under a name, because browsers make no passkeys for a bare number."""
    port = free_port()
    monkeypatch.setattr(processes, "free_port", lambda: port)
    server = start_server(
        {**environment_of(storage), "JIANGXIN_ORIGIN": f"http://localhost:{port}"}
    )
    server.url = f"http://localhost:{port}"
    return server


async def authenticator(page: Page) -> None:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def set_up(page: Page, server: Server) -> None:
    found = re.search(r"works once: (\S+)", server.log())
    assert found is not None
    await page.fill("#code", found[1])
    await page.fill("#title_zh-Hans", "珠海市总工会")
    await page.fill("#organisation_code", "zhuhai")
    await page.fill("#label", "管理员老王")
    await page.fill("#login", "wang")
    await page.fill("#password", PASSWORD)
    await page.fill("#repeated", PASSWORD)
    await page.click("main form button")


async def test_a_new_installation_is_set_up_and_its_administrator_comes_back_by_passkey(
    named: Server, page: Page, tmp_path: Path
) -> None:
    await authenticator(page)
    await page.goto(f"{named.url}/console?lang=zh-Hans")
    await page.wait_for_url(f"{named.url}/setup*")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "setup.png", full_page=True)

    await page.fill("#code", "wrong")
    await page.fill("#organisation_code", "zhuhai")
    await page.fill("#login", "wang")
    await page.fill("#password", PASSWORD)
    await page.fill("#repeated", PASSWORD)
    await page.click("main form button")
    await expect(page.locator("#problem")).to_be_focused()
    await expect(page.locator("#login")).to_have_value("wang")
    assert await violations(page) == []

    await set_up(page, named)
    await page.wait_for_url(f"{named.url}/console/welcome*")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "welcome.png", full_page=True)

    await page.goto(f"{named.url}/console/me")
    await page.fill("#name", "office")
    await page.fill("#old-for-passkey", PASSWORD)
    await page.click("[data-passkey] button")
    await expect(page.locator(".sessions").first).to_contain_text("office")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "me.png", full_page=True)

    await page.click(".head form button")
    await page.wait_for_url(f"{named.url}/")
    await page.goto(f"{named.url}/login?next=/console/accounts")
    assert await violations(page) == []
    await page.click("[data-passkey] button")
    await page.wait_for_url(f"{named.url}/console/accounts")
    assert await page.locator("script:not([src])").count() == 0


async def test_a_colleague_is_let_in_by_keyboard_and_a_second_step_is_asked_for(
    named: Server, page: Page, tmp_path: Path
) -> None:
    await authenticator(page)
    await page.goto(f"{named.url}/setup?lang=en")
    await set_up(page, named)
    await page.goto(f"{named.url}/console/accounts")
    await page.focus("details summary")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Li Na")
    await page.keyboard.press("Tab")
    await page.keyboard.type("li.na")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"/console/accounts/[0-9a-f-]{36}$"))
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "person.png", full_page=True)
    await page.get_by_role("button", name="Make the link").click()
    link = await page.input_value("#address")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "link.png", full_page=True)

    await page.goto(f"{named.url}/console/me")
    await page.fill("#old-for-passkey", PASSWORD)
    await page.click("[data-passkey] button")
    await expect(page.locator("main")).to_contain_text("You have no recovery codes.")
    await page.click(".head form button")
    await page.wait_for_url(f"{named.url}/")
    await page.goto(f"{named.url}/login")
    await page.fill("#login", "wang")
    await page.fill("#password", PASSWORD)
    await page.click("main form button")
    await page.wait_for_url(f"{named.url}/login/second")
    assert await violations(page) == []
    await page.screenshot(path=tmp_path / "second.png", full_page=True)
    await page.click("[data-passkey] button")
    await expect(page.locator(".head nav")).to_contain_text("管理员老王")

    await page.context.clear_cookies()
    await page.goto(link)
    await page.click("main button")
    await expect(page.locator(".head nav")).to_contain_text("Li Na")
