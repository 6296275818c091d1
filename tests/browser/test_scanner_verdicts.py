"""The scanner's verdicts are the platform's; what is too old or missing it never calls valid."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from credentials.encoding import to_base64url, to_json
from credentials.identifiers import Addresses
from credentials.keys import new_private_key
from credentials.lists import Lists
from credentials.status import Status
from credentials.verify import verify_printed
from tests.browser.scan_modules import (
    CERTIFICATES,
    DAY,
    STATUS_KEY,
    TRUST_KEY,
    bundle,
    claims_of_a_list,
    judged,
    listed,
    milliseconds,
    modules,
    pins,
    status_list,
    store,
)
from tests.credentials.kit import ADDRESSES, ISSUED, NOW, PUBLIC_ID

pytestmark = pytest.mark.browser

LIST = """async ([bundle, pinned, list, place, now]) => {
  const [{ openBundle }, { openList }] = await Promise.all(["/bundle.js", "/lists.js"].map((path) => import(path)));
  const trusted = await openBundle(bundle, pinned, {}, now);
  return openList(list, trusted, place).then(() => "taken", (error) => error.code ?? String(error));
}"""


@pytest_asyncio.fixture
async def app(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser) as page:
        yield page


KEYS = {
    "in use": {},
    "retired since": {"retired_at": NOW},
    "retired before": {"retired_at": ISSUED - DAY},
    "not yet used": {"activated_at": NOW},
    "never used": {"activated_at": None},
    "lost": {"compromised_at": NOW},
    "for lists": {"purpose": "status"},
}
PAPERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "in notice": {"notice_until": "2026-11-20"},
    "after notice": {"notice_until": "2026-11-19"},
    "expired this second": {"expires_at": NOW},
    "in date": {"expires_at": NOW + timedelta(seconds=1)},
    "from the future": {"issued_at": NOW + timedelta(minutes=6)},
    "a little ahead": {"issued_at": NOW + timedelta(minutes=4)},
}


async def test_every_verdict_is_the_platform_s(app: Page) -> None:
    cases = [(key, paper, Status.VALID) for key in KEYS for paper in PAPERS]
    cases += [("in use", "plain", status) for status in Status]
    for key, paper, status in cases:
        signed_by = CERTIFICATES.with_key(**KEYS[key])
        trust = store(signed_by, STATUS_KEY, TRUST_KEY)
        text = f"{ADDRESSES.certificate(PUBLIC_ID)}#{CERTIFICATES.qr(**PAPERS[paper])}"
        lists = Lists(trust, now=NOW)
        lists.add(status_list(status), issuer="centre", block=1, now=NOW)
        expected = verify_printed(
            text.partition("#")[2], trust=trust, statuses=lists, now=NOW, path_id=PUBLIC_ID
        )

        said = await judged(app, trust, status_list(status), text)

        assert said["state"] == expected.state.value, (key, paper, status)


async def test_what_is_too_old_or_missing_is_unknown_but_never_valid(app: Page) -> None:
    trust = store(CERTIFICATES, STATUS_KEY, TRUST_KEY)
    text = f"{ADDRESSES.certificate(PUBLIC_ID)}#{CERTIFICATES.qr()}"

    async def state(listed: str | None, **more: Any) -> tuple[str, str, Any]:
        said = await judged(app, trust, listed, text, **more)
        return said["state"], said["code"], said.get("aged")

    late, over = NOW + timedelta(hours=2), NOW + timedelta(days=7)
    assert await state(status_list()) == ("valid", "valid", False)
    assert await state(status_list(), now=late) == ("valid", "valid", True)
    assert await state(status_list(), now=over) == ("status_unknown", "list-out-of-date", None)
    assert await state(status_list(now=over), now=NOW + 31 * DAY) == (
        "status_unknown",
        "list-out-of-date",
        None,
    )
    assert await state(None) == ("status_unknown", "no-list", None)
    assert await state(status_list(), backwards=True) == ("status_unknown", "clock", None)
    assert await state(status_list(Status.REVOKED), now=over) == ("revoked", "status-revoked", None)
    assert await state(status_list(Status.SUSPENDED), now=over) == (
        "status_unknown",
        "list-out-of-date",
        None,
    )


async def test_a_list_of_somebody_else_or_that_would_fill_the_phone_is_refused(app: Page) -> None:
    trust = store(CERTIFICATES, STATUS_KEY, TRUST_KEY)
    bomb = {
        **claims_of_a_list(),
        "status_list": {"bits": 2, "lst": to_base64url(zlib.compress(bytes(64 * 1024 * 1024)))},
    }
    short = {
        **claims_of_a_list(),
        "status_list": {"bits": 2, "lst": to_base64url(zlib.compress(bytes(1000)))},
    }
    one_bit = {
        **claims_of_a_list(),
        "status_list": {**claims_of_a_list()["status_list"], "bits": 1},
    }
    lists = {
        "taken": status_list(),
        "of another block": status_list(block=2),
        "of another issuer": status_list(issuer="other"),
        "of another host": status_list(addresses=Addresses("https://cert-example.cn")),
        "by the certificates' key": CERTIFICATES.signer.sign(
            to_json(claims_of_a_list()), typ="statuslist+jwt"
        ),
        "of another type": STATUS_KEY.signer.sign(to_json(claims_of_a_list()), typ="JWT"),
        "forged": replace(STATUS_KEY.signer, key=new_private_key()).sign(
            to_json(claims_of_a_list()), typ="statuslist+jwt"
        ),
        "endless": listed(bomb),
        "short": listed(short),
        "of one bit": listed(one_bit),
        "undated": listed({**claims_of_a_list(), "exp": "soon"}),
    }

    place = {"home": ADDRESSES.origin, "issuer": "centre", "block": 1}
    found = {}
    for name, token in lists.items():
        found[name] = await app.evaluate(
            LIST, [bundle(trust), pins(TRUST_KEY), token, place, milliseconds(NOW)]
        )

    assert {name for name, said in found.items() if said == "taken"} == {"taken"}
    assert set(found.values()) <= {
        "taken",
        "unknown-key",
        "signature",
        "status-list",
        "too-large",
    }
