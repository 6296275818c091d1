"""One table of skill levels for papers, pages, rules, imports and the scanner."""

from __future__ import annotations

import pytest

from admin.demonstration import facts
from contests.entering.values import level
from core.skill_levels import LEVELS, RANKS, level_words
from core.web.i18n import LANGUAGES
from credentials.scanner.words import table
from plugins import SKILL_LEVELS
from plugins.greater_bay_area.packs import names as packs


def test_the_national_levels_are_written_as_the_glossary_writes_them() -> None:
    assert [LEVELS[number]["zh-Hans"] for number in "54321"] == [
        "五级/初级工",
        "四级/中级工",
        "三级/高级工",
        "二级/技师",
        "一级/高级技师",
    ]
    assert LEVELS["1"]["zh-Hant"] == "一級/高級技師"
    assert LEVELS["3"]["en"] == "Level 3 (senior worker)"
    assert LEVELS["2"]["pt"] == "Nível 2 (técnico)"
    assert [RANKS[rank]["zh-Hans"] for rank in (1, 7, 8)] == ["学徒工", "特级技师", "首席技师"]
    assert all(set(title) == set(LANGUAGES) for title in (*LEVELS.values(), *RANKS.values()))
    assert level_words("E")["pt"] == "E"


def test_everybody_takes_the_words_from_there() -> None:
    scanner = table()

    assert SKILL_LEVELS is packs.LEVELS is LEVELS
    assert facts.LEVEL_TITLES["3"] is LEVELS["3"]
    for title in LEVELS.values():
        assert scanner[title["en"]] == [title[one] for one in ("zh-Hans", "zh-Hant", "pt")]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("高级工", "3"),
        ("三級", "3"),
        ("高級技師", "1"),
        ("technician", "2"),
        ("Nível 4", "4"),
        ("Level 3 (senior worker)", "3"),
        ("trabalhador júnior", "5"),
        ("职业技能二级", "2"),
        ("特级技师", ""),
        ("首席技师", ""),
        ("学徒工", ""),
    ],
)
def test_an_imported_level_is_read_in_any_language_and_never_taken_for_a_part_of_another(
    typed: str, number: str
) -> None:
    found, finding = level(typed)

    assert found == number
    assert bool(finding) == (not number)
