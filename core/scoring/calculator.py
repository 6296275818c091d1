"""What a calculator is, and how its parameters are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.scoring.model import Finding, Milli, Text
from core.scoring.numbers import decimal_text, exact, plain_decimal

Parameters = Mapping[str, Any]


class CalculatorMissingError(LookupError):
    """No such calculator in this version: never answered by a newer one."""

    def __init__(self, name: str, version: int) -> None:
        self.name, self.version = name, version
        super().__init__(f"calculator {name} version {version} is not installed")


@dataclass(frozen=True, slots=True)
class Calculator:
    """A named, versioned, pure function from a raw value to points.

    calculate(raw, maximum, parameters) -> points as a Fraction, within 0 and maximum.
    It raises ValueError with an English reason when `raw` can't be read.
    parse(raw, parameters) -> the canonical raw string, or a list of findings (pointer "").
    check(parameters, maximum) -> findings with pointers relative to the parameters.
    direction: "up" when a larger raw value never earns less, "down" the reverse, else "none".
    """

    name: str
    version: int
    title: Text
    calculate: Callable[[str, Milli, Mapping[str, Any]], Fraction]
    check: Callable[[Mapping[str, Any], Milli], list[Finding]]
    parse: Callable[[str, Mapping[str, Any]], str | list[Finding]]
    direction: str = "none"


def by_version(calculators: Sequence[Calculator]) -> dict[tuple[str, int], Calculator]:
    """Every calculator by (name, version)."""
    return {(c.name, c.version): c for c in calculators}


def number(parameters: Parameters, key: str, default: str | None = None) -> Fraction:
    """ValueError when it is absent without a default, or not a decimal string."""
    text = parameters.get(key, default)
    if not isinstance(text, str):
        raise ValueError(f"parameter {key} is missing")
    return exact(text)


def points(
    parameters: Parameters, key: str, maximum: Milli, default: str | None = None
) -> Fraction:
    """A number of points: as it stands, or per cent of the maximum when `per` is "percent"."""
    value = number(parameters, key, default)
    return value * maximum / 100_000 if parameters.get("per", "unit") == "percent" else value


def within(value: Fraction, maximum: Milli) -> Fraction:
    """Floor 0, ceiling the aspect's maximum."""
    return max(Fraction(0), min(value, Fraction(maximum, 1000)))


def parse_decimal(raw: str, parameters: Parameters) -> str | list[Finding]:
    """A measured value, canonical."""
    text = plain_decimal(raw)
    return [Finding("", "number-unreadable", {"value": raw[:40]})] if text is None else text


def parse_count(raw: str, parameters: Parameters) -> str | list[Finding]:
    """A number of things: whole, not negative."""
    text = plain_decimal(raw)
    if text is None or not text.isdecimal():
        return [Finding("", "count-unreadable", {"value": raw[:40]})]
    return text


def unknown(parameters: Parameters, known: Sequence[str]) -> list[Finding]:
    return [
        Finding(f"/{key}", "parameter-unknown", {"key": key, "known": ", ".join(known)})
        for key in parameters
        if key not in known
    ]


def one_of(parameters: Parameters, key: str, values: Sequence[str]) -> list[Finding]:
    """An absent key means the first of the values."""
    value = parameters.get(key, values[0])
    if value in values:
        return []
    return [Finding(f"/{key}", "unknown-value", {"value": str(value), "known": ", ".join(values)})]


def numeric(
    parameters: Parameters,
    key: str,
    *,
    least: Fraction | None = None,
    above: Fraction | None = None,
    required: bool = True,
) -> list[Finding]:
    if key not in parameters:
        return [Finding("", "parameter-missing", {"key": key})] if required else []
    at = f"/{key}"
    try:
        value = number(parameters, key)
    except ValueError:
        return [Finding(at, "number-unreadable", {"value": str(parameters[key])[:40]})]
    if least is not None and value < least:
        return [Finding(at, "number-too-small", _bounds(value, least))]
    if above is not None and value <= above:
        return [Finding(at, "number-too-small", _bounds(value, above))]
    return []


def _bounds(value: Fraction, least: Fraction) -> dict[str, str]:
    return {"value": decimal_text(value), "least": decimal_text(least)}
