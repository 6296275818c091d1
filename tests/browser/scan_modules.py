"""The scanner's modules alone in a browser, and an issuer whose keys, lists and bundles they are given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from playwright.async_api import Browser, Page, Route

from core.web.assets import app_file
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import Signer, public_jwk
from credentials.scanner.words import APP
from credentials.status import BLOCK, Status, bits_of, token_payload
from credentials.trust import BUNDLE_TYPE, TrustStore, bundle_payload, store_of
from tests.credentials.kit import ADDRESSES, INDEX, NOW, Issuer, make_issuer

AT = "http://localhost/"
DAY = timedelta(days=1)
CERTIFICATES, STATUS_KEY = make_issuer(), make_issuer(purpose="status")
TRUST_KEY = make_issuer("", "trust")
JUDGE = """async ([bundle, pinned, list, text, now, backwards]) => {
  const [{ openBundle }, { openList }, { verdictOf }] = await Promise.all(
    ["/bundle.js", "/lists.js", "/verdict.js"].map((path) => import(path)));
  const trusted = await openBundle(bundle, pinned, {}, now);
  const listOf = (key, block) => list && openList(list, trusted, { home: key.home, issuer: key.issuer, block });
  const { state, code, aged } = await verdictOf(text, { trusted, listOf, now, backwards });
  return { state, code, aged };
}"""


@asynccontextmanager
async def modules(browser: Browser) -> AsyncIterator[Page]:
    """The scanner's modules from disk, in a page that does nothing."""
    page = await browser.new_page()

    async def answer(route: Route) -> None:
        name = route.request.url.removeprefix(AT)
        if name:
            await route.fulfill(path=app_file(APP, name), content_type="text/javascript")
        else:
            await route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")

    await page.route(f"{AT}**", answer)
    await page.goto(AT)
    yield page
    await page.close()


def store(*keys: Issuer, addresses: Addresses = ADDRESSES) -> TrustStore:
    return store_of(addresses, [key.trusted for key in keys], NOW)


def bundle(
    trust: TrustStore, *, signer: Signer = TRUST_KEY.signer, now: datetime = NOW, **more: Any
) -> str:
    return signer.at(trust.addresses).sign(
        to_json(bundle_payload(trust, now, **more)), typ=BUNDLE_TYPE
    )


def pins(
    *keys: Issuer, root: str = "", n: int = 0, origin: str = ADDRESSES.origin
) -> dict[str, Any]:
    jwks = [public_jwk(key.trusted.key) for key in keys]
    return {"origins": [origin], "keys": jwks, "root": root, "n": n}


def status_list(status: Status = Status.VALID, *, now: datetime = NOW, **changes: Any) -> str:
    raw = bits_of([(INDEX, int(status))] if status else [])[1]
    about = {"addresses": ADDRESSES, "issuer": "centre", "block": 1, **changes}
    return STATUS_KEY.signer.sign(
        to_json(token_payload(raw, now=now, **about)), typ="statuslist+jwt"
    )


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def judged(
    app: Page,
    trust: TrustStore,
    listed: str | None,
    text: str,
    *,
    now: datetime = NOW,
    backwards: bool = False,
) -> dict[str, Any]:
    told = [bundle(trust), pins(TRUST_KEY), listed, text, milliseconds(now), backwards]
    found: dict[str, Any] = await app.evaluate(JUDGE, told)
    return found


def claims_of_a_list() -> dict[str, Any]:
    return token_payload(bytes(BLOCK // 4), addresses=ADDRESSES, issuer="centre", block=1, now=NOW)


def listed(claims: dict[str, Any]) -> str:
    return STATUS_KEY.signer.sign(to_json(claims), typ="statuslist+jwt")
