"""Pages travel compressed, and what they hold in secret never looks the same twice."""

from __future__ import annotations

import re

import httpx

from core.web.session import _unmasked, masked
from tests.factories_accounts import log_in_browser, make_account

PLAIN = "0123456789abcdef" * 4
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_a_masked_token_is_another_each_time_and_the_same_underneath() -> None:
    seen = {masked(PLAIN) for _ in range(20)}

    assert len(seen) == 20
    assert {_unmasked(one) for one in seen} == {PLAIN}
    assert not [one for one in seen if PLAIN[:8] in one]


def test_what_is_no_masked_token_is_another_token_and_no_failure() -> None:
    for sent in ("m", "m!!!", "m41424", "m" + "0a" * 5, "", "plain", "mé"):
        assert _unmasked(sent) != PLAIN


async def test_a_page_is_compressed_and_its_form_is_taken_masked(client: httpx.AsyncClient) -> None:
    await log_in_browser(client, await make_account())

    page, again = [await client.get("/", headers={"Accept": "text/html"}) for _ in range(2)]
    plain = await client.get("/", headers={"Accept": "text/html", "Accept-Encoding": "identity"})
    (first, *_), (second, *_) = TOKEN.findall(page.text), TOKEN.findall(again.text)
    left = await client.post("/logout", data={"csrf_token": first})

    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in page.headers["vary"]
    assert first != second
    assert left.status_code == 303
