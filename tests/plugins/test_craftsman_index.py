"""Selection by index: one candidate's index worked out by hand, ties, minima, and who is proposed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from contests.seating.drawing import seats_wanted
from core.explaining import render_step
from core.scoring.engine import score
from core.scoring.explain import explain
from core.scoring.model import Record, Results, Standing
from core.web.i18n import LANGUAGES
from plugins import EntryFacts, Kind, Mark, Rules, Scheme, Sheet, milli, read_options
from plugins.craftsman_index import CraftsmanIndex
from plugins.craftsman_index.examples import CRAFTSMAN, DIGITAL
from plugins.craftsman_index.questions import COUNTED, GIVEN, below, indicator

BY_HAND = {
    "A1.1": ("80", "85", "90", "92", "95", "70", "100"),  # 442 / 5 = 88.4 × 0.18 = 15.912
    "A1.2": ("88", "88", "90", "86", "84", "95", "60"),  # 436 / 5 = 87.2 × 0.14 = 12.208
    "B1.1": ("75", "76", "77", "78", "79", "99", "20"),  # 385 / 5 = 77 × 0.12 = 9.24
    "B1.3": ("81", "82", "83", "84", "86", "81", "90"),  # 416 / 5 = 83.2 × 0.1 = 8.32
    "C1.2": ("90",) * 7,  # 90 × 0.07 = 6.3
    "C1.3": ("60", "61", "62", "63", "64", "65", "66"),  # 315 / 5 = 63 × 0.05 = 3.15
    "D1.1": ("96",) * 7,  # 96 × 0.05 = 4.8
}
EVIDENCE = {
    "A1.3": Mark(raw="3"),  # of 4 prizes: 75 × 0.08 = 6
    "B1.2": Mark(raw="7"),  # beyond the 5 patents of full points: 100 × 0.08 = 8
    "C1.1": Mark(raw="5"),  # of 8 apprentices: 62.5 × 0.08 = 5
    "D1.2": Mark(raw="12"),  # of 15 years: 80 × 0.03 = 2.4
    "D1.3": Mark(8000),  # 8 of 10: 8 × 0.2 = 1.6
}
MODULES = {"A": "34.12", "B": "25.56", "C": "14.45", "D": "8.8"}
TOTAL = Fraction("82.93")


def made(options: Any) -> tuple[Scheme, Rules]:
    contest_type = CraftsmanIndex()
    answers, findings = read_options(contest_type, options)
    assert findings == []
    return contest_type.scheme(answers), contest_type.rules(answers)


def by_hand(*, panel: str = "verifiers") -> list[Sheet]:
    """Seven experts' sheets and the verifier's, module by module."""
    experts = [
        Sheet("a", m, f"E{n}", {a: Mark(milli(row[n])) for a, row in BY_HAND.items() if a[0] == m})
        for m in MODULES
        for n in range(7)
    ]
    found = [
        Sheet("a", m, "V1", {a: mark for a, mark in EVIDENCE.items() if a[0] == m}, panel)
        for m in MODULES
    ]
    return [*experts, *found]


# --- the index by hand ---------------------------------------------------------------------------


def test_seven_experts_without_the_extremes_and_five_facts_make_the_index() -> None:
    scheme, rules = made(CRAFTSMAN.options)

    results = score(scheme, rules, Record((EntryFacts("a"),), tuple(by_hand())))

    assert {m.module: m.score for m in results.modules} == {
        code: Fraction(points) for code, points in MODULES.items()
    }
    (standing,) = results.standings
    assert (standing.total, standing.exact, standing.rank) == (TOTAL, TOTAL, 1)
    dropped = next(a.dropped for a in results.aspects if a.aspect == "A1.1")
    assert dropped == (("E5", 70_000), ("E6", 100_000))


def test_the_highest_and_lowest_mark_alone_move_nothing() -> None:
    scheme, rules = made(CRAFTSMAN.options)
    louder = [
        Sheet(s.entry, s.module, s.judge, {**s.marks, "A1.1": Mark(0)})
        if (s.module, s.judge) == ("A", "E5")
        else s
        for s in by_hand()
    ]

    results = score(scheme, rules, Record((EntryFacts("a"),), tuple(louder)))

    assert results.standings[0].total == TOTAL


def test_a_value_that_nobody_has_verified_yet_is_not_zero() -> None:
    scheme, rules = made(CRAFTSMAN.options)
    unverified = [s for s in by_hand() if (s.module, s.judge) != ("C", "V1")]

    (standing,) = score(scheme, rules, Record((EntryFacts("a"),), tuple(unverified))).standings

    assert (standing.rank, standing.total) == (None, None)


def test_experts_who_enter_the_evidence_themselves_have_to_agree() -> None:
    scheme, rules = made({**CRAFTSMAN.options, "verified_by": "experts"})
    assert {aspect.panel for m in scheme.modules for aspect in m.aspects()} == {"referees"}
    agreed = by_hand(panel="referees")
    other = Sheet("a", "A", "V2", {"A1.3": Mark(raw="4")})

    right = score(scheme, rules, Record((EntryFacts("a"),), tuple(agreed)))
    wrong = score(scheme, rules, Record((EntryFacts("a"),), (*agreed, other)))

    assert right.standings[0].total == TOTAL
    assert next(a.reason for a in wrong.aspects if a.aspect == "A1.3") == "disagree"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "Skill",
                "Mastery of the trade: 15.912 of 18",
                "Marks: 80, 85, 90, 92, 95",
                "Dropped as highest and lowest: 100, 70",
                "Mean: 442 ÷ 5 = 88.4",
                "88.4 × 0.18 = 15.912",
                "Prizes in contests from city level up: 6 of 8",
                "Recorded 3: 75 points",
                "Education and professional title: 1.6 of 2",
                "8 × 0.2 = 1.6",
                "Skill: 34.12 points",
                "Total: 82.93",
            ),
        ),
        (
            "zh-Hans",
            (
                "技艺水平：15.912（满分 18）",
                "去掉的最高分和最低分：100, 70",
                "登记数值 3：75 分",
                "技术技能：34.12 分",
                "总分：82.93",
            ),
        ),
        ("zh-Hant", ("登記數值 3：75 分", "總分：82.93")),
        ("pt", ("Registado 3: 75 pontos", "Total: 82.93")),
    ],
)
def test_the_candidate_can_follow_the_index_in_every_language(
    language: str, lines: tuple[str, ...]
) -> None:
    scheme, rules = made(CRAFTSMAN.options)
    results = score(scheme, rules, Record((EntryFacts("a"),), tuple(by_hand())))

    told = [render_step(step, language) for step in explain(scheme, rules, results, "a")]

    assert set(lines) <= set(told), told
    assert not any("{" in line or "  " in line for line in told)


# --- small indexes -------------------------------------------------------------------------------

TWO = {
    "first_level": [
        indicator("A", {"en": "Skill"}, "40"),
        indicator("B", {"en": "Contribution"}, "60"),
    ],
    "second_level": [
        below("A", {"en": "Craft"}, "40", GIVEN, "40"),
        below("B", {"en": "Benefit"}, "60", GIVEN, "60"),
    ],
}


def ranked(points: dict[str, tuple[str, str]], **options: Any) -> Results:
    """Every candidate's two values, as they are given."""
    scheme, rules = made({**TWO, **options})
    sheets = [
        Sheet(entry, module, "V1", {f"{module}1.1": Mark(milli(value))}, "verifiers")
        for entry, values in points.items()
        for module, value in zip("AB", values, strict=True)
    ]
    return score(scheme, rules, Record(tuple(EntryFacts(e) for e in points), tuple(sheets)))


