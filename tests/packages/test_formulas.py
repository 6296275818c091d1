"""The formulas of marking schemes, computed exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contests.importing.formulas import NotUnderstood, Value, evaluate

SHEET: dict[tuple[int, int], Value] = {
    (1, 1): Fraction(1, 4),
    (2, 1): Fraction(1, 2),
    (3, 1): "text",
    (1, 2): Fraction(1),
    (2, 2): "1",
    (3, 2): Fraction(2),
}


def look(row: int, column: int) -> Value:
    return SHEET.get((row, column))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("SUM(A1:A3)", Fraction(3, 4)),
        ("SUM(A1:A2,B1;2)", Fraction(15, 4)),
        ("SUMIF(B1:B3,1,A1:A3)", Fraction(3, 4)),
        ("SUMIF(B1:B3,B1,A1:A3)", Fraction(3, 4)),
        ('SUMIF(B1:B3,"2",B1:B3)', Fraction(2)),
        ("ABS(A1-A2)", Fraction(1, 4)),
        ("-A1+2*(A2-.25)/4", Fraction(-1, 8)),
        ("$A$1+a2", Fraction(3, 4)),
        ("ROUND(2.345,2)", Fraction(47, 20)),
        ("ROUND(-0.5,0)", Fraction(-1)),
        ("Z9", Fraction(0)),
    ],
)
def test_a_formula_gives_its_exact_value(formula: str, value: Fraction) -> None:
    assert evaluate(formula, look) == value


@pytest.mark.parametrize(
    "formula",
    ["", "A3+1", "VLOOKUP(A1,B1:B3,1)", "1/0", "SUM(A1:A3", "A1 A2", "Other!A1", 'SUMIF(A1:A3,">1")',
     "SUM(A1:XFD1048576)", "((((", "1+", "+" * 2000],
)  # fmt: skip
def test_what_is_beyond_it_is_not_guessed(formula: str) -> None:
    with pytest.raises(NotUnderstood):
        evaluate(formula, look)
