"""The offline scanner in a real browser: what it says of each paper, with the network cut, for hours, and when
somebody tampers with what it knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from core.security import SYSTEM
from core.settings import Settings
from credentials import actions, keyring
from credentials.trust import CERTIFICATE, TRUST
from tests.browser.kit import violations
from tests.browser.scan_kit import HOST, NAME, check, code, papers, phone, ready, renewed, serve
from tests.credentials.facts import ORGANISER
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll("button, .file, a.quiet, summary, select, input[type=text]")]
  .filter((node) => node.offsetParent)
  .filter((node) => Math.min(node.getBoundingClientRect().width, node.getBoundingClientRect().height) < 48)
  .map((node) => node.outerHTML.slice(0, 90))"""
VERSIONS = "async () => (await caches.keys()).filter((name) => name.startsWith('jiangxin-scan-'))"
UPDATE = "async () => (await navigator.serviceWorker.getRegistration('/scan')).update()"
Start = Callable[..., Server]


async def test_with_the_network_cut_each_paper_is_told_from_the_others(
    database: Settings, start_server: Start, browser: Browser
) -> None:
    server = serve(start_server, database)
    texts = await papers()
    page = await ready(await phone(browser, server))

    server.kill()
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator(".strip")).to_contain_text("Offline · list as of")
    said = {name: await check(page, text) for name, text in texts.items()}

    assert said == {**{name: name for name in texts}, "other-paper": "altered"}
    assert await check(page, texts["other-paper"]) == "altered"
    assert await code(page) == "other-paper"
    await _names_the_holder_and_the_host(page, texts["valid"])
    await _shows_the_look_alike_beside_ours(page, texts["foreign_host"])
    await _keeps_a_history_here_until_it_is_cleared(page, len(texts) + 3)
    assert await said_in_every_language(page, texts["valid"]) == {
        "zh-Hans": "真实有效",
        "zh-Hant": "真實有效",
        "en": "Genuine and valid",
        "pt": "Autêntico e válido",
    }
    await _time_passes_and_is_set_back(page, server, texts)
    await _a_newer_version_takes_over_whole(page, server)
    assert page.errors == []  # type: ignore[attr-defined]


async def _names_the_holder_and_the_host(page: Page, text: str) -> None:
    await check(page, text)
    card = page.locator(".verdict")
    await expect(card.locator("dd.name")).to_have_text(NAME)
    await expect(card).to_contain_text(HOST)
    await expect(card.locator("a.quiet")).to_have_attribute(
        "href", re.compile(rf"^https://{HOST}/c/[0-9A-Z]{{12}}$")
    )


async def _shows_the_look_alike_beside_ours(page: Page, text: str) -> None:
    await check(page, text)
    hosts = page.locator(".verdict .host")
    await expect(hosts).to_have_text(["cert-example.cn", HOST])
    await expect(hosts.first.locator("mark")).to_have_text("-")
    await expect(page.locator(".verdict a")).to_have_count(0)


async def _keeps_a_history_here_until_it_is_cleared(page: Page, count: int) -> None:
    await page.reload()
    past = page.locator(".past")
    await expect(past.locator("summary")).to_have_text(f"History on this device: {count}")
    await past.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(past.locator("li").first).to_contain_text("cert-example.cn")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Clear", exact=True).press("Enter")
    await expect(past.locator("summary")).to_have_text("History on this device: 0")
    await page.reload()
    await expect(past.locator("li")).to_have_count(0)


async def said_in_every_language(page: Page, text: str) -> dict[str, str]:
    """And axe finds nothing on any of the pages, 390 px wide."""
    said = {}
    for language in ("zh-Hans", "zh-Hant", "pt", "en"):
        await page.locator("#language").select_option(language)
        await check(page, text)
        said[language] = await page.locator(".verdict h2").inner_text()
        assert await violations(page) == []
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) == 0
        assert await page.evaluate(SMALL) == []
    return said


async def _time_passes_and_is_set_back(page: Page, server: Server, texts: dict[str, str]) -> None:
    now = datetime.now(UTC)
    strip, card = page.locator(".strip"), page.locator(".verdict")

    await page.clock.set_fixed_time(now + timedelta(hours=3))
    await page.reload()
    await expect(strip).to_have_attribute("data-tone", "warn")
    await expect(strip).to_contain_text("h old")
    assert await check(page, texts["valid"]) == "valid"
    await expect(card).to_have_attribute("data-tone", "warn")
    await expect(card.locator("h2")).to_contain_text("Genuine; valid as of")

    await page.clock.set_fixed_time(now + timedelta(days=8))
    await page.reload()
    await expect(strip).to_contain_text("status unknown since")
    assert await check(page, texts["valid"]) == "status_unknown"
    await expect(card.locator(".reason")).to_contain_text("Status unknown since")
    await expect(card.locator(".advice")).to_contain_text("This does not mean forged.")
    assert await check(page, texts["revoked"]) == "revoked"

    await page.clock.set_fixed_time(now)
    await page.reload()
    await expect(page.locator('[data-notice="clock"]')).to_be_visible()
    assert await check(page, texts["valid"]) == "status_unknown"
    assert await code(page) == "clock"

    server.start()
    await page.context.set_offline(False)
    await renewed(page)
    await expect(page.locator('[data-notice="clock"]')).to_have_count(0)
    assert await check(page, texts["valid"]) == "valid"


