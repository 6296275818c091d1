"""The verify page in a real browser: four languages, small screens, every state, nothing loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from core.db import transaction
from core.events import ResultFinal, ResultSigned
from core.privacy import erase_person, seal, unwrap
from core.security import SYSTEM
from core.settings import Settings, use
from credentials import actions, keyring
from credentials.encoding import to_instant, to_json
from credentials.issuing import TOKEN_CONTEXT
from credentials.queries import certificates_of, stored
from credentials.rendering import payload_of, token_of
from credentials.tables import Certificate, CertificateVersion, SigningKey
from tests.credentials.facts import CONTEST, issued, issuers, person, result, tell
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

PHONES = [(360, 640), (390, 844)]
WORDS = {
    "zh-Hans": ("真实有效", "已撤销", "查无此证"),
    "zh-Hant": ("真實有效", "已撤銷", "查無此證"),
    "en": ("Genuine and valid", "Withdrawn", "Certificate not found"),
    "pt": ("Autêntico e válido", "Revogado", "Certificado não encontrado"),
}


@pytest.fixture
def site(database: Settings, server: Server) -> Server:
    """A server whose certificates this process issues: both under the server's own address."""
    use(replace(database, certificate_origin=server.url))
    return server


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True)
    page = await context.new_page()
    page.loaded = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.loaded.append(request.url))  # type: ignore[attr-defined]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert [c for c in complaints if "404" not in c] == []


async def fits(page: Page) -> bool:
    """Whether nothing stands beyond the right edge."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def violations(page: Page) -> list[str]:
    results = await Axe().run(page)
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in results.response["violations"]]


async def bottom_of(page: Page, selector: str) -> float:
    box = await page.locator(selector).first.bounding_box()
    assert box is not None
    return float(box["y"] + box["height"])


async def test_it_reads_well_on_phones_in_four_languages(site: Server, phone: Page) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")
    gone = await issued()
    await actions.revoke_certificate(SYSTEM, gone["public_id"], reason="Mistaken identity")
    ids = [one["public_id"], gone["public_id"], "0000000000ZZ"]

    for language, words in WORDS.items():
        for public_id, word in zip(ids, words, strict=True):
            await phone.goto(f"{site.url}/c/{public_id}?lang={language}")
            assert await phone.locator("h1").inner_text() == word
            assert await phone.locator("html").get_attribute("lang") == language
            for width, height in PHONES:
                await phone.set_viewport_size({"width": width, "height": height})
                assert await fits(phone)
            assert await violations(phone) == []

    assert all("/c/" in url for url in phone.loaded)  # type: ignore[attr-defined]


async def test_the_verdict_and_the_holder_stand_above_the_fold(site: Server, phone: Page) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")

    await phone.goto(f"{site.url}/c/{one['public_id']}?lang=zh-Hans")

    assert await phone.locator("dd.name").inner_text() == "欧***"
    assert await bottom_of(phone, "dd.what") < 640
    assert await bottom_of(phone, ".state") < 200
    size = await phone.locator("dd.name").evaluate("node => getComputedStyle(node).fontSize")
    assert size == "24px"


async def test_every_state_has_its_own_colour_icon_and_words(site: Server, phone: Page) -> None:
    await issuers()
    ids = await one_of_each_state()
    seen: dict[str, tuple[str, str, str]] = {}

    for state, public_id in ids.items():
        await phone.goto(f"{site.url}/c/{public_id}?lang=en")
        banner = phone.locator(".state")
        colour = await banner.evaluate("node => getComputedStyle(node).backgroundColor")
        icon = await banner.locator("path").get_attribute("d")
        seen[state] = (colour, icon or "", await phone.locator("h1").inner_text())
        assert await violations(phone) == []

    assert len({word for _, _, word in seen.values()}) == len(seen)
    assert seen["valid"][0] == "rgb(10, 107, 61)"
    assert seen["revoked"][0] == "rgb(163, 22, 15)"
    assert seen["suspended"][0] == seen["expired"][0] == "rgb(138, 75, 0)"
    assert seen["not_found"][0] == seen["erased"][0] == "rgb(67, 80, 94)"
    assert seen["in_notice"][0] not in (seen["valid"][0], seen["suspended"][0])
    assert len({(colour, icon) for colour, icon, _ in seen.values()}) >= 5


async def one_of_each_state() -> dict[str, str]:
    revoked, suspended, expired = await issued(), await issued(), await issued()
    await actions.revoke_certificate(SYSTEM, revoked["public_id"], reason="x")
    await actions.suspend_certificate(SYSTEM, suspended["public_id"], reason="x")
    notice = result([await person()], notice_until="2999-01-01")
    erased_holder = await person("独孤求败")
    forgotten = result([erased_holder])
    await tell(ResultSigned(notice, issue=True), ResultFinal(forgotten))
    found = {one["entry"]: one["public_id"] for one in await certificates_of(CONTEST)}
    await erase_person(erased_holder)
    return {
        "valid": (await issued())["public_id"],
        "revoked": revoked["public_id"],
        "suspended": suspended["public_id"],
        "expired": await expire(expired["public_id"]),
        "in_notice": found[notice.entry],
        "erased": found[forgotten.entry],
        "not_found": "0000000000ZZ",
    }


async def expire(public_id: str) -> str:
    """Signs it anew with a last day that is over."""

    row = await stored(public_id)
    assert row is not None
    begun, ended = datetime.now(UTC) - timedelta(days=9), datetime.now(UTC) - timedelta(days=1)
    document: dict[str, Any] = payload_of(token_of(row))
    document |= {"validFrom": to_instant(begun), "nbf": int(begun.timestamp())}
    document |= {"validUntil": to_instant(ended), "exp": int(ended.timestamp())}
    signer = await keyring.signer_of(row["issuer"], "certificate")
    token = signer.sign(to_json(document)).encode()
    context = TOKEN_CONTEXT + row["version_id"].bytes
    async with transaction():
        await CertificateVersion.update(
            {CertificateVersion.sealed_token: seal(unwrap(row["wrapped_key"]), token, context)}
        ).where(CertificateVersion.id == row["version_id"])
        await SigningKey.update({SigningKey.activated_at: begun}).where(
            SigningKey.kid == signer.kid
        )
        await Certificate.update({Certificate.valid_until: ended}).where(
            Certificate.public_id == public_id
        )
    return public_id


async def test_the_page_needs_no_script_and_a_link_changes_the_language(
    site: Server, browser: Browser
) -> None:
    await issuers()
    one = await issued()
    context = await browser.new_context(java_script_enabled=False, locale="zh-MO")
    page = await context.new_page()

    await page.goto(f"{site.url}/c/{one['public_id']}#{one['qr_text'].partition('#')[2]}")
    first = await page.locator("h1").inner_text()
    await page.locator("nav a[hreflang=pt]").click()
    second = await page.locator("h1").inner_text()
    await context.close()

    assert (first, second) == ("真實有效", "Autêntico e válido")


async def test_it_prints_black_on_white_with_its_words(site: Server, phone: Page) -> None:
    await issuers()
    one = await issued()
    await phone.goto(f"{site.url}/c/{one['public_id']}")

    await phone.emulate_media(media="print")

    banner = phone.locator(".state")
    colours = await banner.evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert await phone.locator("h1").is_visible()
