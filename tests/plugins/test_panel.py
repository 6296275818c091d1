"""The generic type: floristry and image design against totals worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from core.scoring.engine import score
from core.scoring.model import Record
from plugins import EntryFacts, Mark, Sheet, milli, read_options
from plugins.panel import Panel

FLORISTRY, IMAGE_DESIGN = (template.options for template in Panel.templates)


def sheets(module: str, rows: dict[str, tuple[str, ...]], entry: str = "a") -> list[Sheet]:
    return [
        Sheet(entry, module, f"J{n}", {a: Mark(value=milli(row[n])) for a, row in rows.items()})
        for n in range(5)
    ]


def total(options: Any, *given: Sheet) -> Fraction | None:
    contest_type = Panel()
    answers, findings = read_options(contest_type, options)
    assert findings == []
    record = Record((EntryFacts("a"),), given)
    found = score(contest_type.scheme(answers), contest_type.rules(answers), record)
    return found.standings[0].total


def test_floristry_has_craft_colour_form_and_theme_in_steps_of_a_half() -> None:
    answers, _ = read_options(Panel(), FLORISTRY)
    aspects = Panel().scheme(answers).modules[0].aspects()

    assert [(a.title["zh-Hans"], a.maximum, a.step) for a in aspects] == [
        ("技艺", 30_000, 500),
        ("色彩", 20_000, 500),
        ("造型", 20_000, 500),
        ("主题与意境", 30_000, 500),
    ]


def test_a_floristry_total_is_the_sum_of_four_trimmed_means() -> None:
    rows = {
        "A1.1": ("24", "25", "26.5", "22", "28"),  # 25.1667 -> 25.17
        "A1.2": ("16", "16", "16.5", "14", "19"),  # 16.1667 -> 16.17
        "A1.3": ("15", "18", "17", "17", "19.5"),  # 17.3333 -> 17.33
        "A1.4": ("27", "27", "27", "20", "30"),  # 27
    }

    assert total(FLORISTRY, *sheets("A", rows)) == Fraction("85.67")


def test_image_design_weighs_the_bridal_look_forty_and_the_creative_one_sixty() -> None:
    bridal = {f"A1.{n}": ("20",) * 5 for n in (1, 2, 3, 4)}  # 80 of 100
    creative = {"B1.1": ("38",) * 5, "B1.2": ("27",) * 5, "B1.3": ("25",) * 5}  # 90 of 100

    given = [*sheets("A", bridal), *sheets("B", creative)]

    assert total(IMAGE_DESIGN, *given) == 80 * Fraction("0.4") + 90 * Fraction("0.6")


def test_with_fewer_marks_than_declared_nothing_is_dropped() -> None:
    options = {"judges": 3, "step": "1"}
    given = [
        Sheet("a", "A", judge, {"A1.1": Mark(value=milli(mark))})
        for judge, mark in (("J1", "100"), ("J2", "70"), ("J3", "70"))
    ]

    assert total(options, *given) == 80


def test_everything_wrong_between_the_options_is_told_at_once() -> None:
    options = {
        "modules": [
            {"code": "A", "title_en": "Work", "weight": "60"},
            {"code": "A", "title_en": "Work", "weight": "39.75"},
        ],
        "criteria": [
            {"module": "A", "title_en": "One", "maximum": "50.25"},
            {"module": "C", "title_en": "Two", "maximum": "50"},
            {"module": "A", "maximum": "49"},
        ],
        "drop_minimum": 2,
    }

    _, findings = read_options(Panel(), options)

    assert {(f.pointer, f.code) for f in findings} == {
        ("/modules", "option-sum"),
        ("/modules/0", "option-sum"),
        ("/modules/1", "option-sum"),
        ("/modules/1/code", "option-code-twice"),
        ("/criteria/0/maximum", "panel-maximum-off-step"),
        ("/criteria/1/module", "panel-module-unknown"),
        ("/criteria/2/title_zh_hans", "option-title-missing"),
        ("/drop_minimum", "option-drops-everything"),
    }
