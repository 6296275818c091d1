"""How points spread, criterion by criterion, in tenths of what could be had. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.scoring.model import Criterion, Module, Results, Scheme, Text

BINS = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one criterion. bins: entries per tenth of the maximum, the last one with the full marks. Shares
    are of the maximum, from 0 to 1."""

    module: str
    criterion: str
    title: Text
    maximum: Fraction
    entries: int
    bins: tuple[int, ...]
    lowest: Fraction
    median: Fraction
    highest: Fraction


def spreads(scheme: Scheme, results: Results) -> list[Spread]:
    """In the scheme's order; a criterion without a maximum or without a score is left out."""
    awards = {
        (score.module, score.aspect, score.entry): score.award
        for score in results.aspects
        if score.award is not None
    }
    entries = sorted({score.entry for score in results.aspects})
    found = []
    for module in scheme.modules:
        for criterion in module.criteria:
            made = _spread(module, criterion, entries, awards)
            if made is not None:
                found.append(made)
    return found


def _spread(
    module: Module,
    criterion: Criterion,
    entries: Sequence[str],
    awards: dict[tuple[str, str, str], Fraction],
) -> Spread | None:
    aspects = [aspect for sub in criterion.sub_criteria for aspect in sub.aspects]
    tops = [Fraction(a.maximum or 0, 1000) * a.factor for a in aspects]
    maximum = sum(tops, Fraction(0))
    shares = []
    for entry in entries:
        given = [awards[k] for a in aspects if (k := (module.id, a.id, entry)) in awards]
        if given and maximum > 0:
            shares.append(min(max(sum(given, Fraction(0)) / maximum, Fraction(0)), Fraction(1)))
    if not shares:
        return None
    shares.sort()
    bins = [0] * BINS
    for share in shares:
        bins[min(int(share * BINS), BINS - 1)] += 1
    return Spread(
        module.id,
        criterion.id,
        criterion.title,
        maximum,
        len(shares),
        tuple(bins),
        shares[0],
        median(shares),
        shares[-1],
    )


def median(ordered: Sequence[Fraction]) -> Fraction:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
