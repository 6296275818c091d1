"""Measured values to points: every standard calculator, exact, in points and in per cent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scoring.bands import rmse_raw, rmse_text, root
from core.scoring.calculators import STANDARD, Calculator
from core.scoring.model import Finding

BY_NAME: dict[str, Calculator] = {calculator.name: calculator for calculator in STANDARD}
BANDS = [{"limit": "0.15", "points": "10"}, {"limit": "0.30", "points": "6"}]
CHOICES = {
    "choice1_label": "Full Marks",
    "choice1_deduction": "0",
    "choice2_label": "Any products can be deleted",
    "choice2_deduction": "0.25",
    "choice3_label": "No Marks",
    "choice3_deduction": "0.75",
}
RANGES = {
    "range1_to": "60",
    "range1_deduction": "0",
    "range2_from": "60",
    "range2_to": "90",
    "range2_deduction": "5",
    "range3_from": "90",
    "range3_deduction": "10",
}


@pytest.mark.parametrize(
    ("name", "parameters", "raw", "expected"),
    [
        ("PASS_FAIL", {}, "true", "10"),
        ("PASS_FAIL", {}, "false", "0"),
        ("PASS_FAIL", {"per": "percent"}, "false", "0"),
        ("PASS_FAIL", {"deduction": "4"}, "false", "6"),
        ("NUMBER_COMPLETED", {"total": "8"}, "6", "7.5"),
        ("NUMBER_COMPLETED", {"total": "8"}, "9", "10"),
        ("NUMBER_COMPLETED", {"total": "8", "each": "1"}, "6", "6"),
        ("NUMBER_COMPLETED", {"total": "8", "each": "12.5", "per": "percent"}, "6", "7.5"),
        ("NUMBER_COMPLETED", {"total": "3"}, "1", "10/3"),
        ("CHOICE", CHOICES, "choice1", "10"),
        ("CHOICE", CHOICES, "choice2", "9.75"),
        ("CHOICE", CHOICES | {"per": "percent"}, "choice3", "9.925"),
        ("RANGED_SCORE", RANGES, "60", "10"),
        ("RANGED_SCORE", RANGES, "60.01", "5"),
        ("RANGED_SCORE", RANGES, "1000", "0"),
        ("RANGED_SCORE", {"range1_from": "1", "range1_to": "2", "range1_deduction": "0"}, "3", "0"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"difference": "1", "deduction": "0.25"}, "3", "9.25"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"difference": "1", "deduction": "0.25"}, "100", "0"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"target_value": "20", "difference": "0.5", "deduction": "2"}, "19.1", "8"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"target_value": "20", "difference": "0.5", "deduction": "2", "counting": "started"}, "19.1", "6"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"target_value": "50", "difference": "10", "difference_type": "PERCENT", "deduction": "20", "per": "percent"}, "61", "6"),
        ("PER_ERROR", {"deduction": "2"}, "3", "4"),
        ("PER_ERROR", {"deduction": "2"}, "9", "0"),
        ("PER_ERROR", {"deduction": "10", "per": "percent"}, "2", "8"),
        ("PER_ERROR", {"hit": "1.5", "false_alarm": "1"}, "4;1", "5"),
        ("PER_ERROR", {"hit": "1.5", "false_alarm": "1"}, "1;9", "0"),
        ("TOLERANCE_BANDS", {"target": "20", "bands": BANDS}, "20.15", "10"),
        ("TOLERANCE_BANDS", {"target": "20", "bands": BANDS}, "19.849", "6"),
        ("TOLERANCE_BANDS", {"target": "20", "bands": BANDS}, "20.31", "0"),
        ("TOLERANCE_BANDS", {"target": "20", "bands": BANDS, "mode": "linear"}, "20.225", "8"),
        ("RMSE_BANDS", {"bands": BANDS}, "0.45;20", "10"),
        ("RMSE_BANDS", {"bands": BANDS}, "0.4500001;20", "6"),
        ("RMSE_BANDS", {"bands": BANDS, "accuracy": "equal"}, "0.9;20", "10"),
        ("RMSE_BANDS", {"bands": BANDS}, "1.8000001;20", "0"),
        ("RMSE_BANDS", {"bands": BANDS, "mode": "linear"}, "1.0125;20", "8"),
        ("RMSE_BANDS", {"bands": BANDS, "per": "percent"}, "0.45;20", "1"),
    ],
)  # fmt: skip
def test_each_calculator(name: str, parameters: dict[str, Any], raw: str, expected: str) -> None:
    calculator = BY_NAME[name]

    assert calculator.check(parameters, 10_000) == []
    assert calculator.parse(raw, parameters) == raw
    assert calculator.calculate(raw, 10_000, parameters) == Fraction(expected)


@pytest.mark.parametrize(
    ("name", "parameters", "typed", "canonical"),
    [
        ("PASS_FAIL", {}, " 合格 ", "true"),
        ("PASS_FAIL", {}, "Fail", "false"),
        ("NUMBER_COMPLETED", {"total": "8"}, "６", "6"),
        ("CHOICE", CHOICES, "No Marks", "choice3"),
        ("CHOICE", CHOICES, "2", "choice2"),
        ("RANGED_SCORE", RANGES, "60,50", "60.5"),
        ("PER_ERROR", {"hit": "1"}, "3 ; 1", "3;1"),
        ("RMSE_BANDS", {"bands": BANDS}, "0.450 ; 24", "0.45;24"),
    ],
)
def test_what_is_typed_becomes_canonical_and_stays_so(
    name: str, parameters: dict[str, Any], typed: str, canonical: str
) -> None:
    parse = BY_NAME[name].parse

    assert parse(typed, parameters) == canonical
    assert parse(canonical, parameters) == canonical


@pytest.mark.parametrize(
    ("name", "parameters", "raw"),
    [
        ("PASS_FAIL", {}, "perhaps"),
        ("NUMBER_COMPLETED", {"total": "8"}, "2.5"),
        ("NUMBER_COMPLETED", {"total": "8"}, "-1"),
        ("CHOICE", CHOICES, "choice9"),
        ("RANGED_SCORE", RANGES, "fast"),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"difference": "1", "deduction": "1"}, "1e9"),
        ("PER_ERROR", {"deduction": "2"}, "3;1"),
        ("PER_ERROR", {"hit": "1"}, "3"),
        ("TOLERANCE_BANDS", {"bands": BANDS}, "∞"),
        ("RMSE_BANDS", {"bands": BANDS}, "0.45"),
        ("RMSE_BANDS", {"bands": BANDS}, "0.45;19"),
        ("RMSE_BANDS", {"bands": BANDS}, "-0.45;24"),
    ],
)
def test_what_cannot_be_read_is_a_finding_and_never_points(
    name: str, parameters: dict[str, Any], raw: str
) -> None:
    calculator = BY_NAME[name]

    found = calculator.parse(raw, parameters)

    assert isinstance(found, list)
    assert isinstance(found[0], Finding)
    for unreadable in (raw, ""):
        if unreadable != "-1":
            with pytest.raises(ValueError, match=r"."):
                calculator.calculate(unreadable, 10_000, parameters)


@pytest.mark.parametrize(
    ("name", "parameters", "codes"),
    [
        ("PASS_FAIL", {"per": "each", "x": "1"}, {"unknown-value", "parameter-unknown"}),
        ("NUMBER_COMPLETED", {}, {"parameter-missing"}),
        ("NUMBER_COMPLETED", {"total": "0"}, {"number-too-small"}),
        ("NUMBER_COMPLETED", {"total": 8}, {"number-unreadable"}),
        ("CHOICE", {}, {"parameter-missing"}),
        ("CHOICE", {"choice1_label": "x"}, {"parameter-missing"}),
        ("RANGED_SCORE", {"range1_from": "9", "range1_to": "1", "range1_deduction": "0"}, {"number-too-small"}),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"difference": "0", "deduction": "-1"}, {"number-too-small"}),
        ("REGULAR_DIFFERENCE_DEDUCTION", {"difference": "5", "deduction": "1", "difference_type": "PERCENT"}, {"target-zero-per-cent"}),
        ("PER_ERROR", {}, {"parameter-missing"}),
        ("TOLERANCE_BANDS", {"bands": []}, {"parameter-missing"}),
        ("TOLERANCE_BANDS", {"bands": [{"limit": "2", "points": "5"}, {"limit": "1", "points": "6"}]}, {"band-limit-order", "band-points-order"}),
        ("RMSE_BANDS", {"bands": [{"limit": "1", "points": "11"}]}, {"band-above-maximum"}),
        ("RMSE_BANDS", {"bands": ["x"], "accuracy": "good"}, {"wrong-type", "unknown-value"}),
    ],
)  # fmt: skip
def test_wrong_parameters_are_all_named(
    name: str, parameters: dict[str, Any], codes: set[str]
) -> None:
    assert {f.code for f in BY_NAME[name].check(parameters, 10_000)} == codes


def test_the_root_mean_square_error_is_kept_as_its_exact_square() -> None:
    differences = [Fraction("0.10"), Fraction("-0.20")] * 12

    raw = rmse_raw(differences)

    assert raw == "0.6;24"
    assert rmse_text(raw) == "0.1581"
    assert rmse_text(raw, equal_accuracy=True) == "0.1118"


@given(st.fractions(min_value=0, max_value=10**6), st.integers(0, 6))
def test_a_root_is_rounded_half_up_by_whole_numbers_alone(value: Fraction, decimals: int) -> None:
    found = root(value, decimals)
    half = Fraction(1, 2 * 10**decimals)

    assert max(found - half, 0) ** 2 <= value < (found + half) ** 2


@given(st.lists(st.integers(0, 10_000), min_size=20, max_size=40), st.integers(1, 9_999))
def test_a_band_never_depends_on_how_a_root_would_be_rounded(errors: list[int], limit: int) -> None:
    raw = rmse_raw(Fraction(error, 1000) for error in errors)
    parameters = {"bands": [{"limit": f"{limit / 1000:.3f}", "points": "10"}]}

    points = BY_NAME["RMSE_BANDS"].calculate(raw, 10_000, parameters)

    assert (points == 10) == (sum(e * e for e in errors) <= len(errors) * limit * limit)
