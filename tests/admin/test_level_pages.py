"""The room of skill levels: a level entered by hand, and a body's list of numbers."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import httpx

from core.outbox import drain
from core.security import Role, Scope
from credentials.records.levels.issued.reading import empty_table
from credentials.records.tables import HeldLevel, Proposal
from tests.credentials.facts import BODY
from tests.credentials.records.kit import ID, UNIT, account_of, organisations
from tests.credentials.records.test_issued_numbers import NUMBERS, SECOND, line, two
from tests.factories_accounts import log_in_browser, make_account

HTML = {"Accept": "text/html", "Accept-Language": "en"}
TYPED = {
    "body": UNIT,
    "name": "张伟",
    "document_kind": "mainland_id",
    "document_number": ID,
    "occupation": "4-03-02-03",
    "level": "3",
    "number": NUMBERS[0],
    "granted_on": "2025-01-02",
    "issuer": "测试鉴定中心",
    "source": "国家查询",
    "hash": "a" * 64,
}


async def test_an_odd_number_is_compared_before_the_level_is_entered(
    client: httpx.AsyncClient,
) -> None:
    await organisations()
    csrf = await log_in_browser(client, await account_of(UNIT))

    odd = await client.post("/console/levels", data={"csrf_token": csrf, **TYPED}, headers=HTML)
    wrong = await client.post(
        "/console/levels", data={"csrf_token": csrf, **TYPED, "number": "7"}, headers=HTML
    )
    saved = await client.post(
        "/console/levels", data={"csrf_token": csrf, **TYPED, "compared": "yes"}, headers=HTML
    )
    page = await client.get("/console/levels", headers=HTML)

    assert "The number says the year 2024, the day is 2025-01-02." in odd.text
    assert 'name="compared"' in odd.text
    assert "7 is no certificate number" in wrong.text
    assert 'value="国家查询"' in wrong.text
    assert saved.status_code == 303
    assert "张伟: Level 3 (senior worker)" in page.text
    out = re.search(r'"(/console/levels/[0-9a-f-]+/out)"', page.text)
    assert out
    await client.post(out[1], data={"csrf_token": csrf}, headers=HTML)
    assert await HeldLevel.count() == 0


async def test_a_list_is_looked_at_and_then_granted(client: httpx.AsyncClient) -> None:
    await two()
    csrf = await log_in_browser(client, await make_account((Role.ORGANISER, Scope("issuer", BODY))))
    content = empty_table("pt", [line(), replace(SECOND, number="7")])
    empty = await client.get("/console/levels/issued/empty.xlsx", headers=HTML)

    nothing = await client.post("/console/levels/issued", data={"csrf_token": csrf, "body": BODY}, files={"other": b""}, headers=HTML)  # fmt: skip
    shown = await client.post(
        "/console/levels/issued",
        data={"csrf_token": csrf, "body": BODY},
        files={"file": ("list.xlsx", content)},
        headers=HTML,
    )

    assert empty.content.startswith(b"PK")
    assert nothing.status_code in (400, 422, 200)
    assert "1 granted, 0 granted before, 1 with mistakes." in shown.text
    assert "7 is no certificate number" in shown.text
    assert await HeldLevel.count() == 0
    kept = re.search(r'name="lines" value="([^"]*)"', shown.text)
    assert kept
    sent = {"csrf_token": csrf, "body": BODY, "lines": html.unescape(kept[1])}
    refused = await client.post("/console/levels/issued/grant", data=sent, headers=HTML)
    broken = await client.post(
        "/console/levels/issued/grant", data={**sent, "lines": "{"}, headers=HTML
    )
    granted = await client.post(
        "/console/levels/issued/grant", data={**sent, "only_right": "yes"}, headers=HTML
    )
    assert "Lines with mistakes: 1." in refused.text
    assert "This is no readable list." in broken.text
    assert granted.headers["location"].startswith("/console/jobs/")
    await drain()
    states = await Proposal.select(Proposal.state).where(Proposal.state == "granted")
    assert len(states) == 1
