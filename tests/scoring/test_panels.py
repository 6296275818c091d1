"""From marks to an award: judgement, points, deductions, measured and given values."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.scoring import check_panel, score
from core.scoring.model import (
    Aspect,
    AspectScore,
    Calculation,
    Defect,
    FoundDefect,
    Kind,
    Mark,
    MissingPolicy,
    Outcome,
    Record,
    Rules,
    Timing,
    Trim,
)
from tests.scoring.build import aspect, module, one, panel, record, scheme, sheet, sheets, text


def award(of: Aspect, *values: str | int | Mark, rules: Rules | None = None) -> AspectScore:
    return scored(of, record("E1", sheets("E1", of.id, values)), rules)


def scored(of: Aspect, facts: Record, rules: Rules | None = None) -> AspectScore:
    return score(one(of), rules or Rules(), facts).aspects[0]


@pytest.mark.parametrize(
    ("scores", "maximum", "expected"),
    [
        ((2, 2, 3), "2.00", "1.56"),
        ((1, 2, 2), "1.50", "0.83"),
        ((0, 1, 1), "0.50", "0.11"),
        ((3, 3, 3), "0.75", "0.75"),
        ((3, 3, 3), "1.37", "1.37"),
        ((0, 0, 0), "2.00", "0"),
    ],
)
def test_judgement_is_the_mean_of_the_panel_over_three_times_the_maximum(
    scores: tuple[int, ...], maximum: str, expected: str
) -> None:
    found = award(aspect("J", Kind.JUDGEMENT, maximum, judges=3, step=1000), *scores)

    assert found.award == Fraction(expected)


def test_judgement_more_than_one_apart_is_refused_until_it_is_scored_again() -> None:
    judged = aspect("J", Kind.JUDGEMENT, "2", judges=3, step=1000)
    first = sheets("E1", "J", (0, 2, 2))
    again = sheets("E1", "J", (1, 2, 2), round=2)

    refused, accepted = (
        scored(judged, record("E1", first)),
        scored(judged, record("E1", first, again)),
    )

    assert (refused.outcome, refused.reason, refused.award) == (Outcome.MISSING, "spread", None)
    assert [f.code for f in check_panel(one(judged), judged, first)] == ["spread-too-wide"]
    assert (accepted.round, accepted.award) == (2, Fraction("1.11"))
    assert check_panel(one(judged), judged, (*first, *again)) == []


def test_a_later_round_that_is_not_accepted_leaves_the_earlier_one() -> None:
    judged = aspect("J", Kind.JUDGEMENT, "2", judges=3, step=1000)
    facts = record("E1", sheets("E1", "J", (2, 2, 2)), sheets("E1", "J", (0, 3, 3), round=2))

    assert (scored(judged, facts).round, scored(judged, facts).award) == (1, Fraction("1.33"))


def test_judgement_takes_the_mean_whatever_the_number_of_referees() -> None:
    judged = aspect("J", Kind.JUDGEMENT, "1", judges=5, step=1000)

    assert award(judged, 2, 2, 2, 3, 3).award == Fraction("0.8")


def test_five_judges_lose_the_highest_and_the_lowest_and_both_stay_visible() -> None:
    found = award(panel("A1", "20"), "15", "18", "16.5", "12", "19.5")

    assert found.award == Fraction("16.5")
    assert found.dropped == (("J4", 12000), ("J5", 19500))
    assert found.used == (("J1", 15000), ("J2", 18000), ("J3", 16500))


def test_fewer_marks_than_the_declared_minimum_are_not_trimmed() -> None:
    lenient = panel("A1", "20", missing=MissingPolicy.PRESENT)

    assert award(lenient, "10", "11", "13").award == Fraction("11.33")
    assert award(lenient, "10", "11", "13").dropped == ()


def test_two_highest_and_two_lowest_can_be_dropped() -> None:
    choir = panel("A1", "10", judges=7, trim=Trim(2, 2, 7), step=100)

    assert award(choir, "9.1", "8.2", "7.3", "9.9", "8.8", "8.6", "2").award == Fraction("8.53")


def test_half_goes_up_and_both_values_are_kept() -> None:
    found = award(aspect(judges=2, round_award=2), "7.25", "7.24")

    assert (found.exact, found.award) == (Fraction("7.245"), Fraction("7.25"))


def test_a_negative_half_goes_away_from_zero() -> None:
    given = aspect("D", Kind.GIVEN, None, factor=Fraction(1, 2))

    assert award(given, "-0.25").award == Fraction("-0.13")


def test_the_factor_comes_after_the_rounded_panel_mark() -> None:
    found = award(panel("A1", "10", judges=3, trim=Trim(), factor=Fraction(8, 5)), "7", "7", "7.5")

    assert (found.panel, found.exact, found.award) == (
        Fraction("7.17"),
        Fraction("11.472"),
        Fraction("11.47"),
    )


DEFECTS = (
    Defect("salt", text("Too salty"), 1000, 4000, step=500),
    Defect("hair", text("Foreign body"), 10_000, 10_000, repeatable=True),
)


def test_a_deduction_starts_full_and_never_goes_below_its_floor() -> None:
    card = aspect("D", Kind.DEDUCTION, "20", defects=DEFECTS)
    none = Mark()
    some = Mark(defects=(FoundDefect("salt", 1500),))
    many = Mark(
        defects=(
            FoundDefect("hair", 10_000),
            FoundDefect("hair", 10_000),
            FoundDefect("salt", 1000),
        )
    )

    assert [award(card, m).award for m in (none, some, many)] == [20, Fraction("18.5"), 0]
    assert award(card, some).defects == (FoundDefect("salt", 1500),)


def test_a_deduction_may_only_take_away_from_other_modules() -> None:
    conduct = aspect("D", Kind.DEDUCTION, "0", minimum=-5000, defects=DEFECTS)
    heavy = Mark(defects=(FoundDefect("hair", 10_000),))

    assert award(conduct, Mark()).award == 0
    assert award(conduct, heavy).award == -5


def test_a_missing_mark_of_a_deduction_is_not_full_marks() -> None:
    card = aspect("D", Kind.DEDUCTION, "20", defects=DEFECTS)

    assert award(card, Mark(outcome=Outcome.MISSING)).award is None


def test_a_measured_value_is_kept_beside_the_points_it_gives() -> None:
    measured = aspect(
        "M1", Kind.MEASUREMENT, "10", calculation=Calculation("PER_ERROR", 1, {"deduction": "2"})
    )
    found = award(measured, Mark(raw="3"))

    assert (found.award, found.raw) == (4, "3")


def test_two_different_agreed_values_are_not_averaged() -> None:
    measured = aspect("M1", Kind.MEASUREMENT, "10")
    two = sheets("E1", "M1", ("7", "8"))

    assert scored(measured, record("E1", two)).reason == "disagree"
    assert [f.code for f in check_panel(one(measured), measured, two)] == ["agreed-value-differs"]
    assert award(measured, "7", "7").award == 7


def test_time_is_scored_from_the_net_time_of_the_official_clock() -> None:
    bands = {"bands": [{"limit": "60", "points": "5"}, {"limit": "90", "points": "2"}]}
    timed = aspect("T", Kind.TIME, "5", calculation=Calculation("TOLERANCE_BANDS", 1, bands))
    facts = record("E1", timings=(Timing("E1", "M", gross=100, compensation=40),))

    assert (scored(timed, facts).award, scored(timed, facts).raw) == (5, "60")


def test_time_without_a_calculator_decides_ties_only() -> None:
    timed = aspect("T", Kind.TIME, "0")
    facts = record("E1", timings=(Timing("E1", "M", gross=100),))

    assert (scored(timed, facts).outcome, scored(timed, facts).award) == (Outcome.SCORED, 0)


def test_a_value_decided_elsewhere_may_be_negative() -> None:
    assert award(aspect("G", Kind.GIVEN, None), "-3.5").award == Fraction("-3.5")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (MissingPolicy.BLOCK, None),
        (MissingPolicy.UNRANKED, None),
        (MissingPolicy.PRESENT, Fraction(8)),
        (MissingPolicy.ZERO, Fraction(8)),
    ],
)
def test_a_missing_mark_is_never_counted_as_zero(
    policy: MissingPolicy, expected: Fraction | None
) -> None:
    given = sheets("E1", "A1", ("8", Mark(outcome=Outcome.MISSING), "8"))

    found = scored(aspect(judges=3, missing=policy), record("E1", given))

    assert found.award == expected


def test_a_void_mark_is_set_aside_and_not_owed() -> None:
    voided = (*("8", "9"), Mark(2000, outcome=Outcome.VOID))

    assert award(aspect(judges=3), *voided).award == Fraction("8.5")


def test_a_recused_judge_is_not_counted_and_the_declared_trim_of_the_smaller_panel_holds() -> None:
    values = ("10", "12", "14", "16", "18")
    given = sheets("E1", "A1", values)
    aside = sheet("E1", "J5", {"A1": "18"}, counted=False, reason="recusal")
    facts = record("E1", given[:4], [aside])
    of = panel("A1", "20")

    assert scored(of, facts).award == 13
    smaller = Rules(recusal_trim=Trim(0, 1, 4))
    assert scored(of, facts, smaller).award == 14
    assert scored(of, facts, smaller).dropped == (("J1", 10000),)


def test_a_sheet_that_is_not_counted_for_another_reason_is_still_owed() -> None:
    given = sheets("E1", "A1", ("10", "12", "14", "16"))
    aside = sheet("E1", "J5", {"A1": "18"}, counted=False, reason="not countable")

    assert scored(panel("A1", "20"), record("E1", given, [aside])).reason == "incomplete"


def test_one_judge_with_two_different_marks_in_one_round_is_unresolved() -> None:
    twice = [sheet("E1", "J1", {"A1": 8}), sheet("E1", "J1", {"A1": 9})]

    assert scored(aspect(judges=1), record("E1", twice)).reason == "disagree"


def test_an_aspect_of_other_entries_is_neither_owed_nor_earned() -> None:
    own = aspect("A2", applies_to=("E2",))
    whole = one(aspect("A1"), own)
    facts = record("E1 E2", [sheet("E1", "J1", {"A1": 5}), sheet("E2", "J1", {"A1": 5, "A2": 3})])
    results = score(whole, Rules(), facts)

    assert {s.entry: s.total for s in results.standings} == {"E1": 5, "E2": 8}
    assert [(a.entry, a.aspect) for a in results.aspects] == [
        ("E1", "A1"),
        ("E2", "A1"),
        ("E2", "A2"),
    ]


def test_panels_are_kept_apart() -> None:
    works = module("M", aspect("A1"), aspect("A2", panel="tasters", judges=2))
    facts = record(
        "E1",
        [sheet("E1", "J1", {"A1": 5, "A2": 1})],
        [sheet("E1", f"T{i}", {"A2": 8, "A1": 1}, panel="tasters") for i in (1, 2)],
    )
    results = score(scheme(works), Rules(), facts)

    assert [a.award for a in results.aspects] == [5, 8]


CARDS = {
    "dish": (("look", "20"), ("taste", "40"), ("hygiene", "20"), ("use", "20")),
    "pastry": (
        ("look", "10"),
        ("taste", "40"),
        ("texture", "20"),
        ("hygiene", "10"),
        ("use", "20"),
    ),
}


@pytest.mark.parametrize("card", CARDS)
def test_the_cards_of_dishes_and_pastry_drop_one_high_and_one_low_of_five(card: str) -> None:
    lines = tuple(panel(name, maximum) for name, maximum in CARDS[card])
    shares = ("0.5", "0.75", "0.8", "0.85", "1")
    marks = [
        sheet("E1", f"J{i}", {n: str(Fraction(m) * Fraction(s)) for n, m in CARDS[card]})
        for i, s in enumerate(shares)
    ]

    results = score(one(*lines, maximum="100"), Rules(), record("E1", marks))

    assert results.standings[0].total == 80
