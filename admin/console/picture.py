"""The distribution of totals as bars: figures first, so that picture and table say the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH, HEIGHT, FLOOR = 640, 200, 164
_BARS = 8
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """Totals from `low` up to, not including, `high`; drawn at x, y."""

    low: int
    high: int
    count: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


def bars(totals: Sequence[Fraction]) -> list[Bar]:
    """At most about eight bars of a round width; none without totals."""
    if not totals:
        return []
    low, high = min(totals), max(totals)
    step = next((s for s in _STEPS if (high - low) / s <= _BARS), _STEPS[-1])
    start = int(low // step) * step
    count = int((high - start) // step) + 1
    counts = [0] * count
    for total in totals:
        counts[int((total - start) // step)] += 1
    most, gap = max(counts), WIDTH // count
    return [
        Bar(
            low=start + n * step,
            high=start + (n + 1) * step,
            count=number,
            x=n * gap + 6,
            y=FLOOR - _height(number, most),
            width=gap - 12,
            height=_height(number, most),
        )
        for n, number in enumerate(counts)
    ]


def _height(number: int, most: int) -> int:
    return round(number * (FLOOR - 30) / most)
