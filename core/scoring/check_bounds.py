"""Whole numbers of scheme and rules that would cost memory, time or exactness far outside of what any
contest needs."""

from __future__ import annotations

from collections.abc import Iterable

from core.scoring.model import Aspect, Finding, Module, Rules
from core.scoring.numbers import milli_text

MOST_DECIMALS = 12
MOST_DAYS = 3660
MOST_TOP = 100_000
"""Milli: a hundred levels of a judgement."""


def rules_bounds(rules: Rules) -> list[Finding]:
    return [
        *_decimals("/round_total", rules.round_total),
        *_between("/notice_days", rules.notice_days, 0, MOST_DAYS),
        *_between("/appeal_minutes", rules.appeal_minutes, 0, MOST_DAYS * 24 * 60),
    ]


def module_bounds(at: str, module: Module) -> list[Finding]:
    return [
        *_decimals(f"{at}/round_to", module.round_to),
        *(
            finding
            for c, criterion in enumerate(module.criteria)
            for finding in _decimals(f"{at}/criteria/{c}/round_to", criterion.round_to)
        ),
    ]


def aspect_bounds(at: str, aspect: Aspect) -> list[Finding]:
    found = [
        *_decimals(f"{at}/round_panel", aspect.round_panel),
        *_decimals(f"{at}/round_award", aspect.round_award),
    ]
    if not 0 < aspect.top <= MOST_TOP:
        found += _outside(f"{at}/top", milli_text(aspect.top), "0.001", milli_text(MOST_TOP))
    return found


def _decimals(at: str, value: int | None) -> Iterable[Finding]:
    return () if value is None else _between(at, value, 0, MOST_DECIMALS)


def _between(at: str, value: int, lowest: int, highest: int) -> Iterable[Finding]:
    if lowest <= value <= highest:
        return ()
    return _outside(at, str(value)[:40], str(lowest), str(highest))


def _outside(at: str, value: str, lowest: str, highest: str) -> list[Finding]:
    params = {"value": value, "lowest": lowest, "highest": highest}
    return [Finding(at, "value-out-of-bounds", params)]
