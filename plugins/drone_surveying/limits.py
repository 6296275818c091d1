"""How large the root mean square error may be: by map scale, terrain and visibility.

Sources: plan 0.6 mm (flat, hilly) or 0.8 mm (mountain) at map scale (GB/T 7931-2008, 6.1 as quoted),
so 0.30 m or 0.40 m at 1:500; spot heights 0.15 m at 1:500 and 1:1000, both half as much again
where the ground is hidden or hard to measure. No height limit was found for 1:2000: there the
organiser has to give one. The largest accepted single difference is twice the limit of the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from plugins import Options

SCALES = ("500", "1000", "2000")
TERRAINS = ("flat_hilly", "mountain")

_PLAN_AT_SCALE = {"flat_hilly": Fraction(6, 10_000), "mountain": Fraction(8, 10_000)}
_HEIGHT = {"500": Fraction(15, 100), "1000": Fraction(15, 100)}
_HIDDEN = Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """Metres, exact. `gross` times a limit is the largest accepted single difference."""

    plan: Fraction
    height: Fraction
    gross: int = 2


def limits(options: Options) -> Limits:
    """The organiser's own limits where they are given (not 0), else the standard's."""
    factor = _HIDDEN if options["hidden"] else Fraction(1)
    plan = _PLAN_AT_SCALE[options["terrain"]] * int(options["scale"]) * factor
    height = _HEIGHT.get(options["scale"], Fraction(0)) * factor
    return Limits(
        Fraction(options["plan_limit"]) or plan, Fraction(options["height_limit"]) or height
    )
