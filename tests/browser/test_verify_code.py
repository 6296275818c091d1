"""The verify page for somebody who scanned the paper: what the page itself finds behind "#", without telling
anybody, on each size of screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.db import transaction
from core.events import ResultFinal
from core.privacy import create_person
from core.score_evidence import SheetLine
from core.security import SYSTEM
from core.settings import Settings, use
from core.tables import Organisation
from credentials import actions, keyring
from credentials.consents.actions import record_consent
from credentials.cwt import open_printed
from credentials.evidence.actions import Shown
from credentials.evidence.leaves import opened
from credentials.evidence.page import render_line
from credentials.queries import certificates_of
from credentials.verify import judge, read_token
from tests.browser.kit import violations
from tests.credentials.facts import (
    CONTEST,
    ORGANISER,
    issued,
    issuers,
    person,
    result,
    tell,
)
from tests.credentials.kit import NOW, VALID, make_issuer
from tests.fixtures.processes import Server

pytestmark = pytest.mark.browser

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; V2055A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/130.0.0.0 Mobile Safari/537.36 XWEB/1300473 MicroMessenger/8.0.50"
)
SIZES = [(390, 844), (820, 1180), (1280, 800)]
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "pt")
NAME = "欧阳晓明"
ISSUER = make_issuer()


@pytest.fixture
async def site(database: Settings, server: Server) -> Server:
    """A server whose certificates this process issues, of an issuer that answers the telephone."""
    use(replace(database, certificate_origin=server.url))
    await issuers()
    async with transaction():
        await Organisation.update(
            {Organisation.telephone: "+853 2800 0000", Organisation.hours: '{"zh-Hans":"周一至周五 9:00-18:00","en":"Monday to Friday 9:00-18:00"}'}
        ).where(Organisation.code == ORGANISER)  # fmt: skip
    return server


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, user_agent=WECHAT, locale="en"
    )
    page = await context.new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request))  # type: ignore[attr-defined]
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text))
    yield page
    await context.close()
    assert [said for said in errors if "404" not in said] == []


async def scanned(page: Page, site: Server, text: str, public_id: str = "") -> Page:
    """Opens what a QR says, as a phone's camera does."""
    await page.goto("about:blank")
    address, _, fragment = text.partition("#")
    address = f"{site.url}/c/{public_id}" if public_id else address
    await page.goto(f"{address}?lang=en#{fragment}")
    return page


def spoilt(text: str) -> str:
    """One bit of the signature turned, still written as base32 is: it stands at the end."""
    at = len(text) - 20
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


async def test_a_scanned_code_shows_the_full_name_and_nobody_is_told(
    site: Server, phone: Page
) -> None:
    one = await issued(name=NAME)

    await scanned(phone, site, one["qr_text"])
    await expect(phone.locator("dd.name")).to_have_text(NAME)
    await expect(phone.locator("h1")).to_have_text("Genuine and valid")
    await expect(phone.locator("#code")).to_contain_text("fits")
    html = await (await phone.request.get(f"{site.url}/c/{one['public_id']}")).text()
    assert NAME not in html
    assert await violations(phone) == []

    await phone.locator("nav a[hreflang=pt]").click()
    await expect(phone.locator("dd.name")).to_have_text(NAME)  # the code stays in the address
    fragment = one["qr_text"].partition("#")[2]
    pages = phone.asked  # type: ignore[attr-defined]
    assert {request.resource_type for request in pages} == {"document"}
    sent = [str(await request.all_headers()) + (request.post_data or "") for request in pages]
    assert not any(fragment[:20] in said for said in sent)


async def test_a_code_that_does_not_fit_is_told_by_its_own_words(site: Server, phone: Page) -> None:
    one, other = await issued(name=NAME), await issued(name="独孤求败")
    id, text = one["public_id"], one["qr_text"]
    holder = await person("王小明")
    before = result([holder])
    await tell(ResultFinal(before))
    earlier = next(c for c in await certificates_of(CONTEST) if c["entry"] == before.entry)
    corrected = result([holder], entry=before.entry, result_version=2, held_on="2024-10-12")
    await tell(ResultFinal(corrected))
    for case, code, public_id, word, tone in [
        ("another certificate's", other["qr_text"], id, "don't belong together", "bad"),
        ("altered", spoilt(text), id, "not the issuer's", "bad"),
        ("cut by a chat", text[:-40], id, "Genuine and valid", "good"),
        ("no code at all", f"{text.partition('#')[0]}#top", id, "Genuine and valid", "good"),
        ("of an earlier version", earlier["qr_text"], "", "This paper was replaced", "warn"),
    ]:
        await scanned(phone, site, code, public_id)
        await expect(phone.locator("#code"), case).to_be_visible()
        await expect(phone.locator("h1"), case).to_contain_text(word)
        assert tone in (await phone.locator(".state").get_attribute("class") or ""), case
        assert "*" in await phone.locator("dd.name").inner_text(), case
        assert await violations(phone) == [], case


