"""Measured aspects: from a raw value to points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.scoring.model import Finding, Milli, Text


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
