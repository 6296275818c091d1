"""The verify page and the verdict while the database can't be reached: unknown, never forged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest

from core import db
from core.settings import Settings
from credentials import keyring
from tests.credentials.facts import issued, issuers
from tests.factories_accounts import log_in_browser, make_account

WORDS = {
    "zh-Hans": ("状态不明", "这并不表示证书是伪造的"),
    "zh-Hant": ("狀態不明", "這並不表示證書是偽造的"),
    "en": ("Status unknown", "This does not mean that it is forged."),
    "pt": ("Estado desconhecido", "Isto não significa que seja falso"),
}
HTML = {"Accept": "text/html"}
Cut = Callable[[], None]


async def no_server() -> None:
    """What a driver says of a server that is not there."""
    await asyncpg.connect("postgresql://postgres@127.0.0.1:1/nobody", timeout=5)


async def no_file() -> None:
    sqlite3.connect("/nowhere/at/all.sqlite").execute("SELECT 1")


async def too_slow() -> None:
    raise TimeoutError


@pytest.fixture
def cut(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Cut:
    async def refused(*_: Any, **__: Any) -> Any:
        await no_server()

    def now() -> None:
        for name in ("_statement", "transaction"):
            monkeypatch.setattr(type(db.engine()), name, refused)
        monkeypatch.setattr(
            keyring, "FRESH", -1.0
        )  # the keys at hand are old, and must be read anew

    return now


async def test_the_page_says_unknown_and_what_to_do_in_four_languages(
    client: httpx.AsyncClient, cut: Cut
) -> None:
    await issuers()
    one = await issued()
    await client.get(f"/c/{one['public_id']}", headers=HTML)
    cut()

    for language, (word, not_forged) in WORDS.items():
        answer = await client.get(f"/c/{one['public_id']}?lang={language}", headers=HTML)
        text = answer.text
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "60"
        assert f"<h1>{word}</h1>" in text
        assert not_forged in text
        assert "10" in text  # minutes until the next try
        assert "-".join(one["public_id"][at : at + 4] for at in (0, 4, 8)) in text
        assert "data-keys=" in text  # for the code that the reader scanned
        assert "Traceback" not in text
        assert "script-src" in answer.headers["content-security-policy"]


async def test_a_reader_who_is_logged_in_and_one_who_compares_get_the_same_page(
    client: httpx.AsyncClient, cut: Cut
) -> None:
    await issuers()
    one = await issued()
    await log_in_browser(client, await make_account())
    cut()

    page = await client.get(f"/c/{one['public_id']}?lang=en", headers=HTML)
    compared = await client.post(f"/c/{one['public_id']}?lang=en", data={"name": "x"}, headers=HTML)

    assert (page.status_code, compared.status_code) == (503, 503)
    assert "Status unknown" in page.text
    assert "Status unknown" in compared.text


async def test_a_presented_token_is_still_checked_with_the_keys_at_hand(
    client: httpx.AsyncClient, cut: Cut
) -> None:
    await issuers()
    one = await issued(name="欧阳晓明")
    await make_account()  # the installation is set up
    await client.post("/api/verify", content=one["token"])
    forged = one["token"][:-6] + "AAAAAA"
    cut()

    for presented in (one["token"], one["qr_text"]):
        answer = await client.post("/api/verify?lang=en", content=presented)
        found = answer.json()
        checks = {check["id"]: check for check in found["checks"]}
        assert answer.status_code == 503
        assert found["verdict"] == "status_unknown"
        assert (checks["unaltered"]["ok"], checks["issuer"]["ok"]) == (True, True)
        assert (checks["status"]["ok"], checks["status"]["code"]) == (None, "status-unreachable")
        assert "does not mean that it is forged" in checks["status"]["detail"]
    refused = await client.post("/api/verify", content=forged)
    by_id = await client.get(f"/c/{one['public_id']}.json")

    assert (refused.status_code, refused.json()["verdict"]) == (200, "altered")
    assert (by_id.status_code, by_id.json()["verdict"]) == (503, "status_unknown")
    assert by_id.json()["credential"] is None


async def test_before_any_key_was_read_nothing_is_claimed(
    client: httpx.AsyncClient, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    await issuers()
    one = await issued()
    await make_account()
    await client.get("/login")
    monkeypatch.setattr(keyring, "_known", None)
    cut()

    answer = await client.post("/api/verify", content=one["token"])
    page = await client.get(f"/c/{one['public_id']}?lang=en", headers=HTML)

    assert (answer.status_code, answer.json()["verdict"]) == (503, "status_unknown")
    assert [check["ok"] for check in answer.json()["checks"]] == [None] * 5
    assert page.status_code == 503
    assert "Status unknown" in page.text


@pytest.mark.parametrize("absence", [no_server, no_file, too_slow])
async def test_what_drivers_say_of_an_absent_database_is_understood(absence: Any) -> None:
    with pytest.raises(Exception) as raised:
        await absence()

    assert db.unreachable(raised.value)
    assert not db.unreachable(KeyError("name"))


async def test_other_rooms_say_to_come_back_later(client: httpx.AsyncClient, cut: Cut) -> None:
    cut()

    answer = await client.get("/keys/nobody", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "Try again in a moment" in answer.json()["detail"]


async def test_a_fault_of_ours_is_not_taken_for_an_absent_database(
    client: httpx.AsyncClient, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(type(db.engine()), "_statement", wrong)

    answer = await client.get("/c/000000000000?lang=en", headers=HTML)

    assert answer.status_code == 500
    assert "Status unknown" not in answer.text