async def test_a_withdrawal_is_never_painted_over_by_a_code_that_fits(
    site: Server, phone: Page
) -> None:
    one = await issued(name=NAME)
    await actions.revoke_certificate(SYSTEM, one["public_id"], reason="Mistaken identity")

    await scanned(phone, site, one["qr_text"])
    await expect(phone.locator("dd.name")).to_have_text(NAME)
    await expect(phone.locator("h1")).to_have_text("Withdrawn")
    await expect(phone.locator(".todo")).to_contain_text("+853 2800 0000")
    await expect(phone.locator(".todo")).to_contain_text("Monday to Friday")
    assert await phone.locator(".todo a").get_attribute("href") == "tel:+85328000000"
    await scanned(phone, site, spoilt(one["qr_text"]))
    await expect(phone.locator("#code")).to_be_visible()
    await expect(phone.locator("h1")).to_have_text("Withdrawn")


async def test_it_fits_phones_tablets_and_desks_in_four_languages(
    site: Server, phone: Page
) -> None:
    one, gone = await issued(name=NAME), await issued()
    await actions.suspend_certificate(SYSTEM, gone["public_id"], reason="Appeal pending")

    for language in LANGUAGES:
        for id in (one["public_id"], gone["public_id"], "0000000000ZZ"):
            await phone.goto(f"{site.url}/c/{id}?lang={language}")
            assert await violations(phone) == []
            for width, height in SIZES:
                await phone.set_viewport_size({"width": width, "height": height})
                wide = await phone.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, (language, id, width)
        await expect(phone.locator(".todo dt")).to_have_count(4)  # two issuers, quote, again


async def test_without_script_what_is_typed_is_compared_and_kept_on_the_page(
    site: Server, browser: Browser
) -> None:
    one = await issued(name=NAME)
    context = await browser.new_context(java_script_enabled=False, locale="en")
    page = await context.new_page()

    await page.goto(f"{site.url}/c/{one['public_id']}")
    await page.get_by_label("Name on the paper").fill("欧阳小明")
    await page.get_by_label("Award or level on the paper").fill("一等奖")
    await page.get_by_role("button").click()

    answers: list[Any] = await page.locator(".field b").all_inner_texts()
    assert answers == ["✕ No match", "✓ Match"]
    assert await page.get_by_label("Name on the paper").input_value() == "欧阳小明"
    assert page.url == f"{site.url}/c/{one['public_id']}"
    assert NAME not in await page.content()
    await context.close()


async def test_a_lost_key_and_a_consent_change_the_page(site: Server, phone: Page) -> None:
    async with transaction():
        holder = await create_person(name=NAME, documents=[("mainland_id", "11010519491231002X")])
    facts = result([holder])
    await tell(ResultFinal(facts))
    one = next(c for c in await certificates_of(CONTEST) if c["entry"] == facts.entry)
    await record_consent(SYSTEM, one["public_id"], "document", source="Form signed")

    await scanned(phone, site, one["qr_text"])
    await phone.get_by_label("Whole number of the identity document").fill("11010519491231002x")
    await phone.get_by_role("button").click()
    await expect(phone.locator("#document-said")).to_have_text("✓ Match")
    await expect(phone.locator("dd.name")).to_have_text(NAME)  # the code is still in the address
    assert await phone.get_by_label("Whole number").input_value() == ""
    assert await violations(phone) == []

    kid = open_printed(one["qr_text"].partition("#")[2]).kid
    await actions.report_compromise(SYSTEM, kid, "Laptop stolen")
    await asyncio.sleep(keyring.FRESH)
    await scanned(phone, site, one["qr_text"])
    await expect(phone.locator("h1")).to_have_text("Ask for a new print")
    await expect(phone.locator("dd.name")).to_have_text("欧***")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_opened_line_is_read_on_a_phone(phone: Page, language: str) -> None:
    line = SheetLine('{"aspect":"A1","award":"3"}', b"a" * 16, {"zh-Hans": "刀工"}, "3")
    verdict = judge(read_token(ISSUER.token(), ISSUER.trust), VALID, NOW)
    leaf = opened([(line.salt, line.content)], 0)

    for shown, fits in (
        (Shown(line, leaf, NOW), True),
        (Shown(line, leaf, NOW), False),
        (None, False),
    ):
        await phone.set_content(render_line(shown, verdict, language, fits=fits, now=NOW))
        assert await violations(phone) == []
        assert not await phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert await phone.locator("dd", has_text="刀工").count() == (1 if shown else 0)