async def _a_newer_version_takes_over_whole(page: Page, server: Server) -> None:
    """Another anchor makes another version; afterwards it opens without a network as before."""
    before = await page.evaluate(VERSIONS)
    await actions.rotate_key(SYSTEM, "", TRUST)
    server.kill()
    server.start()
    await page.evaluate(UPDATE)
    for _ in range(150):
        if (now := await page.evaluate(VERSIONS)) != before and len(now) == 1:
            break
        await page.wait_for_timeout(100)
    assert (len(now), now != before) == (1, True)

    server.kill()
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator(".kept")).to_have_attribute("data-kept", "yes")


async def test_what_the_network_brings_counts_only_when_it_is_newer_and_signed(
    database: Settings, start_server: Start, browser: Browser
) -> None:
    server = serve(start_server, database)
    texts = await papers()
    page = await phone(browser, server, service_workers="block")
    await expect(page.locator(".strip")).to_have_attribute("data-tone", "good")
    list_address = f"{server.url}/status/t/{ORGANISER}/1"
    before = await _body(page, list_address)
    bundle_before = await _body(page, f"{server.url}/trust/bundle")
    assert await check(page, texts["valid"]) == "valid"

    await actions.revoke_certificate(SYSTEM, _id(texts["valid"]), reason="Mistaken identity")
    await renewed(page)
    assert await check(page, texts["valid"]) == "revoked"

    await _answers(page, list_address, before)
    await renewed(page)
    assert await check(page, texts["valid"]) == "revoked"
    assert await check(page, texts["in_notice"]) == "revoked"

    signer = await keyring.signer_of(ORGANISER, CERTIFICATE)
    await actions.report_compromise(SYSTEM, signer.kid, "Stolen laptop")
    await _after_the_server_knows(page, server)
    assert await code_of(page, texts["expired"]) == "key-compromised"

    await _answers(page, f"{server.url}/trust/bundle", bundle_before)
    await renewed(page)
    await expect(page.locator('[data-notice="bundle"]')).to_contain_text("bundle-replayed")
    assert await code_of(page, texts["expired"]) == "key-compromised"
    await _answers(page, f"{server.url}/trust/bundle", bundle_before[:-8] + "AAAAAAAA")
    await renewed(page)
    await expect(page.locator('[data-notice="bundle"]')).to_contain_text("refused (signature)")
    await page.unroute(f"{server.url}/trust/bundle")
    await _keys_are_followed_while_each_names_the_next(page, server, texts)


async def _keys_are_followed_while_each_names_the_next(
    page: Page, server: Server, texts: dict[str, str]
) -> None:
    await actions.rotate_key(SYSTEM, "", TRUST)
    await _after_the_server_knows(page, server)
    await _lose_the_trust_key()
    await _after_the_server_knows(page, server)
    assert await page.locator("[data-notice]").count() == 0

    await _lose_the_trust_key()  # nothing was pre-published this time
    await _after_the_server_knows(page, server)
    await page.reload()
    await expect(page.locator('[data-notice="root"]')).to_contain_text("other root keys")
    assert await code_of(page, texts["revoked"]) == "key-compromised"

    await page.get_by_role("button", name="The issuer confirmed it").click()
    await expect(page.locator("[data-notice]")).to_have_count(0)
    assert await code_of(page, texts["revoked"]) == "key-compromised"


async def _lose_the_trust_key() -> None:
    signer = await keyring.signer_of("", TRUST)
    await actions.report_compromise(SYSTEM, signer.kid, "The server was taken over")


async def _after_the_server_knows(page: Page, server: Server) -> None:
    """Other processes learn of a key within seconds; one that has just begun knows it at once."""
    server.kill()
    server.start()
    await renewed(page)


async def code_of(page: Page, text: str) -> str:
    await check(page, text)
    return await code(page)


def _id(text: str) -> str:
    return text.partition("#")[0].rpartition("/")[2]


async def _body(page: Page, url: str) -> str:
    answer = await page.request.get(url)
    return await answer.text()


async def _answers(page: Page, url: str, body: str) -> None:
    """From now on somebody on the way answers this."""

    async def answer(route: Route) -> Any:
        await route.fulfill(body=body, content_type="application/jwt")

    await page.unroute(url)
    await page.route(url, answer)
