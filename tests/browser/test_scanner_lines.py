"""What the scanner says without a network of one under correction, and of an opened line of a score sheet."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from contests.evidence import Leaf, root
from credentials import claims
from credentials.evidence.leaves import opened, written
from credentials.lists import Lists
from credentials.status import Status
from credentials.verify import verify_printed
from tests.browser.scan_modules import (
    CERTIFICATES,
    STATUS_KEY,
    TRUST_KEY,
    bundle,
    milliseconds,
    modules,
    pins,
    status_list,
    store,
)
from tests.credentials.kit import (
    ADDRESSES,
    CONFERRED,
    HOLDER,
    INDEX,
    NOW,
    PUBLIC_ID,
    Issuer,
    make_issuer,
)

pytestmark = pytest.mark.browser

SINCE = datetime(2026, 11, 18, 2, tzinfo=UTC)
LEAVES = [(bytes([n]) * 16, json.dumps({"aspect": f"A{n}", "award": str(n)})) for n in range(7)]
SHOWN = """async ([bundle, pinned, list, text, now]) => {
  const names = ["/bundle.js", "/lists.js", "/verdict.js", "/wording.js", "/words.js"];
  const [{ openBundle }, { openList }, { verdictOf }, { told, lineOf }, { choose }] = await Promise.all(names.map((path) => import(path)));
  choose("en");
  const trusted = await openBundle(bundle, pinned, {}, now);
  const listOf = (key, block) => openList(list, trusted, { home: key.home, issuer: key.issuer, block });
  const verdict = await verdictOf(text, { trusted, listOf, now, backwards: false });
  const { word, sentence, advice, reason } = told(verdict);
  return { state: verdict.state, code: verdict.code, line: lineOf(verdict), word, sentence, advice, reason, name: verdict.read?.printed.name };
}"""


@pytest_asyncio.fixture
async def app(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser) as page:
        yield page


async def shown(app: Page, text: str, listed: str) -> dict[str, Any]:
    trust = store(CERTIFICATES, STATUS_KEY, TRUST_KEY)
    told = [bundle(trust), pins(TRUST_KEY), listed, text, milliseconds(NOW)]
    found: dict[str, Any] = await app.evaluate(SHOWN, told)
    return found


async def test_one_under_correction_is_called_so_with_its_day_and_whom_to_ask(app: Page) -> None:
    text = f"{ADDRESSES.certificate(PUBLIC_ID)}#{CERTIFICATES.qr()}"
    waiting = status_list(Status.SUSPENDED, correcting={INDEX: SINCE})
    other = status_list(Status.SUSPENDED, correcting={INDEX + 1: SINCE})
    lists = Lists(store(CERTIFICATES, STATUS_KEY, TRUST_KEY), now=NOW)
    lists.add(waiting, issuer="centre", block=1, now=NOW)
    content = text.partition("#")[2]

    said = await shown(app, text, waiting)
    plain = await shown(app, text, other)
    ours = verify_printed(content, trust=lists.trust, statuses=lists, now=NOW, path_id=PUBLIC_ID)

    assert said["word"] == "Under correction"
    assert said["sentence"] == "Under correction since 18 November 2026: ask Example Skills Centre"
    assert "once the correction is answered" in said["advice"]
    assert (plain["word"], plain["code"]) == ("Suspended", "status-suspended")
    status = next(check for check in ours.checks if check.id == "status")
    assert (ours.state, status.code) == ("suspended", "status-correcting")
    assert status.params["date"] == "2026-11-18"


def signed_over(leaves: list[tuple[bytes, str]], issuer: Issuer = CERTIFICATES) -> str:
    signed = root([Leaf(n, content, salt) for n, (salt, content) in enumerate(leaves)])
    holder = replace(HOLDER, evidence_root=signed)
    return issuer.token(claims.payload(CONFERRED, holder, ADDRESSES))


def handed(token: str, leaf: Any) -> str:
    return json.dumps({"certificate": token, "leaf": leaf})


async def test_an_opened_line_is_checked_against_the_root_that_the_issuer_signed(app: Page) -> None:
    token = signed_over(LEAVES)

    for position in (0, 3, 6):
        said = await shown(app, handed(token, written(opened(LEAVES, position))), status_list())
        assert said["state"] == "valid"
        assert said["line"] == [["Line", f"A{position}"], ["Mark", str(position)]]
        assert said["name"] == "张伟"
    withdrawn = await shown(
        app, handed(token, written(opened(LEAVES, 3))), status_list(Status.REVOKED)
    )
    assert withdrawn["state"] == "revoked"


async def test_a_line_that_was_bent_or_belongs_to_somebody_else_is_refused(app: Page) -> None:
    token, leaf = signed_over(LEAVES), written(opened(LEAVES, 3))
    better = {**leaf, "content": leaf["content"].replace('"3"', '"9"')}
    elsewhere = written(opened([(bytes(16), content) for _, content in LEAVES], 3))
    rootless = CERTIFICATES.token(
        claims.payload(CONFERRED, replace(HOLDER, evidence_root=""), ADDRESSES)
    )
    first, body, signature = token.split(".")
    cases = {
        "better mark": handed(token, better),
        "another's sheet": handed(token, elsewhere),
        "no root signed": handed(rootless, leaf),
        "a step too few": handed(token, {**leaf, "path": leaf["path"][1:]}),
        "short salt": handed(token, {**leaf, "salt": leaf["salt"][:-4]}),
        "a member too much": handed(token, {**leaf, "more": 1}),
        "other signature": handed(f"{first}.{body}.{signature[:-4]}AAAA", leaf),
    }

    said = {name: await shown(app, text, status_list()) for name, text in cases.items()}
    stranger = await shown(app, handed(signed_over(LEAVES, make_issuer()), leaf), status_list())

    assert {name: one["state"] for name, one in said.items()} == dict.fromkeys(cases, "altered")
    assert [one["line"] for one in said.values()] == [[]] * len(cases)
    assert said["better mark"]["reason"].startswith("The line of the score sheet does not lead")
    assert stranger["state"] == "unknown_issuer"