def places(results: Results) -> dict[str, Standing]:
    return {standing.entry: standing for standing in results.standings}


def outcomes(results: Results) -> dict[str, str]:
    return {award.entry: award.prize for award in results.awards}


def test_equal_totals_are_told_apart_by_the_heaviest_indicator_then_shared() -> None:
    found = places(
        ranked({"x": ("30", "45"), "y": ("36", "39"), "z": ("36", "39"), "w": ("9", "9")})
    )

    assert {entry: s.rank for entry, s in found.items()} == {"x": 1, "y": 2, "z": 2, "w": 4}
    assert {found[entry].total for entry in "xyz"} == {Fraction(75)}
    assert found["x"].decided_by == "weighted_modules:B"
    assert found["y"].shared
    assert found["z"].shared


def test_totals_that_rounding_makes_equal_are_told_apart_before_it() -> None:
    found = places(ranked({"x": ("30.004", "45"), "y": ("30.001", "45.001")}))

    assert {s.total for s in found.values()} == {Fraction(75)}
    assert (found["x"].rank, found["x"].decided_by) == (1, "unrounded:")


def test_equal_candidates_at_the_limit_are_all_selected_and_somebody_is_told() -> None:
    points = {"x": ("40", "60"), "y": ("30", "50"), "z": ("30", "50"), "w": ("20", "20")}

    results = ranked(points, selected_count=2, shortlisted_count=2)

    assert outcomes(results) == {
        "x": "selected",
        "y": "selected",
        "z": "selected",
        "w": "shortlisted",
    }
    assert {a.entry: a.flagged for a in results.awards if a.flagged} == {
        "y": "tie at the boundary",
        "z": "tie at the boundary",
    }


def test_below_the_least_total_a_candidate_has_a_place_and_nothing_else() -> None:
    results = ranked({"x": ("40", "40"), "y": ("20", "39.99")}, least_total="60")

    assert places(results)["y"].rank == 2
    assert outcomes(results) == {"x": "selected"}


def test_who_misses_an_indicators_minimum_is_not_ranked_however_high_the_total() -> None:
    first = [{**TWO["first_level"][0], "minimum": "24"}, TWO["first_level"][1]]

    results = ranked({"x": ("23.999", "60"), "y": ("24", "20")}, first_level=first)

    found = places(results)
    assert (found["x"].rank, found["x"].decided_by) == (None, "gate:A")
    assert found["y"].rank == 1
    assert outcomes(results) == {"y": "selected"}


