"""Whom the scanner believes: bundles signed by keys at hand, under a root where there is one, only forwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from credentials.encoding import to_base64url, to_json
from credentials.identifiers import Addresses
from credentials.keys import new_private_key, public_jwk
from credentials.trust import bundle_payload
from credentials.trusting.authorisation import Request, authorise
from tests.browser.scan_modules import (
    CERTIFICATES,
    DAY,
    JUDGE,
    STATUS_KEY,
    TRUST_KEY,
    bundle,
    milliseconds,
    modules,
    pins,
    store,
)
from tests.credentials.kit import ADDRESSES, NOW, PUBLIC_ID, Issuer, make_issuer

pytestmark = pytest.mark.browser

BUNDLE = """async ([bundle, pinned, made, now]) => {
  const { openBundle } = await import("/bundle.js");
  try {
    const { origins, next } = await openBundle(bundle, pinned, made, now);
    return { origins, root: next.root, n: next.n, keys: next.keys.length };
  } catch (error) {
    return error.code ?? String(error);
  }
}"""


@pytest_asyncio.fixture
async def app(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser) as page:
        yield page


async def opened(
    app: Page, token: str, pinned: dict[str, Any], *, made: Any = None, now: datetime = NOW
) -> Any:
    return await app.evaluate(BUNDLE, [token, pinned, made or {}, milliseconds(now)])


async def test_a_bundle_counts_only_when_a_key_at_hand_has_signed_it_and_only_forwards(
    app: Page,
) -> None:
    other = make_issuer("", "trust")
    trust = store(CERTIFICATES, TRUST_KEY, other)
    held = pins(TRUST_KEY)
    newest = {ADDRESSES.origin: milliseconds(NOW)}
    forged = bundle(trust, signer=replace(TRUST_KEY.signer, key=new_private_key()))
    head, body, _ = bundle(trust).split(".")
    none = to_base64url(
        b'{"alg":"none","kid":"'
        + TRUST_KEY.signer.kid_url.encode()
        + b'","typ":"jiangxin-trust+jwt"}'
    )

    assert await opened(app, bundle(trust), held) == {
        "origins": [ADDRESSES.origin],
        "root": "",
        "n": 0,
        "keys": 2,
    }
    assert await opened(app, bundle(trust, signer=other.signer), held) == "unknown-key"
    assert await opened(app, forged, held) == "signature"
    assert await opened(app, f"{none}.{body}.", held) == "unknown-key"
    assert await opened(app, f"{head}.{body}", held) == "unknown-key"
    assert (
        await opened(app, TRUST_KEY.signer.sign(to_json(bundle_payload(trust, NOW))), held)
        == "unknown-key"
    )
    assert await opened(app, bundle(trust, now=NOW - DAY), held, made=newest) == "bundle-replayed"
    assert isinstance(await opened(app, bundle(trust), held, made=newest), dict)
    assert (
        await opened(app, bundle(trust), pins(TRUST_KEY, origin="https://elsewhere.cn"))
        == "other-issuer"
    )


async def test_the_next_key_is_learnt_from_the_bundle_and_a_lost_one_is_not(app: Page) -> None:
    following = make_issuer("", "trust")
    trust = store(TRUST_KEY.with_key(compromised_at=NOW), following)

    after = await opened(app, bundle(trust, signer=following.signer), pins(TRUST_KEY, following))

    assert after["keys"] == 1


async def test_an_installation_that_moved_is_known_under_both_names(app: Page) -> None:
    moved = Addresses("https://new.example.cn", (ADDRESSES.origin,))

    found = await opened(app, bundle(store(TRUST_KEY, addresses=moved)), pins(TRUST_KEY))
    elsewhere = Addresses("https://new.example.cn")

    assert found["origins"] == ["https://new.example.cn", ADDRESSES.origin]
    assert (
        await opened(app, bundle(store(TRUST_KEY, addresses=elsewhere)), pins(TRUST_KEY))
        == "other-issuer"
    )


async def test_with_a_root_nothing_counts_but_what_it_authorised(app: Page) -> None:
    root, stranger = new_private_key(), new_private_key()
    trust = store(CERTIFICATES, TRUST_KEY)

    def said(
        n: int = 3, by: Any = root, key: Issuer = TRUST_KEY, origin: str = ADDRESSES.origin
    ) -> str:
        return authorise(Request(n, (origin,), (public_jwk(key.trusted.key),)), by, NOW, days=400)

    async def held_to(authorisation: str, **more: Any) -> Any:
        return await opened(app, bundle(trust, authorisation=authorisation), pinned, **more)

    first = await opened(app, bundle(trust, authorisation=said()), pins(TRUST_KEY))
    pinned = pins(root=first["root"], n=3)

    assert (len(first["root"]), first["n"]) == (43, 3)
    assert (await held_to(said(4)))["n"] == 4
    assert await held_to(said(2)) == "bundle-replayed"
    assert await held_to(said(by=stranger)) == "unauthorised"
    assert await held_to(said(key=make_issuer("", "trust"))) == "unknown-key"
    assert await held_to(said(origin="https://cert-example.cn")) in ("unauthorised", "unknown-key")
    assert await held_to(said(), now=NOW + 401 * DAY) == "unauthorised-now"
    assert await held_to("") == "unauthorised"
    assert await opened(app, bundle(trust), pinned) == "unauthorised"


async def test_installations_that_are_believed_are_recognised_and_only_with_their_own_keys(
    app: Page,
) -> None:
    partner = Addresses("https://partner.example.mo")
    theirs, their_trust = make_issuer(), make_issuer("", "trust")
    their_lists = make_issuer(purpose="status")
    their_store = store(theirs, their_trust, their_lists, addresses=partner)
    inside = bundle(their_store, signer=their_trust.signer)
    ours = store(CERTIFICATES, STATUS_KEY, TRUST_KEY)

    def named(**entry: str) -> str:
        return bundle(
            ours, installations=[{"origin": partner.origin, "root": "", "bundle": inside, **entry}]
        )

    async def state(content: str, origin: str) -> Any:
        text = f"{origin}/c/{PUBLIC_ID}#{content}"
        told = [named(), pins(TRUST_KEY), None, text, milliseconds(NOW), False]
        return (await app.evaluate(JUDGE, told))["state"]

    assert (await opened(app, named(), pins(TRUST_KEY)))["origins"] == [
        ADDRESSES.origin,
        partner.origin,
    ]
    assert (await opened(app, named(root="x" * 43), pins(TRUST_KEY)))["origins"] == [
        ADDRESSES.origin
    ]
    assert (await opened(app, named(bundle=inside[:-9]), pins(TRUST_KEY)))["origins"] == [
        ADDRESSES.origin
    ]
    assert await state(theirs.qr(), partner.origin) == "status_unknown"
    assert await state(theirs.qr(), ADDRESSES.origin) == "unknown_issuer"
    assert await state(CERTIFICATES.qr(), partner.origin) == "unknown_issuer"
