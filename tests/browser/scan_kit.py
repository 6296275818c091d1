"""Papers for the scanner, genuine and forged, and a phone that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import qrcode
from playwright.async_api import Browser, Page, expect

from core.events import ResultFinal
from core.security import SYSTEM
from core.settings import Settings, use
from credentials import actions, keyring
from credentials.cwt import Printed, open_printed, sign_printed
from credentials.keys import Signer, new_private_key
from credentials.trust import CERTIFICATE
from tests.credentials.facts import (
    ORGANISER,
    issued,
    issuers,
    person,
    result,
    tell,
)
from tests.credentials.kit import make_issuer
from tests.fixtures.processes import Server, environment_of

PHONE = {"width": 390, "height": 844}
NAME = "欧阳晓明"
HOST = "cert.example.cn"
KEPT = """async () => {
  const { kept } = await import(new URL("install.js", document.querySelector("script[type=module]").src));
  return (await kept()) === "yes";
}"""

REFRESHED = "() => document.querySelector('.strip').dataset.refreshes"
"""Rises with every refresh that ended, whatever came of it."""


def serve(start_server: Callable[..., Server], database: Settings) -> Server:
    """A server whose certificates name a host of their own, as they should."""
    own = replace(database, certificate_origin=f"https://{HOST}")
    use(own)
    return start_server({**environment_of(own), "JIANGXIN_CERTIFICATE_ORIGIN": f"https://{HOST}"})


async def papers() -> dict[str, str]:
    """State -> text of a QR, of two issuers that are there afterwards."""
    await issuers()
    good = await issued(name=NAME)
    signer = await keyring.signer_of(ORGANISER, CERTIFICATE)
    printed = open_printed(_content(good)).printed
    origin = keyring.addresses().origin
    texts = {
        "valid": good["qr_text"],
        "in_notice": _at(signed(printed, signer, notice_until=_day(9))),
        "expired": _at(signed(printed, signer, expires_at=_before(days=1))),
        "not_yet_valid": _at(signed(printed, signer, issued_at=_before(days=-3))),
        "altered": _at(sign_printed(printed, _impostor(signer))),
        "unknown_issuer": _at(make_issuer().qr(public_id=printed.public_id)),
        "other-paper": f"{origin}/c/7K3M9QXT2F4H#{_content(good)}",
        "foreign_host": good["qr_text"].replace(HOST, "cert-example.cn"),
        "nothing_signed": good["qr_text"].partition("#")[0],
        "not_certificate": "WIFI:S:canteen;T:WPA;P:noodles;;",
    }
    return {**texts, **await _changed()}


async def _changed() -> dict[str, str]:
    """Withdrawn, suspended and replaced after they were printed."""
    withdrawn, held = await issued(name="李娜"), await issued(name="王芳")
    await actions.revoke_certificate(SYSTEM, withdrawn["public_id"], reason="使用他人作品")
    await actions.suspend_certificate(SYSTEM, held["public_id"], reason="复核中")
    holder = await person("赵敏")
    facts = result([holder])
    await tell(ResultFinal(facts))
    old = await _of(facts.entry)
    await tell(ResultFinal(replace(facts, held_on="2024-10-12", result_version=2)))
    return {"revoked": withdrawn["qr_text"], "suspended": held["qr_text"], "replaced": old}


async def _of(entry: str) -> str:
    from credentials.queries import certificates_of
    from tests.credentials.facts import CONTEST

    found = await certificates_of(CONTEST)
    return str(next(one["qr_text"] for one in found if one["entry"] == entry))


def signed(printed: Printed, signer: Signer, **changes: Any) -> str:
    return sign_printed(replace(printed, **changes), signer)


def _impostor(signer: Signer) -> Signer:
    return replace(signer, key=new_private_key())


def _content(certificate: Mapping[str, Any]) -> str:
    return str(certificate["qr_text"]).partition("#")[2]


def _at(content: str) -> str:
    return f"{keyring.addresses().certificate(open_printed(content).printed.public_id)}#{content}"


def _before(*, days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


def _day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


# --- a phone ------------------------------------------------------------------------------------


async def phone(browser: Browser, server: Server, **more: Any) -> Page:
    """The scanner opened for the first time, in English; what its scripts throw is in `page.errors`."""
    context = await browser.new_context(
        **{"viewport": PHONE, "has_touch": True, "locale": "en-GB", **more}
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # type: ignore[attr-defined]
    await page.goto(f"{server.url}/scan")
    await page.locator(".strip[data-refreshes]:not([data-refreshes='0'])").wait_for()
    return page


async def ready(page: Page) -> Page:
    """Waits until everything is kept: after this the network may go."""
    await expect(page.locator(".strip")).to_have_attribute("data-tone", "good")
    for _ in range(300):
        if await page.evaluate(KEPT):
            return page
        await asyncio.sleep(0.1)
    pytest.fail(f"not kept after 30 s:\n{await page.inner_text('body')}")


async def check(page: Page, text: str) -> str:
    """As a hand scanner types it. The state of the card that comes."""
    await page.evaluate("() => document.querySelector('.verdict')?.remove()")
    await page.locator("#typed").fill(text)
    await page.locator("#typed").press("Enter")
    return str(await page.locator(".verdict").get_attribute("data-state"))


async def renewed(page: Page) -> None:
    """As if somebody came back to the page; waits until the lists were asked for."""
    before = await page.evaluate(REFRESHED)
    await page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    for _ in range(150):
        if await page.evaluate(REFRESHED) != before:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"not refreshed after 15 s:\n{await page.inner_text('body')}")


async def code(page: Page) -> str:
    return str(await page.locator(".verdict").get_attribute("data-code"))


def qr(text: str, path: Path) -> Path:
    qrcode.make(text, box_size=6).save(path)
    return path
