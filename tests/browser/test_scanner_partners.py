"""One scanner, three installations: its own, which moves to another host, and two that it believes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, Route, expect

from core.security import SYSTEM
from core.settings import Settings, use
from credentials.cwt import sign_printed
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import new_private_key, public_jwk, thumbprint_of
from credentials.status import Status, bits_of, token_payload
from credentials.trust import BUNDLE_TYPE, bundle_payload, store_of
from credentials.trusting.actions import accept_installation
from credentials.trusting.authorisation import Request, authorise
from tests.browser.scan_kit import HOST, check, code, papers, phone, renewed, serve
from tests.credentials.kit import INDEX, PRINTED, Issuer, make_issuer
from tests.fixtures.processes import Server, environment_of

pytestmark = pytest.mark.browser

NEW_HOST = "zheng.example.cn"


class Partner:
    """Another installation, as far as anybody outside sees it. Its own keys, its own issuer, the code of
    which may be known elsewhere too."""

    def __init__(self, host: str, *, rooted: bool) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.addresses = Addresses(f"https://{host}")
        self.paper, self.lists = self._key(), self._key("centre", "status")
        self.trust = self._key("", "trust")
        self.private = new_private_key() if rooted else None

    def _key(self, code: str = "centre", purpose: str = "certificate") -> Issuer:
        return make_issuer(code, purpose).with_key(activated_at=self.now - timedelta(days=9))

    @property
    def root(self) -> str:
        return thumbprint_of(public_jwk(self.private.public_key())) if self.private else ""

    def bundle(self) -> str:
        keys = (self.paper.trusted, self.lists.trusted, self.trust.trusted)
        trust = store_of(self.addresses, keys, self.now)
        payload = bundle_payload(trust, self.now, authorisation=self._authorisation())
        return self.trust.signer.at(self.addresses).sign(to_json(payload), typ=BUNDLE_TYPE)

    def _authorisation(self) -> str:
        if self.private is None:
            return ""
        asked = Request(1, (self.addresses.origin,), (public_jwk(self.trust.trusted.key),))
        return authorise(asked, self.private, self.now, days=400)

    def qr(self, *, host: str = "") -> str:
        printed = replace(PRINTED, issued_at=self.now)
        addresses = Addresses(f"https://{host}") if host else self.addresses
        content = sign_printed(printed, self.paper.signer)
        return f"{addresses.certificate(printed.public_id)}#{content}"

    async def answer(self, route: Route) -> None:
        """Its two addresses that a scanner of somebody else's asks."""
        path = route.request.url.removeprefix(self.addresses.origin)
        status = bits_of([(INDEX, int(Status.SUSPENDED))] if self.private else [])[1]
        about = {"addresses": self.addresses, "issuer": "centre", "block": 1, "now": self.now}
        signed = self.lists.signer.at(self.addresses).sign(
            to_json(token_payload(status, **about)), typ="statuslist+jwt"
        )
        body = {
            "/scan/lists.json": '{"lists":[{"issuer":"centre","block":1}]}',
            "/status/t/centre/1": signed,
        }[path]
        await route.fulfill(body=body, headers={"Access-Control-Allow-Origin": "*"})


async def test_each_installation_is_named_and_believed_for_its_own_papers_only(
    database: Settings, start_server: Callable[..., Server], browser: Browser
) -> None:
    server = serve(start_server, database)
    texts = await papers()
    macao, zhuhai = (
        Partner("cert.example.mo", rooted=False),
        Partner("cert.example.com", rooted=True),
    )
    for partner in (macao, zhuhai):
        await accept_installation(SYSTEM, partner.bundle(), root=partner.root)
    page = await phone(browser, server, service_workers="block")
    for partner in (macao, zhuhai):
        await page.route(f"{partner.addresses.origin}/**", partner.answer)
    await renewed(page)
    host = page.locator(".verdict dd", has_text="cert.example")

    assert await check(page, macao.qr()) == "valid"
    await expect(host).to_have_text("cert.example.mo")
    assert await check(page, zhuhai.qr()) == "suspended"
    await expect(host).to_have_text("cert.example.com")
    assert await check(page, texts["valid"]) == "valid"
    await expect(host).to_have_text(HOST)
    assert await check(page, macao.qr(host=HOST)) == "unknown_issuer"
    assert await check(page, macao.qr(host="cert.example.com")) == "unknown_issuer"
    assert await code(page) == "unknown-key"

    await _it_moves(page, server, database, texts)


async def _it_moves(page: Page, server: Server, database: Settings, texts: dict[str, str]) -> None:
    """The server answers under a new name, and printed papers go on."""
    server.kill()
    own = replace(
        database, certificate_origin=f"https://{NEW_HOST}", former_origins=(f"https://{HOST}",)
    )
    use(own)
    server.environment = {
        **environment_of(own),
        "JIANGXIN_CERTIFICATE_ORIGIN": f"https://{NEW_HOST}",
        "JIANGXIN_FORMER_ORIGINS": f"https://{HOST}",
    }
    server.start()

    await renewed(page)

    await page.locator(".trust summary").click()
    hosts = page.locator(".hostlist li")
    await expect(hosts).to_have_text([NEW_HOST, HOST, "cert.example.com", "cert.example.mo"])
    assert await check(page, texts["valid"]) == "valid"
    assert await check(page, texts["valid"].replace(HOST, NEW_HOST)) == "valid"
    assert await check(page, texts["revoked"]) == "revoked"
