"""Dish and pastry cards against totals worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from core.scoring.engine import score
from core.scoring.model import Record, Results, Standing, Timing
from plugins import (
    EntryFacts,
    FoundDefect,
    Mark,
    Milli,
    Outcome,
    Sheet,
    milli,
    read_options,
)
from plugins.cooking import Cooking

DISH = {
    "W1.1": ("16", "17", "18", "15", "19"),  # 17
    "W1.2": ("30", "32", "34", "28", "36"),  # 32
    "W1.3": ("18", "18", "17", "16", "19"),  # 17.6667 -> 17.67
    "W1.4": ("15", "15.5", "16", "14", "17"),  # 15.5
}
PASTRY = {
    "W1.1": ("8", "8.5", "9", "7", "9.5"),  # 8.5
    "W1.2": ("35", "36", "34", "30", "38"),  # 35
    "W1.3": ("16", "16.5", "17", "15", "18"),  # 16.5
    "W1.4": ("9", "9", "8.5", "8", "10"),  # 8.8333 -> 8.83
    "W1.5": ("17", "17", "18", "16", "19"),  # 17.3333 -> 17.33
}


def points(number: str) -> Milli:
    return milli(number)


def sheets(card: Mapping[str, Sequence[str]], entry: str = "a") -> list[Sheet]:
    judges = range(len(next(iter(card.values()))))
    return [
        Sheet(
            entry,
            "W",
            f"J{judge}",
            {aspect: Mark(value=points(marks[judge])) for aspect, marks in card.items()},
        )
        for judge in judges
    ]


def clean(entry: str = "a", *found: FoundDefect) -> Sheet:
    return Sheet(entry, "H", "leader", {"H1.1": Mark(defects=found)})


def results(options: Mapping[str, Any], *given: Sheet, seconds: int | None = None) -> Results:
    contest_type = Cooking()
    answers, findings = read_options(contest_type, options)
    assert findings == []
    entries = tuple(EntryFacts(entry) for entry in sorted({sheet.entry for sheet in given}))
    timings = () if seconds is None else (Timing("a", "W", seconds),)
    record = Record(entries, given, timings=timings)
    return score(contest_type.scheme(answers), contest_type.rules(answers), record)


def standing(options: Mapping[str, Any], *given: Sheet, seconds: int | None = None) -> Standing:
    return results(options, *given, seconds=seconds).standings[0]


def test_the_dish_card_drops_one_high_and_one_low_and_averages_the_rest() -> None:
    assert standing({}, *sheets(DISH), clean()).total == Fraction("82.17")


def test_the_pastry_card_has_its_own_five_lines() -> None:
    assert standing({"card": "pastry"}, *sheets(PASTRY), clean()).total == Fraction("86.16")


def test_three_lingnan_works_count_a_third_each_and_full_marks_are_a_hundred() -> None:
    pastry = next(template for template in Cooking.templates if template.code == "pastry_2024")
    three = {aspect.replace("W1", f"W{n}"): m for n in (1, 2, 3) for aspect, m in PASTRY.items()}
    full = {
        f"W{n}.{line}": (maximum,) * 5
        for n in (1, 2, 3)
        for line, maximum in enumerate(("10", "40", "20", "10", "20"), 1)
    }

    assert standing(pastry.options, *sheets(three), clean()).total == Fraction("86.16")
    assert standing(pastry.options, *sheets(full), clean()).total == 100


def test_works_may_count_thirty_thirty_and_forty() -> None:
    works = [{"title_en": "A", "share": s} for s in ("3", "3", "4")]
    lines = {f"W{n}.{line}": ("10",) * 5 for n in (1, 2) for line in range(1, 5)}
    lines |= {f"W3.{line}": ("20",) * 5 for line in range(1, 5)}

    assert standing({"works": works}, *sheets(lines), clean()).total == 40 * Fraction("0.6") + 32


@pytest.mark.parametrize(
    ("over", "per", "total"),
    [
        (0, "started", "82.17"),
        (1, "started", "81.67"),
        (60, "started", "81.67"),
        (61, "started", "81.17"),
        (61, "full", "81.67"),
        (59, "full", "82.17"),
        (1800, "started", "67.17"),
    ],
)
def test_half_a_point_goes_for_each_started_or_full_minute(over: int, per: str, total: str) -> None:
    found = standing({"over_time_per": per}, *sheets(DISH), clean(), seconds=7200 + over)

    assert found.total == Fraction(total)


def test_more_than_thirty_minutes_over_is_out() -> None:
    found = standing({}, *sheets(DISH), clean(), seconds=7200 + 1801)

    assert (found.rank, found.status) == (None, Outcome.DSQ)


def test_hygiene_and_waste_come_off_the_total_up_to_their_limit() -> None:
    some = clean("a", FoundDefect("hygiene", points("2.5")))
    many = clean("a", *(FoundDefect("brought", points("10")) for _ in range(5)))

    assert standing({}, *sheets(DISH), some).total == Fraction("79.67")
    assert standing({}, *sheets(DISH), many).total == Fraction("62.17")


def test_the_tasters_change_no_total_until_they_get_a_weight_and_vote_for_an_award() -> None:
    tasting = [
        Sheet("a", "T", f"V{n}", {"T1.1": Mark(value=points(mark))}, panel="tasters")
        for n, mark in enumerate(("100", "90", "50"))
    ]
    given = [*sheets(DISH), clean(), *tasting]

    assert standing({"tasters": 3}, *given).total == Fraction("82.17")
    # 0.9 of 82.17 and 0.1 of the tasters' mean of 80
    weighed = standing({"tasters": 3, "taster_weight": "10"}, *given)
    assert weighed.total == Fraction("81.95")

    contest_type = Cooking()
    answers, _ = read_options(contest_type, {"tasters": 3})
    other = [*sheets(DISH, "b"), clean("b")]
    votes = {"tasters": {"a": 20, "b": 35}}
    record = Record((EntryFacts("a"), EntryFacts("b")), (*given, *other), votes=votes)
    found = score(contest_type.scheme(answers), contest_type.rules(answers), record)
    assert [(a.prize, a.entry) for a in found.awards if a.rule == "popular"] == [("popular", "b")]
    assert [s.shared for s in found.standings] == [True, True]


def test_a_missing_judge_leaves_the_entry_without_a_place_and_not_with_a_zero() -> None:
    found = standing({}, *sheets(DISH)[:4], clean())

    assert (found.rank, found.status, found.total) == (None, Outcome.MISSING, None)


def test_a_reversed_range_a_repeated_code_and_an_empty_title_are_all_named() -> None:
    faults = [
        {"code": "a", "title_en": "A", "minimum": "5", "maximum": "1"},
        {"code": "a", "title_en": "B"},
        {"code": "b b"},
    ]

    _, findings = read_options(Cooking(), {"faults": faults, "works": []})

    assert {(f.pointer, f.code) for f in findings} == {
        ("/works", "cooking-no-work"),
        ("/faults/0/minimum", "option-range-reversed"),
        ("/faults/1/code", "option-code-twice"),
        ("/faults/2/code", "option-code"),
        ("/faults/2/title_zh_hans", "option-title-missing"),
    }
