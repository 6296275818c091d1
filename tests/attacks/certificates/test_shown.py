"""Attack 19: what an organiser or a holder may have written is shown as text, and not all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.events import ModuleLine
from core.settings import Settings
from tests.credentials.facts import FIRST, ORGANISER, issued, issuers

pytestmark = pytest.mark.engine

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"
HIDDEN = "\u202e\u2066\u200b\ufeff"
TRACKED = "javascript:alert(1) data:text/html,x https://evil.example/pixel.gif"
EVIL = f"{MARKUP} {HIDDEN}{TRACKED}"


def everywhere(text: str) -> dict[str, str]:
    return dict.fromkeys(("zh-Hans", "zh-Hant", "en", "pt"), text)


async def evil_certificate() -> dict[str, Any]:
    await issuers()
    prize = replace(FIRST, title=everywhere(f"prize {EVIL}"))
    module = ModuleLine("A", everywhere(f"module {EVIL}"), "1", "100")
    return await issued(
        prize,
        name=f"张伟 {EVIL}",
        contest_title=everywhere(f"contest {EVIL}"),
        competition_title=everywhere(f"competition {EVIL}"),
        delegation=EVIL,
        modules=(module,),
    )


async def test_attack_19_no_page_and_no_picture_runs_hides_turns_or_loads_what_is_signed(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await evil_certificate()
    achievement = f"/achievements/{ORGANISER}/pastry-2024-first"
    addresses = [
        f"/c/{one['public_id']}?lang={lang}" for lang in ("zh-Hans", "zh-Hant", "en", "pt")
    ]

    answers = [
        await client.get(address, headers={"Accept": "text/html"})
        for address in (*addresses, achievement)
    ]
    answers.append(await client.post(f"/c/{one['public_id']}/badge/svg", content=one["qr_text"]))

    for answer in answers:
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert "<script>alert" not in answer.text
        assert not re.search(r"<[^>]*\son[a-z]+=", answer.text)
        assert not re.search(
            r'(?:href|src|action)="(?:javascript|data:text|https://evil)', answer.text
        )
        assert not set(HIDDEN) & set(answer.text)
    page = await client.get(addresses[2])
    assert "&lt;script&gt;alert(1)" in page.text


async def test_attack_19_a_text_of_ten_thousand_letters_ends_on_the_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    await issuers()
    one = await issued(name="长" * 200, contest_title=everywhere("W" * 2_500))

    page = await client.get(f"/c/{one['public_id']}")

    assert page.status_code == 200
    assert "W" * 161 not in page.text
    assert len(page.content) < 60_000


async def test_attack_19_the_verdict_is_data_and_never_a_page(
    client: httpx.AsyncClient, database: Settings
) -> None:
    one = await evil_certificate()

    answers = [
        await client.post("/api/verify", content=one["token"], headers={"Accept": "text/html"}),
        await client.get(f"/c/{one['public_id']}.json"),
        await client.post(f"/c/{one['public_id']}/badge/jwt", content=one["qr_text"]),
    ]

    for answer in answers:
        assert answer.headers["content-type"].partition(";")[0] in (
            "application/json",
            "application/vc+jwt",
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
