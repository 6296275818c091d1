"""How each judge's seat marked beside the others of its panel: a statistic, never a verdict. Pure.

Compared are only marks that at least two judges gave for the same aspect of the same entry. The
deviation of a mark is its distance from the mean of all those marks, in per cent of the aspect's
maximum; a mark that was dropped counts here too, because the judge gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from core.scoring.model import Aspect, Results, Scheme


@dataclass(frozen=True, slots=True)
class Compared:
    """mean: of the deviations, + = higher than the others; spread: their standard deviation. Both in
    per cent of the aspect's maximum. dropped: marks trimmed away as highest or lowest."""

    seat: str
    marks: int
    mean: Fraction
    spread: Fraction
    dropped: int


def compared(scheme: Scheme, results: Results) -> list[Compared]:
    """By seat; `results` has judges by seat (`reading.seated`)."""
    tops = {
        (module.id, aspect.id): _top(aspect)
        for module in scheme.modules
        for aspect in module.aspects()
    }
    deviations: dict[str, list[Fraction]] = {}
    dropped: dict[str, int] = {}
    for score in results.aspects:
        given = [*score.used, *score.dropped]
        top = tops.get((score.module, score.aspect), 0)
        if len({seat for seat, _ in given}) < 2 or not top:
            continue
        mean = Fraction(sum(value for _, value in given), len(given))
        for seat, value in given:
            deviations.setdefault(seat, []).append((value - mean) * 100 / top)
        for seat, _ in score.dropped:
            dropped[seat] = dropped.get(seat, 0) + 1
    return [
        _one(seat, deviations[seat], dropped)
        for seat in sorted(deviations, key=lambda s: (len(s), s))
    ]


def _one(seat: str, found: list[Fraction], dropped: Mapping[str, int]) -> Compared:
    mean = sum(found, Fraction(0)) / len(found)
    variance = sum(((d - mean) ** 2 for d in found), Fraction(0)) / len(found)
    return Compared(seat, len(found), mean, _root(variance), dropped.get(seat, 0))


def _top(aspect: Aspect) -> int:
    """The highest mark a judge can give, in thousandths: of a judgement the top of its scale."""
    if aspect.descriptors:
        return (len(aspect.descriptors) - 1) * 1000
    return aspect.maximum or 0


def _root(value: Fraction) -> Fraction:
    """To two decimals; a picture shows no more."""
    return Fraction(isqrt(int(value * 10_000)), 100)
