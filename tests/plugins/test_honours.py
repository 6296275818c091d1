"""The catalogue of honours: complete in four languages, in the order of its tiers, with its sources."""

from __future__ import annotations

import re

from core.partner import HonourKind
from credentials.records.honours.catalogue import FAMILIES, TIERS, kind_of, kinds
from plugins.greater_bay_area import partner_rules
from plugins.greater_bay_area.cities import GUANGDONG
from plugins.greater_bay_area.honours import HONOURS
from plugins.greater_bay_area.packs import EVERY

LANGUAGES = {"zh-Hans", "zh-Hant", "en", "pt"}
ONCE = ("title", "medal", "honour")


def test_every_honour_is_named_in_four_languages_with_authority_and_source() -> None:
    for one in HONOURS:
        texts = [one.title, one.authority_title, *(step.title for step in one.steps)]
        assert all(set(text) == LANGUAGES and all(text.values()) for text in texts), one.code
        assert one.source
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.code)
        assert (one.family in FAMILIES, one.tier in TIERS) == (True, True)


def test_codes_are_unique_and_every_family_is_there() -> None:
    codes = [one.code for one in HONOURS]

    assert len(set(codes)) == len(codes)
    assert {one.family for one in HONOURS} == set(FAMILIES)
    assert {one.holder for one in HONOURS} == {"person", "unit", "team", "studio"}


def test_what_a_rule_may_propose_is_in_the_catalogue_with_the_same_authority() -> None:
    known = {one.code: one for one in HONOURS}
    rules = [rule for pack in EVERY for rule in pack.rules if rule.kind in ONCE]

    assert rules
    assert {rule.code: rule.authority for rule in rules} == {
        rule.code: known[rule.code].authority for rule in rules
    }


def test_a_higher_tier_stands_higher_within_its_family() -> None:
    for family in FAMILIES:
        found = [one for one in HONOURS if one.family == family]
        by_rank = sorted(found, key=lambda one: one.ordinal)
        tiers = [TIERS.index(one.tier) for one in by_rank]
        assert tiers == sorted(tiers), family


def test_the_craftsmen_s_ladder_and_each_city_have_their_honours() -> None:
    ladder = [one.title["zh-Hans"] for one in HONOURS if one.family == "craftsman"]
    cities = {city.code for city in GUANGDONG}

    for title in ("大国工匠", "南粤工匠", "羊城工匠", "区域工匠", "企业工匠"):
        assert title in ladder
    for family in ("model_worker", "technical_expert"):
        assert {o.city for o in HONOURS if o.family == family and o.city} == cities


def test_steps_end_with_the_authority_s_own_level() -> None:
    ends = {"national": "nation", "provincial": "province", "municipal": "city"}

    for one in HONOURS:
        if one.steps:
            assert one.steps[-1].level == ends[one.tier], one.code


def test_any_plugin_s_honours_are_listed_and_the_first_of_a_code_counts() -> None:
    listed = {one.code for rules in partner_rules() for one in rules.honours()}

    assert {one.code for one in kinds()} >= listed
    found = kind_of("guangdong_may_day_medal")
    assert isinstance(found, HonourKind)
    assert found.first_named
    assert kind_of("nothing") is None
