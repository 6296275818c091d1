"""Schemes, rules and sheets with things wrong: all named at once, each at its place."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from core.scoring import check, check_panel, check_rules, check_scheme
from core.scoring.codec import exists
from core.scoring.model import (
    Aspect,
    AwardMethod,
    AwardRule,
    Calculation,
    Control,
    Defect,
    Finding,
    FoundDefect,
    Gate,
    Kind,
    Mark,
    MissingPolicy,
    Outcome,
    OverTime,
    Prize,
    Rules,
    Scheme,
    Section,
    TeamFormula,
    TeamRule,
    TieBreak,
    TieKey,
    Trim,
)
from tests.scoring.build import aspect, module, one, panel, scheme, sheet, sheets, text

FIRST = "/modules/0/criteria/0/sub_criteria/0/aspects/0"


def found(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.pointer, finding.code) for finding in findings}


# --- schemes ------------------------------------------------------------------------------------


def test_a_scheme_that_sums_to_99_75_is_refused_and_the_difference_is_named() -> None:
    card = [panel("A1", "60"), aspect("A2", maximum="39.75")]

    (finding,) = check_scheme(one(*card, maximum="100"))

    assert (finding.pointer, finding.code) == ("/modules/0/maximum", "module-sum")
    assert finding.params == {"id": "M", "typed": "100", "sum": "99.75", "difference": "-0.25"}


def test_factors_count_in_the_sum_and_a_typed_criterion_sum_is_compared() -> None:
    weighed = module("M", aspect("A1", factor=Fraction(8, 5)), maximum="16")
    criterion = replace(weighed.criteria[0], maximum=15_000)

    assert check_scheme(scheme(weighed)) == []
    wrong = scheme(replace(weighed, criteria=(criterion,)))
    assert found(check_scheme(wrong)) == {("/modules/0/criteria/0/maximum", "criterion-sum")}


def test_aspects_of_single_entries_add_up_for_each_of_them() -> None:
    own = [aspect("A2", applies_to=("E1",)), aspect("A3", applies_to=("E2",))]

    assert check_scheme(one(aspect("A1"), *own, maximum="20")) == []
    assert found(check_scheme(one(aspect("A1"), *own, maximum="30"))) == {
        ("/modules/0/maximum", "module-sum")
    }


def test_the_weights_of_a_standard_that_differ_are_reported_and_do_not_stop_anything() -> None:
    sections = (Section("1", text("One"), 7000), Section("2", text("Two"), 3000))
    whole = replace(one(aspect("A1", section="1"), aspect("A2", section="9")), sections=sections)

    assert found(check_scheme(whole)) == {
        ("/sections/0/weight", "section-sum-warning"),
        ("/sections/1/weight", "section-sum-warning"),
        (f"{FIRST[:-1]}1/section", "section-unknown-warning"),
    }


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        (aspect("", maximum="10"), "/id", "id-empty"),
        (replace(aspect(), title={}), "/title", "title-empty"),
        (aspect(maximum=None), "/maximum", "maximum-missing"),
        (aspect(maximum="1", minimum=2000), "/maximum", "range-reversed"),
        (aspect(step=0), "/step", "number-too-small"),
        (aspect(step=300), "/step", "step-misses-maximum"),
        (aspect(judges=0), "/judges", "count-below-one"),
        (aspect(trim=Trim(1, 1, 2)), "/trim/minimum", "trim-drops-everything"),
        (aspect(factor=Fraction(0)), "/factor", "number-too-small"),
        (aspect(control=Control("slider")), "/control/widget", "unknown-value"),
        (aspect(kind=Kind.JUDGEMENT, top=0), "/top", "number-too-small"),
        (aspect(kind=Kind.JUDGEMENT, descriptors=(text("0"),) * 3), "/descriptors", "descriptors-count"),
        (aspect(calculation=Calculation("PASS_FAIL")), "/calculation", "calculation-of-other-kind"),
        (aspect(kind=Kind.MEASUREMENT, calculation=Calculation("NONE")), "/calculation/name", "calculator-unknown"),
        (aspect(kind=Kind.MEASUREMENT, calculation=Calculation("PASS_FAIL", 2)), "/calculation/name", "calculator-unknown"),
        (aspect(kind=Kind.MEASUREMENT, calculation=Calculation("CHOICE", 1, {"x": "1"})), "/calculation/parameters/x", "parameter-unknown"),
        (aspect(kind=Kind.DEDUCTION, defects=(Defect("a", {}, 5, 1),)), "/defects/0/maximum", "range-reversed"),
        (aspect(kind=Kind.DEDUCTION, defects=(Defect("a", {}, 1, 5),) * 2), "/defects/1/code", "id-twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_aspect_is_named(wrong: Aspect, pointer: str, code: str) -> None:
    whole = one(wrong)

    assert (f"{FIRST}{pointer}", code) in found(check_scheme(whole))
    assert all(
        exists(whole, f.pointer.rpartition("/parameters")[0] or f.pointer)
        for f in check_scheme(whole)
    )


def test_ids_that_stand_twice_and_empty_modules_are_named() -> None:
    twice = scheme(module("M", aspect("A1")), module("M", aspect("A1")), module("N"))

    assert found(check_scheme(twice)) == {
        ("/modules/1/id", "id-twice"),
        ("/modules/1/criteria/0/id", "id-twice"),
        (FIRST.replace("/modules/0", "/modules/1") + "/id", "id-twice"),
        ("/modules/2/criteria", "module-empty"),
    }
    assert found(check_scheme(scheme())) == {("/modules", "scheme-empty")}


def test_over_time_and_weights_are_checked() -> None:
    rule = OverTime(limit=0, points=-5, unit=0, per="hour")
    wrong = one(aspect(), over_time=rule, weight=Fraction(-1))

    assert found(check_scheme(wrong)) == {
        ("/modules/0/weight", "number-too-small"),
        ("/modules/0/over_time/limit", "count-below-one"),
        ("/modules/0/over_time/unit", "count-below-one"),
        ("/modules/0/over_time/points", "number-too-small"),
        ("/modules/0/over_time/per", "unknown-value"),
    }


# --- rules --------------------------------------------------------------------------------------


def test_everything_wrong_with_the_rules_is_named_at_once() -> None:
    half = (Prize("first", text("1"), Fraction(1, 2)),)
    wrong = Rules(
        gates=(Gate("X"), Gate("M", top=0)),
        tie_breaks=(TieBreak(TieKey.ASPECT, "A9"), TieBreak(TieKey.TIME, "X")),
        dns=MissingPolicy.BLOCK,
        awards=(
            AwardRule("a", text("a"), AwardMethod.COUNTS, half, rounding="up?", ties="?"),
            AwardRule("b", text("b"), AwardMethod.RATIO, (), cap=Fraction(2)),
        ),
        team=TeamRule("t", text("t"), TeamFormula.BEST),
        recusal_trim=Trim(1, 1, 2),
        lock="never",
        issue_at="soon",
        recheck=(Fraction(2), Fraction(0), Fraction(0)),
    )

    assert found(check_rules(one(aspect()), wrong)) == {
        ("/lock", "unknown-value"),
        ("/issue_at", "unknown-value"),
        ("/recusal_trim/minimum", "trim-drops-everything"),
        ("/gates/0/module", "unknown-value"),
        ("/gates/0", "gate-without-condition"),
        ("/gates/1/top", "count-below-one"),
        ("/tie_breaks/0/id", "unknown-value"),
        ("/tie_breaks/1/id", "unknown-value"),
        ("/dns", "policy-cannot-block"),
        ("/awards/0/rounding", "unknown-value"),
        ("/awards/0/ties", "unknown-value"),
        ("/awards/0/prizes/0/amount", "prize-not-a-count"),
        ("/awards/1/prizes", "award-without-prizes"),
        ("/awards/1/cap", "share-out-of-bounds"),
        ("/team/best", "count-below-one"),
        ("/recheck/0", "share-out-of-bounds"),
    }


def test_prizes_that_are_more_than_all_who_compete_are_found() -> None:
    shares = [Prize(code, text(code), Fraction(part, 10)) for code, part in (("x", 6), ("y", 5))]
    award = AwardRule("a", text("a"), AwardMethod.SHARES, tuple(shares))

    findings = check_rules(one(aspect()), Rules(awards=(award,)))

    assert [(f.pointer, f.code, f.params) for f in findings] == [
        ("/awards/0/prizes", "prizes-over-all", {"value": "110"})
    ]
    whole = replace(award, prizes=(shares[0], replace(shares[1], amount=Fraction(4, 10))))
    assert check_rules(one(aspect()), Rules(awards=(whole,))) == []


def test_the_rules_as_they_start_have_no_findings() -> None:
    assert check_rules(one(aspect()), Rules()) == []


# --- sheets -------------------------------------------------------------------------------------

SALT = Defect("salt", text("Too salty"), 1000, 4000, step=500)
WHOLE: Scheme = one(
    panel("P", "20"),
    aspect("J", Kind.JUDGEMENT, "2", judges=3),
    aspect("D", Kind.DEDUCTION, "10", defects=(SALT,)),
    aspect("C", Kind.MEASUREMENT, "5", calculation=Calculation("PASS_FAIL"), unit="-"),
    aspect("G", Kind.GIVEN, None),
    aspect("T", panel="tasters"),
    aspect("O", applies_to=("E9",)),
)


@pytest.mark.parametrize(
    ("name", "given", "place", "code"),
    [
        ("P", Mark(20_500), "/value", "value-out-of-bounds"),
        ("P", Mark(-500), "/value", "value-out-of-bounds"),
        ("P", Mark(7250), "/value", "value-off-grid"),
        ("P", Mark(), "", "value-missing"),
        ("P", Mark(7000, raw="7"), "/raw", "raw-without-calculator"),
        (
            "P",
            Mark(7000, defects=(FoundDefect("salt", 1000),)),
            "/defects",
            "defects-of-other-kind",
        ),
        ("P", Mark(7000, outcome=Outcome.MISSING), "/value", "value-beside-outcome"),
        ("P", Mark(outcome=Outcome.DNS), "/outcome", "outcome-not-a-mark"),
        ("J", Mark(2500), "/value", "value-off-grid"),
        ("J", Mark(4000), "/value", "value-out-of-bounds"),
        ("D", Mark(defects=(FoundDefect("fire", 1000),)), "/defects/0/code", "defect-unknown"),
        (
            "D",
            Mark(defects=(FoundDefect("salt", 500),)),
            "/defects/0/points",
            "value-out-of-bounds",
        ),
        ("D", Mark(defects=(FoundDefect("salt", 1250),)), "/defects/0/points", "value-off-grid"),
        ("D", Mark(defects=(FoundDefect("salt", 1000),) * 2), "/defects/1/code", "defect-twice"),
        ("C", Mark(), "", "raw-missing"),
        ("C", Mark(raw="perhaps"), "/raw", "pass-fail-unreadable"),
        ("C", Mark(raw="pass"), "/raw", "raw-not-canonical"),
        ("C", Mark(5000, raw="true"), "/value", "value-of-measured-aspect"),
        ("T", Mark(5000), "", "aspect-other-panel"),
        ("O", Mark(5000), "", "aspect-not-for-entry"),
        ("Z/~", Mark(5000), "", "aspect-unknown"),
    ],
)
def test_what_is_wrong_with_a_mark_is_named_and_its_pointer_exists(
    name: str, given: Mark, place: str, code: str
) -> None:
    wrong = sheet("E1", "J1", {name: given})
    at = f"/marks/{name.replace('~', '~0').replace('/', '~1')}{place}"

    assert (at, code) in found(check(WHOLE, wrong))
    assert all(exists(wrong, finding.pointer) for finding in check(WHOLE, wrong))


def test_a_correct_sheet_has_no_findings() -> None:
    marks = {
        "P": Mark(19_500),
        "J": Mark(3000),
        "D": Mark(defects=(FoundDefect("salt", 4000),)),
        "C": Mark(raw="true"),
        "G": Mark(-12_345),
    }

    assert check(WHOLE, sheet("E1", "J1", marks)) == []
    assert check(WHOLE, sheet("E1", "J1", {"P": Mark(outcome=Outcome.MISSING), "D": Mark()})) == []


def test_a_sheet_of_another_module_or_attempt_is_refused() -> None:
    assert found(check(WHOLE, sheet("E1", "J1", {}, module="X"))) == {("/module", "module-unknown")}
    assert found(check(WHOLE, sheet("E1", "J1", {}, attempt=0, round=0))) == {
        ("/attempt", "count-below-one"),
        ("/round", "count-below-one"),
    }


def test_all_findings_of_a_sheet_come_at_once() -> None:
    assert len(check(WHOLE, sheet("E1", "J1", {"P": 99, "J": 9, "C": 1}))) == 4


def test_the_spread_of_the_last_round_is_what_counts() -> None:
    near = panel("P", "20", spread=2000)
    first = sheets("E1", "P", (10, 13))
    again = sheets("E1", "P", (11, 13), round=2)

    (finding,) = check_panel(one(near), near, first)

    assert finding.pointer == "/1/marks/P"
    assert finding.params["spread"] == "3"
    assert exists(first, finding.pointer)
    assert check_panel(one(near), near, (*first, *again)) == []


def test_what_is_set_aside_or_missing_has_no_part_in_the_spread() -> None:
    near = panel("P", "20", spread=1000)
    aside = sheet("E1", "J9", {"P": 1}, counted=False, reason="recusal")
    gone = sheet("E1", "J8", {"P": Mark(outcome=Outcome.MISSING)})

    assert check_panel(one(near), near, (*sheets("E1", "P", (10, 11)), aside, gone)) == []