def test_shares_of_the_candidates_are_rounded_as_the_organiser_says() -> None:
    seven = {f"c{n}": (str(40 - n), "50") for n in range(7)}
    shares = {"selection_method": "shares", "selected_share": "20", "shortlisted_share": "30"}

    half_up = outcomes(ranked(seven, **shares))  # 1.4 and 2.1 of seven
    upwards = outcomes(ranked(seven, **shares, selection_rounding="up"))

    assert half_up == {"c0": "selected", "c1": "shortlisted", "c2": "shortlisted"}
    assert list(upwards.values()).count("selected") == 2
    assert list(upwards.values()).count("shortlisted") == 3


def test_nobody_gets_a_prize() -> None:
    codes = {option.code for option in CraftsmanIndex.options}

    _, rules = made({})

    assert not {code for code in codes if code.startswith(("prize", "count_", "merit"))}
    assert [p.code for award in rules.awards for p in award.prizes] == ["selected", "shortlisted"]
    assert made({"selected_count": 0, "shortlisted_count": 0})[1].awards == ()


# --- the tables ----------------------------------------------------------------------------------


def test_weights_below_may_be_parts_of_the_weight_above_or_per_cent_of_it() -> None:
    first = [indicator("A", {"en": "Skill"}, "35"), indicator("B", {"en": "Rest"}, "65")]
    rest = below("B", {"en": "Rest"}, "100")
    parts = [below("A", {"en": str(n)}, weight) for n, weight in enumerate(("14", "10.5", "10.5"))]
    shares = [below("A", {"en": str(n)}, weight) for n, weight in enumerate(("40", "30", "30"))]

    schemes = [
        made({"first_level": first, "second_level": [*lines, rest]})[0] for lines in (parts, shares)
    ]

    assert schemes[0] == schemes[1]
    worth = [a.factor * (a.maximum or 0) / 1000 for a in schemes[0].modules[0].aspects()]
    assert worth == [14, Fraction("10.5"), Fraction("10.5")]


def test_the_draw_asks_for_seven_experts_and_a_verifier() -> None:
    seats = [(seat.panel, seat.modules) for seat in seats_wanted(made(CRAFTSMAN.options)[0])]

    assert seats == [("referees", ())] * 7 + [("verifiers", ())]


def test_the_templates_have_the_known_numbers_and_say_that_their_names_are_examples() -> None:
    first, second = (CRAFTSMAN.options[table] for table in ("first_level", "second_level"))
    assert (len(first), len(second)) == (4, 12)
    assert [row["code"][0] for row in DIGITAL.options["first_level"]] == [*"DDDDD", *"EE"]
    for template in (CRAFTSMAN, DIGITAL):
        assert set(template.title) == set(LANGUAGES)
        assert all(
            word in template.title[language]
            for language, word in zip(
                LANGUAGES, ("示例", "示例", "example", "exemplo"), strict=True
            )
        )
        kinds = {a.kind for m in made(template.options)[0].modules for a in m.aspects()}
        assert kinds == {Kind.POINTS, Kind.MEASUREMENT, Kind.GIVEN}


def test_everything_wrong_with_the_tables_is_told_at_once() -> None:
    options = {
        "first_level": [
            indicator("A", {"en": "Skill"}, "40", minimum="41"),
            indicator("A", {"en": "Skill"}, "50"),
            indicator("C", {}, "9.5"),
        ],
        "second_level": [
            below("A", {"en": "Craft"}, "30", scale="10.5"),
            below("A", {"en": "Patents"}, "15", COUNTED, "2.5"),
            below("X", {}, "10"),
        ],
        "selection_method": "shares",
        "selected_share": "60",
        "shortlisted_share": "40.5",
        "drop_minimum": 2,
    }

    _, findings = read_options(CraftsmanIndex(), options)

    assert {(f.pointer, f.code) for f in findings} == {
        ("/first_level", "option-sum"),
        ("/first_level/0/minimum", "index-minimum-above-weight"),
        ("/first_level/1/code", "option-code-twice"),
        ("/first_level/2/title_zh_hans", "option-title-missing"),
        ("/first_level/0/weight", "index-weights-below"),
        ("/first_level/1/weight", "index-weights-below"),
        ("/first_level/2/code", "index-nothing-below"),
        ("/second_level/0/scale", "index-scale-off-step"),
        ("/second_level/1/scale", "index-count-not-whole"),
        ("/second_level/2/parent", "index-parent-unknown"),
        ("/second_level/2/title_zh_hans", "option-title-missing"),
        ("/shortlisted_share", "index-shares-over-all"),
        ("/drop_minimum", "option-drops-everything"),
    }


def test_an_empty_table_is_one_clear_sentence() -> None:
    _, findings = read_options(CraftsmanIndex(), {"first_level": [], "second_level": []})

    assert [(f.pointer, f.code) for f in findings] == [("/first_level", "index-no-indicator")]
