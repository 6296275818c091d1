"""Bands of a tolerance and of a root mean square error (中误差): compared by squares, never roots.

`bands` is a list of {"limit": …, "points": …}, limits rising and points falling. `mode` "step"
(the default) gives the points of the first band that holds; "linear" goes straight from one band's
points to the next, from a root rounded half up to `decimals`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

from core.scoring.calculator import (
    Calculator,
    Parameters,
    number,
    numeric,
    one_of,
    parse_decimal,
    unknown,
    within,
)
from core.scoring.model import Finding, Milli
from core.scoring.numbers import decimal_text, exact, plain_decimal

MINIMUM_POINTS = 20
"""Differences that an accuracy check needs; the organiser may ask for more."""
DECIMALS = 4


def rmse_raw(differences: Iterable[Fraction]) -> str:
    """The exact raw value of RMSE_BANDS: "sum of squares;number"."""
    squares = [difference * difference for difference in differences]
    return f"{decimal_text(sum(squares, Fraction(0)))};{len(squares)}"


def rmse_text(raw: str, *, equal_accuracy: bool = False, decimals: int = DECIMALS) -> str:
    """What is shown: √(Σd²/n), or √(Σd²/2n) for a check of equal accuracy."""
    total, n = _read_rmse(raw)
    return decimal_text(root(total / (n * (2 if equal_accuracy else 1)), decimals))


def root(value: Fraction, decimals: int) -> Fraction:
    """A square root rounded half up, by whole numbers alone."""
    scaled = value * 4 * 100**decimals
    return Fraction((isqrt(scaled.numerator // scaled.denominator) + 1) // 2, 10**decimals)


def _tolerance(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    away = abs(exact(raw) - number(parameters, "target", "0"))
    bands = _bands(parameters, maximum)
    if parameters.get("mode") == "linear":
        return within(_between(bands, away), maximum)
    earned = next((points for limit, points in bands if away <= limit), Fraction(0))
    return within(earned, maximum)


def _rmse(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    total, n = _read_rmse(raw)
    least = int(number(parameters, "minimum", str(MINIMUM_POINTS)))
    if n < least:
        raise ValueError(f"{n} differences; at least {least} are needed")
    divisor = n * (2 if parameters.get("accuracy") == "equal" else 1)
    bands = _bands(parameters, maximum)
    if parameters.get("mode") == "linear":
        decimals = int(number(parameters, "decimals", str(DECIMALS)))
        return within(_between(bands, root(total / divisor, decimals)), maximum)
    held = (points for limit, points in bands if total <= divisor * limit * limit)
    return within(next(held, Fraction(0)), maximum)


def _bands(parameters: Parameters, maximum: Milli) -> list[tuple[Fraction, Fraction]]:
    share = Fraction(maximum, 100_000) if parameters.get("per") == "percent" else Fraction(1)
    return [(number(b, "limit"), number(b, "points") * share) for b in parameters["bands"]]


def _between(bands: list[tuple[Fraction, Fraction]], away: Fraction) -> Fraction:
    if away <= bands[0][0]:
        return bands[0][1]
    for (low, more), (high, less) in pairwise(bands):
        if away <= high:
            return more + (less - more) * (away - low) / (high - low)
    return Fraction(0)


def _read_rmse(raw: str) -> tuple[Fraction, int]:
    total, separator, n = raw.partition(";")
    if not separator or not n.isascii() or not n.isdecimal() or int(n) == 0:
        raise ValueError(f"{raw[:40]!r} is not sum of squares;number")
    value = exact(total)
    if value < 0:
        raise ValueError("a sum of squares is never negative")
    return value, int(n)


def _check_tolerance(parameters: Parameters, maximum: Milli) -> list[Finding]:
    return [
        *unknown(parameters, ("per", "target", "bands", "mode")),
        *numeric(parameters, "target", required=False),
        *_check_bands(parameters, maximum),
    ]


def _check_rmse(parameters: Parameters, maximum: Milli) -> list[Finding]:
    return [
        *unknown(parameters, ("per", "bands", "mode", "accuracy", "minimum", "decimals")),
        *one_of(parameters, "accuracy", ("higher", "equal")),
        *numeric(parameters, "minimum", least=Fraction(1), required=False),
        *numeric(parameters, "decimals", least=Fraction(0), required=False),
        *_check_bands(parameters, maximum),
    ]


def _check_bands(parameters: Parameters, maximum: Milli) -> list[Finding]:
    found = [
        *one_of(parameters, "per", ("unit", "percent")),
        *one_of(parameters, "mode", ("step", "linear")),
    ]
    bands = parameters.get("bands")
    if not isinstance(bands, list) or not bands:
        return [*found, Finding("", "parameter-missing", {"key": "bands"})]
    wrong = [finding for i, band in enumerate(bands) for finding in _check_band(band, i)]
    return [*found, *(wrong or _check_order(bands, parameters, maximum))]


def _check_band(band: Any, i: int) -> list[Finding]:
    if not isinstance(band, dict):
        return [Finding(f"/bands/{i}", "wrong-type", {"expected": "object", "found": "other"})]
    wrong = [
        *unknown(band, ("limit", "points")),
        *numeric(band, "limit", least=Fraction(0)),
        *numeric(band, "points", least=Fraction(0)),
    ]
    return [Finding(f"/bands/{i}{f.pointer}", f.code, f.params) for f in wrong]


def _check_order(bands: list[Any], parameters: Parameters, maximum: Milli) -> list[Finding]:
    found = []
    for i, (before, after) in enumerate(pairwise(bands), 1):
        if number(after, "limit") <= number(before, "limit"):
            found.append(Finding(f"/bands/{i}/limit", "band-limit-order", {}))
        if number(after, "points") > number(before, "points"):
            found.append(Finding(f"/bands/{i}/points", "band-points-order", {}))
    top = _bands(parameters, maximum)[0][1]
    if top > Fraction(maximum, 1000):
        params = {"points": decimal_text(top), "maximum": decimal_text(Fraction(maximum, 1000))}
        found.append(Finding("/bands/0/points", "band-above-maximum", params))
    return found


def _parse_rmse(raw: str, parameters: Parameters) -> str | list[Finding]:
    total, _, n = (part.strip() for part in raw.partition(";"))
    value, count = plain_decimal(total), plain_decimal(n)
    if value is None or count is None or not count.isdecimal() or value.startswith("-"):
        return [Finding("", "rmse-unreadable", {"value": raw[:40]})]
    least = int(number(parameters, "minimum", str(MINIMUM_POINTS)))
    if int(count) < least:
        return [Finding("", "rmse-too-few", {"n": count, "least": str(least)})]
    return f"{value};{count}"


TOLERANCE_BANDS = Calculator(
    "TOLERANCE_BANDS",
    1,
    {"zh-Hans": "公差分档", "zh-Hant": "公差分檔", "en": "Tolerance bands", "pt": "Faixas de tolerância"},
    _tolerance,
    _check_tolerance,
    parse_decimal,
)  # fmt: skip
RMSE_BANDS = Calculator(
    "RMSE_BANDS",
    1,
    {"zh-Hans": "中误差分档", "zh-Hant": "中誤差分檔", "en": "Root mean square error bands", "pt": "Faixas de erro médio quadrático"},
    _rmse,
    _check_rmse,
    _parse_rmse,
)  # fmt: skip
