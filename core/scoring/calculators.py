"""Measured aspects: from a raw value to points, with the vocabulary of the WorldSkills workbooks.

Parameters are decimal strings. `per` is "unit" (points, the default) or "percent" (of the aspect's
maximum). Names of parameters are those of the CIS export in lower case.
"""

from __future__ import annotations

import re
from fractions import Fraction

from core.scoring.bands import RMSE_BANDS, TOLERANCE_BANDS
from core.scoring.calculator import (
    Calculator,
    CalculatorMissingError,
    Parameters,
    by_version,
    number,
    numeric,
    one_of,
    parse_count,
    parse_decimal,
    points,
    unknown,
    within,
)
from core.scoring.model import Finding, Milli
from core.scoring.numbers import exact, plain_decimal

__all__ = ["STANDARD", "Calculator", "CalculatorMissingError", "by_version"]

ZERO = Fraction(0)
PER = ("unit", "percent")
_YES = {"true", "pass", "yes", "1", "是", "通过", "通過", "合格"}
_NO = {"false", "fail", "no", "0", "否", "未通过", "未通過", "不合格"}


# --- PASS_FAIL: raw "true" or "false" -----------------------------------------------------------


def _pass_fail(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    if raw not in ("true", "false"):
        raise ValueError(f"{raw[:40]!r} is neither true nor false")
    full = Fraction(maximum, 1000)
    if raw == "true":
        return full
    if "deduction" not in parameters:
        return ZERO
    return within(full - points(parameters, "deduction", maximum), maximum)


def _check_pass_fail(parameters: Parameters, maximum: Milli) -> list[Finding]:
    return [
        *unknown(parameters, ("per", "deduction")),
        *one_of(parameters, "per", PER),
        *numeric(parameters, "deduction", least=ZERO, required=False),
    ]


def _parse_pass_fail(raw: str, parameters: Parameters) -> str | list[Finding]:
    said = raw.strip().casefold()
    if said in _YES:
        return "true"
    return "false" if said in _NO else [Finding("", "pass-fail-unreadable", {"value": raw[:40]})]


# --- NUMBER_COMPLETED: raw = how many of `total` ------------------------------------------------


def _number_completed(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    total = number(parameters, "total")
    done = min(Fraction(_count(raw)), total)
    if "each" in parameters:
        return within(done * points(parameters, "each", maximum), maximum)
    return within(done * Fraction(maximum, 1000) / total, maximum)


def _check_number_completed(parameters: Parameters, maximum: Milli) -> list[Finding]:
    return [
        *unknown(parameters, ("per", "total", "each")),
        *one_of(parameters, "per", PER),
        *numeric(parameters, "total", above=ZERO),
        *numeric(parameters, "each", above=ZERO, required=False),
    ]


# --- CHOICE: raw = "choice1", "choice2" … -------------------------------------------------------

_CHOICE = re.compile(r"choice[1-9][0-9]?_(label|deduction)", re.ASCII)


def _choice(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    key = f"{raw}_deduction"
    if key not in parameters:
        raise ValueError(f"{raw[:40]!r} is not one of {_choices(parameters)}")
    return within(Fraction(maximum, 1000) - points(parameters, key, maximum), maximum)


def _check_choice(parameters: Parameters, maximum: Milli) -> list[Finding]:
    choices = _choices(parameters)
    found = [
        Finding(f"/{key}", "parameter-unknown", {"key": key, "known": "per, choice1_label, …"})
        for key in parameters
        if key != "per" and not _CHOICE.fullmatch(key)
    ]
    if not choices:
        found.append(Finding("", "parameter-missing", {"key": "choice1_deduction"}))
    for choice in choices:
        found += numeric(parameters, f"{choice}_deduction", least=ZERO)
    return [*found, *one_of(parameters, "per", PER)]


def _parse_choice(raw: str, parameters: Parameters) -> str | list[Finding]:
    """The key itself, its label, or its number where no label says otherwise."""
    said, choices = raw.strip(), _choices(parameters)
    if said in choices:
        return said
    labelled = [choice for choice in choices if parameters.get(f"{choice}_label") == said]
    if labelled:
        return labelled[0]
    if f"choice{said}" in choices:
        return f"choice{said}"
    return [Finding("", "unknown-value", {"value": said[:40], "known": ", ".join(choices)})]


def _choices(parameters: Parameters) -> list[str]:
    named = {key.partition("_")[0] for key in parameters if _CHOICE.fullmatch(key)}
    return sorted(named, key=lambda choice: int(choice.removeprefix("choice")))


# --- RANGED_SCORE: raw = a number that falls into one of the ranges -----------------------------

_RANGE = re.compile(r"range[1-9][0-9]?_(from|to|deduction)", re.ASCII)


def _ranged_score(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    """Both ends belong to a range; the first that fits counts, outside all of them nothing."""
    value, full = exact(raw), Fraction(maximum, 1000)
    for name in _ranges(parameters):
        low, high = (parameters.get(f"{name}_{end}") for end in ("from", "to"))
        if (low is None or value >= exact(low)) and (high is None or value <= exact(high)):
            return within(full - points(parameters, f"{name}_deduction", maximum), maximum)
    return ZERO


def _check_ranged_score(parameters: Parameters, maximum: Milli) -> list[Finding]:
    found = [
        Finding(f"/{key}", "parameter-unknown", {"key": key, "known": "per, range1_from, …"})
        for key in parameters
        if key != "per" and not _RANGE.fullmatch(key)
    ]
    if not _ranges(parameters):
        found.append(Finding("", "parameter-missing", {"key": "range1_deduction"}))
    for name in _ranges(parameters):
        wrong = numeric(parameters, f"{name}_deduction", least=ZERO)
        wrong += numeric(parameters, f"{name}_from", required=False)
        wrong += numeric(parameters, f"{name}_to", required=False)
        low, high = f"{name}_from", f"{name}_to"
        if not wrong and low in parameters and high in parameters:
            wrong += numeric(parameters, high, least=number(parameters, low))
        found += wrong
    return [*found, *one_of(parameters, "per", PER)]


def _ranges(parameters: Parameters) -> list[str]:
    named = {key.partition("_")[0] for key in parameters if _RANGE.fullmatch(key)}
    return sorted(named, key=lambda name: int(name.removeprefix("range")))


# --- REGULAR_DIFFERENCE_DEDUCTION: so much off for every step away from the target --------------

DIFFERENCE_TYPES = ("UNIT", "PERCENT", "PERCENTAGE")


def _difference_deduction(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    target = number(parameters, "target_value", "0")
    step = number(parameters, "difference")
    if parameters.get("difference_type", "UNIT") != "UNIT":
        step = abs(target) * step / 100
    away = abs(exact(raw) - target) / step
    steps = -(-away // 1) if parameters.get("counting") == "started" else away // 1
    full = Fraction(maximum, 1000)
    return within(full - steps * points(parameters, "deduction", maximum), maximum)


def _check_difference_deduction(parameters: Parameters, maximum: Milli) -> list[Finding]:
    known = ("per", "target_value", "difference", "difference_type", "deduction", "counting")
    found = [
        *unknown(parameters, known),
        *one_of(parameters, "per", PER),
        *one_of(parameters, "difference_type", DIFFERENCE_TYPES),
        *one_of(parameters, "counting", ("full", "started")),
        *numeric(parameters, "target_value", required=False),
        *numeric(parameters, "difference", above=ZERO),
        *numeric(parameters, "deduction", least=ZERO),
    ]
    relative = parameters.get("difference_type", "UNIT") != "UNIT"
    if not found and relative and not number(parameters, "target_value", "0"):
        found.append(Finding("/target_value", "target-zero-per-cent", {}))
    return found


# --- PER_ERROR: raw = errors, or "hits;false alarms" --------------------------------------------


def _per_error(raw: str, maximum: Milli, parameters: Parameters) -> Fraction:
    if "hit" in parameters:
        hits, alarms = _two_counts(raw)
        earned = hits * points(parameters, "hit", maximum)
        return within(earned - alarms * points(parameters, "false_alarm", maximum, "0"), maximum)
    start = points(parameters, "start", maximum) if "start" in parameters else None
    full = Fraction(maximum, 1000) if start is None else start
    return within(full - _count(raw) * points(parameters, "deduction", maximum), maximum)


def _check_per_error(parameters: Parameters, maximum: Milli) -> list[Finding]:
    if "hit" in parameters:
        return [
            *unknown(parameters, ("per", "hit", "false_alarm")),
            *one_of(parameters, "per", PER),
            *numeric(parameters, "hit", above=ZERO),
            *numeric(parameters, "false_alarm", least=ZERO, required=False),
        ]
    return [
        *unknown(parameters, ("per", "start", "deduction")),
        *one_of(parameters, "per", PER),
        *numeric(parameters, "start", least=ZERO, required=False),
        *numeric(parameters, "deduction", least=ZERO),
    ]


def _parse_per_error(raw: str, parameters: Parameters) -> str | list[Finding]:
    if "hit" not in parameters:
        return parse_count(raw, parameters)
    parts = [plain_decimal(part) for part in raw.split(";")]
    whole = [part for part in parts if part is not None and part.isdecimal()]
    if len(parts) != 2 or len(whole) != 2:
        return [Finding("", "two-counts-unreadable", {"value": raw[:40]})]
    return ";".join(whole)


def _count(raw: str) -> int:
    if not raw.isascii() or not raw.isdecimal():
        raise ValueError(f"{raw[:40]!r} is not a count")
    return int(raw)


def _two_counts(raw: str) -> tuple[int, int]:
    first, separator, second = raw.partition(";")
    if not separator:
        raise ValueError(f"{raw[:40]!r} is not hits;false alarms")
    return _count(first), _count(second)


# --- the list -----------------------------------------------------------------------------------

STANDARD: tuple[Calculator, ...] = (
    Calculator(
        "PASS_FAIL",
        1,
        {"zh-Hans": "通过或不通过", "zh-Hant": "通過或不通過", "en": "Pass or fail", "pt": "Aprovado ou reprovado"},
        _pass_fail,
        _check_pass_fail,
        _parse_pass_fail,
    ),
    Calculator(
        "NUMBER_COMPLETED",
        1,
        {"zh-Hans": "完成数量", "zh-Hant": "完成數量", "en": "Number completed", "pt": "Número de concluídos"},
        _number_completed,
        _check_number_completed,
        parse_count,
        "up",
    ),
    Calculator(
        "CHOICE",
        1,
        {"zh-Hans": "选项", "zh-Hant": "選項", "en": "Choice", "pt": "Escolha"},
        _choice,
        _check_choice,
        _parse_choice,
    ),
    Calculator(
        "RANGED_SCORE",
        1,
        {"zh-Hans": "区间得分", "zh-Hant": "區間得分", "en": "Score by range", "pt": "Pontos por intervalo"},
        _ranged_score,
        _check_ranged_score,
        parse_decimal,
    ),
    Calculator(
        "REGULAR_DIFFERENCE_DEDUCTION",
        1,
        {"zh-Hans": "按偏差等距扣分", "zh-Hant": "按偏差等距扣分", "en": "Deduction per step from the target", "pt": "Desconto por intervalo de desvio"},
        _difference_deduction,
        _check_difference_deduction,
        parse_decimal,
    ),
    Calculator(
        "PER_ERROR",
        1,
        {"zh-Hans": "按错误计分", "zh-Hant": "按錯誤計分", "en": "Points per error", "pt": "Pontos por erro"},
        _per_error,
        _check_per_error,
        _parse_per_error,
    ),
    TOLERANCE_BANDS,
    RMSE_BANDS,
)  # fmt: skip
"""Every version of every standard calculator; a published one never changes."""
