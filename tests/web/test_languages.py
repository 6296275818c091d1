"""Which language an answer is in, and how dates and numbers are written in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from markupsafe import Markup

from core.settings import Settings, use
from core.web.i18n import (
    LANGUAGES,
    negotiate,
    pick,
    show_date,
    show_moment,
    show_number,
    translate,
    translate_markup,
)

PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh-Hans"),
        ("*", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-MO", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("pt-PT", "pt"),
        ("pt-BR,en;q=0.5", "pt"),
        ("en-GB", "en"),
        ("de-DE, fr;q=0.9, pt;q=0.3", "pt"),
        ("en;q=0.2, zh-HK;q=0.9", "zh-Hant"),
        ("en;q=0, pt;q=0.1", "pt"),
        ("en;q=x, pt", "pt"),
        ("ja", "zh-Hans"),
        ("\x00,,;;q=,=", "zh-Hans"),
        ("en," * 5000, "en"),
    ],
)
def test_accept_language_chooses(header: str, language: str) -> None:
    assert negotiate(header) == language


def test_a_language_that_is_not_offered_is_not_chosen() -> None:
    assert negotiate("pt, en;q=0.5", ("zh-Hans", "en")) == "en"


async def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(
    client: httpx.AsyncClient,
) -> None:
    browser = {**PAGE, "Accept-Language": "en"}

    plain = await client.get("/", headers=browser)
    chosen = await client.get("/?lang=pt", headers=browser)
    remembered = await client.get("/", headers=browser)
    other = await client.get("/?lang=zh-Hant", headers=browser)

    languages = [a.text.split('lang="', 1)[1].split('"')[0] for a in
                 (plain, chosen, remembered, other)]  # fmt: skip
    assert languages == ["en", "pt", "pt", "zh-Hant"]
    assert "lang=pt" in chosen.headers["set-cookie"]
    assert "Accept-Language" in plain.headers["vary"]
    assert "Cookie" in plain.headers["vary"]


@pytest.mark.parametrize("wrong", ["de", "", "<script>", "zh-hans", "../../etc/passwd"])
async def test_an_unknown_choice_is_none(client: httpx.AsyncClient, wrong: str) -> None:
    answer = await client.get(
        "/", params={"lang": wrong}, headers={**PAGE, "Accept-Language": "pt"}
    )

    assert answer.status_code == 200
    assert '<html lang="pt"' in answer.text
    assert "set-cookie" not in answer.headers


async def test_an_installation_may_offer_fewer_languages(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    use(replace(settings, languages=("pt", "zh-Hant")))

    answer = await client.get("/", headers={**PAGE, "Accept-Language": "en"})

    assert '<html lang="pt"' in answer.text
    assert "English" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/login", "/nothing"])
async def test_a_page_is_wholly_in_its_language(
    client: httpx.AsyncClient, language: str, path: str
) -> None:
    answer = await client.get(path, params={"lang": language}, headers=PAGE)

    assert f'<html lang="{language}"' in answer.text
    assert translate("Skip to content", language) in answer.text
    if language != "en":
        assert "Skip to content" not in answer.text
    for code in LANGUAGES:
        assert f"lang={code}" in answer.text or code == language


def test_a_sentence_fills_its_places_and_leaves_missing_ones_to_be_seen() -> None:
    assert translate("Log in as {label}", "pt", label="Ana") == "Iniciar sessão como Ana"
    assert translate("Log in as {label}", "en", other="x") == "Log in as {label}"
    assert translate("nobody wrote this {x}", "zh-Hans", x=1) == "nobody wrote this 1"


def test_what_stands_in_a_place_is_no_place_and_no_markup() -> None:
    assert translate("Log in as {label}", "en", label="{login}") == "Log in as {login}"
    assert translate_markup("Log in as {label}", "en", label="<b>") == Markup("Log in as &lt;b&gt;")


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ({"zh-Hans": "赛", "en": "Race"}, "en", "Race"),
        ({"zh-Hans": "赛", "en": "Race"}, "pt", "赛"),
        ({"zh-Hant": "賽", "en": "Race"}, "pt", "賽"),
        ({"en": "Race"}, "zh-Hans", "Race"),
        ({"pt": "Corrida"}, "en", "Corrida"),
        ({"zh-Hans": "", "en": "Race"}, "zh-Hans", "Race"),
        ({}, "en", ""),
    ],
)
def test_an_organisers_text_falls_back(text: dict[str, str], language: str, shown: str) -> None:
    assert pick(text, language) == shown


def test_dates_in_four_languages() -> None:
    day = date(2024, 10, 18)

    assert [show_date(day, code) for code in LANGUAGES] == [
        "2024年10月18日",
        "2024年10月18日",
        "18 October 2024",
        "18 de outubro de 2024",
    ]
    assert show_date("2024-10-18", "en") == "18 October 2024"


def test_an_instant_is_shown_in_the_local_time() -> None:
    late = datetime(2024, 10, 18, 16, 30, tzinfo=UTC)

    assert show_moment(late, "zh-Hans") == "2024年10月19日 00:30"
    assert show_moment("2024-10-18T16:30:00Z", "en") == "19 October 2024 00:30"


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("1234.50", "en", "1,234.50"),
        ("12345.50", "pt", "12\u00a0345,50"),
        ("1234.50", "zh-Hans", "1,234.50"),
        (Decimal("0.001"), "pt", "0,001"),
        (7, "pt", "7"),
        ("-3.0", "en", "-3.0"),
    ],
)
def test_a_number_keeps_exactly_its_digits(
    value: Decimal | int | str, language: str, shown: str
) -> None:
    assert show_number(value, language) == shown
