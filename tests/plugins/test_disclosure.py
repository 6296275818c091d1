"""Who may see what of a person: the three regions' declarations and what they come to together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from core import disclosure
from core.partner import AUDIENCES, SHOWN, Disclosure, PartnerRules
from plugins.greater_bay_area.authorities import Guangdong, HongKong, Macao

REGIONS = (Guangdong(), HongKong(), Macao())
LANGUAGES = {"zh-Hans", "zh-Hant", "en", "pt"}


class Loose(PartnerRules):
    """Says more may be seen than anybody else allows."""

    code = "loose"
    title: ClassVar[dict[str, str]] = {"en": "Loose"}

    def disclosure(self) -> Sequence[Disclosure]:
        return [
            Disclosure(field, audience, "full", {"en": "all"}, "nowhere", with_consent="full")
            for field in ("document:hkid", "document:mainland_id", "birth_date", "name")
            for audience in AUDIENCES
        ]


@pytest.fixture
def among(monkeypatch: pytest.MonkeyPatch) -> list[PartnerRules]:
    """The authorities that count; a test changes the list."""
    rules: list[PartnerRules] = list(REGIONS)
    monkeypatch.setattr(disclosure, "registry", lambda: _Registry(rules))
    return rules


class _Registry:
    def __init__(self, rules: list[PartnerRules]) -> None:
        self._rules = rules

    def partners(self) -> list[PartnerRules]:
        return self._rules


@pytest.mark.parametrize("rules", REGIONS, ids=lambda rules: rules.code)
def test_every_declaration_is_complete(rules: PartnerRules) -> None:
    declared = rules.disclosure()

    assert declared
    assert len({(one.field, one.audience) for one in declared}) == len(declared)
    for one in declared:
        assert one.audience in AUDIENCES
        assert one.shown in SHOWN
        assert one.with_consent in ("", *SHOWN)
        assert set(one.clause) == LANGUAGES
        assert one.source


def test_a_name_is_masked_until_its_holder_agrees(among: list[PartnerRules]) -> None:
    said = {
        audience: (
            disclosure.level("name", audience),
            disclosure.level("name", audience, consents={"name"}),
            disclosure.level("name", audience, consents={"birth_date"}),
        )
        for audience in AUDIENCES
    }

    assert said == {
        "public": ("masked", "full", "masked"),
        "employer": ("masked", "full", "masked"),
        "partner": ("none", "full", "none"),
        "staff": ("full", "full", "full"),
        "person": ("full", "full", "full"),
    }


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_plugin_and_no_consent_opens_a_hong_kong_number(
    among: list[PartnerRules], audience: str
) -> None:
    among[:] = [Loose()]  # not even where Hong Kong's own rules are missing

    assert disclosure.level("document:hkid", audience, consents={"document:hkid"}) == "none"
    assert disclosure.number("hkid", "A123456(3)", audience) == ""
    assert disclosure.number("mainland_id", "A123456(3)", audience) == ""


def test_the_strictest_counts_and_nobody_shows_more_than_the_platform(
    among: list[PartnerRules],
) -> None:
    number = "110101199003070030"
    alone = {audience: disclosure.number("mainland_id", number, audience) for audience in AUDIENCES}
    among.append(Loose())
    beside = {
        audience: disclosure.number("mainland_id", number, audience) for audience in AUDIENCES
    }
    among[:] = [Loose()]

    assert alone == beside
    assert alone == {
        "public": "",
        "employer": "",
        "partner": "",
        "staff": "…0030",
        "person": number,
    }
    assert disclosure.level("birth_date", "public") == "none"
    assert disclosure.level("something_else", "person") == "none"


def test_a_clause_stands_behind_what_counts(among: list[PartnerRules]) -> None:
    found = disclosure.rule_of("name", "public")

    assert [source for _, source in found.clauses] == [
        "个人信息保护法 (2021-11-01)",
        "Lei n.º 8/2005, al.gov.mo",
    ]


@pytest.mark.parametrize(
    ("value", "masked"), [("110101199003070030", "…0030"), ("51234567", "…"), ("", "…")]
)
def test_a_mask_is_the_same_everywhere_and_never_half_of_a_number(value: str, masked: str) -> None:
    assert disclosure.masked_number(value) == masked


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("A123456(3)", "…"),
        ("see ab 123456 (9) here", "SEE … HERE"),
        ("A1234563", "…"),
        ("H12345678", "H12345678"),
        ("E20240001 厨师", "E20240001 厨师"),
        ("GD-2024-0012", "GD-2024-0012"),
    ],
)
def test_free_words_lose_a_hong_kong_number_and_nothing_else(words: str, shown: str) -> None:
    assert disclosure.without_hong_kong(words) == shown
