"""成绩复核: whose sheets are checked again: all of the best, a drawn sample of the rest.

The sample follows from a seed whose hash is published before the draw, so anybody can repeat it. The
usual shares 0.30, 0.15 and 0.05 are parameters of the rules; no published text fixes them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from core.scoring.model import Rules, Standing


def recheck(standings: Sequence[Standing], rules: Rules, seed: bytes) -> tuple[str, ...]:
    """Entry ids, group by group: the top share of the places, then the sample, each in its order.

    Shares are rounded up; entries that share the last place of the top are all checked.
    """
    top, sample, _ = rules.recheck
    chosen: list[str] = []
    for group in sorted({standing.group for standing in standings}):
        placed = sorted(
            (s for s in standings if s.group == group and s.rank is not None),
            key=lambda s: (s.rank or 0, s.entry),
        )
        best = _best(placed, ceil(top * len(placed)))
        rest = [s.entry for s in placed[len(best) :]]
        rest.sort(key=lambda entry: hmac.digest(seed, entry.encode(), "sha256"))
        chosen += [*best, *rest[: ceil(sample * len(rest))]]
    return tuple(chosen)


def commitment(seed: bytes) -> str:
    """What is published before the draw."""
    return hashlib.sha256(b"recheck|" + seed).hexdigest()


def escalates(rules: Rules, *, checked: int, wrong: int) -> bool:
    """Whether so many errors mean that every sheet is checked."""
    return checked > 0 and Fraction(wrong, checked) > rules.recheck[2]


def _best(placed: Sequence[Standing], count: int) -> list[str]:
    if not count:
        return []
    last = placed[count - 1].rank or 0
    return [s.entry for s in placed if (s.rank or 0) <= last]
