"""Invented work: marks for a sheet that lead to the total an entrant is meant to reach.

Nobody's real performance: each entrant gets an aim (a share of the full marks), each judge an opinion near
it. The engine itself computes what the marks come to, and they are drawn again until the total is within
reach of the aim, so that the published places come about.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from core.scoring import score
from core.scoring.calculators import Calculator
from core.scoring.model import (
    Aspect,
    EntryFacts,
    FoundDefect,
    Kind,
    Mark,
    Milli,
    Module,
    Outcome,
    Record,
    Rules,
    Scheme,
    Sheet,
    Timing,
)

TRIES = 120


@dataclass(frozen=True)
class Seat:
    """One judge: the appointment's id, and the aspects that stand on the judge's sheet of a module."""

    appointment: str
    panel: str
    aspects: Mapping[str, Sequence[Aspect]]


@dataclass(frozen=True)
class Performance:
    """What one entrant did: sheets by (module, appointment), and the clock's seconds by module."""

    sheets: Mapping[tuple[str, str], Mapping[str, Mark]]
    seconds: Mapping[str, int]
    total: Fraction


class Stage:
    """Makes performances for one contest."""

    def __init__(
        self,
        scheme: Scheme,
        rules: Rules,
        calculators: Sequence[Calculator],
        seats: Sequence[Seat],
        *,
        seed: int,
    ) -> None:
        self._scheme = scheme
        self._rules = rules
        self._calculators = {c.name: c for c in calculators}
        self._all = tuple(calculators)
        self._seats = seats
        self._random = random.Random(seed)  # noqa: S311  invented marks, no secret
        self._worth: dict[str, Mapping[Fraction, Sequence[str]]] = {}

    def perform(
        self, aim: float, tolerance: Fraction, given: Mapping[str, Mapping[str, Mark]]
    ) -> Performance:
        """Draws until the total is within `tolerance` of the aim; else the nearest of all tries.

        `given`: marks that come from an instrument's file, by module.
        """
        full = self._full()
        target = Fraction(aim).limit_denominator(1000) * full
        level, nearest = aim, self._try(aim, given)
        for _ in range(TRIES):
            if abs(nearest.total - target) <= tolerance:
                break
            level = aim + 0.6 * (level - aim) + self._random.uniform(-0.01, 0.01)
            level += 0.5 * float((target - nearest.total) / full)
            found = self._try(level, given)
            if abs(found.total - target) < abs(nearest.total - target):
                nearest = found
        return nearest

    def _full(self) -> Fraction:
        """The most that can be reached, in points."""
        return sum(
            (
                Fraction(m.maximum or 0, 1000) * m.weight
                for m in self._scheme.modules
                if m.weight > 0
            ),
            Fraction(0),
        )

    def _try(self, aim: float, given: Mapping[str, Mapping[str, Mark]]) -> Performance:
        sheets: dict[tuple[str, str], Mapping[str, Mark]] = {}
        seconds: dict[str, int] = {}
        for module in self._scheme.modules:
            agreed = self._agreed(module, aim, given.get(module.id, {}))
            for seat in self._seats:
                if seat.aspects.get(module.id):
                    sheets[module.id, seat.appointment] = self._sheet(module, seat, aim, agreed)
            limit = module.over_time.limit if module.over_time else 0
            if limit or any(a.kind is Kind.TIME for a in module.aspects()):
                share = 1 - 0.25 * aim + self._random.uniform(-0.04, 0.04)
                seconds[module.id] = int(min(share, 0.999) * (limit or 3600))
        return Performance(sheets, seconds, self._total(sheets, seconds))

    def _agreed(self, module: Module, aim: float, given: Mapping[str, Mark]) -> dict[str, Mark]:
        """One value per group for what is measured or deducted together."""
        found = dict(given)
        for aspect in module.aspects():
            if aspect.judges == 1 and aspect.id not in found and aspect.kind is not Kind.TIME:
                found[aspect.id] = self._mark(aspect, aim, aim)
        return found

    def _sheet(
        self, module: Module, seat: Seat, aim: float, agreed: Mapping[str, Mark]
    ) -> dict[str, Mark]:
        taste = self._random.uniform(-0.03, 0.03)
        level = aim + self._random.uniform(-0.02, 0.02)
        return {
            aspect.id: agreed[aspect.id]
            if aspect.id in agreed
            else self._mark(aspect, level + taste, aim)
            for aspect in seat.aspects[module.id]
            if aspect.kind is not Kind.TIME
        }

    def _mark(self, aspect: Aspect, level: float, aim: float) -> Mark:
        level = min(max(level, 0.0), 1.0)
        if aspect.kind is Kind.JUDGEMENT:
            return Mark(value=self._judgement(level, aim))
        if aspect.kind is Kind.DEDUCTION:
            return Mark(defects=self._defects(aspect, level))
        if aspect.kind is Kind.POINTS:
            near = level + self._random.gauss(0, 0.02)
            return Mark(value=_on_grid(near, aspect))
        if aspect.calculation is not None:
            return Mark(raw=self._measured(aspect, level))
        return Mark(value=_on_grid(level, aspect), source="demonstration")

    def _judgement(self, level: float, aim: float) -> Milli:
        """Two neighbouring levels at most, so that no spread exceeds one."""
        low = int(min(aim * 3, 2.999))
        return 1000 * (low + (self._random.random() < level * 3 - low))

    def _defects(self, aspect: Aspect, level: float) -> tuple[FoundDefect, ...]:
        found = []
        for defect in aspect.defects:
            if self._random.random() > 0.55 + 0.45 * level and defect.maximum <= 5000:
                found.append(FoundDefect(defect.code, defect.minimum))
        return tuple(found)

    def _measured(self, aspect: Aspect, level: float) -> str:
        """The candidate raw value whose points come nearest to the aim."""
        full = Fraction(aspect.maximum or 0, 1000)
        wanted = Fraction(min(max(level + self._random.gauss(0, 0.12), 0), 1)) * full
        worth = self._worth_of_each(aspect)
        points = list(worth)
        place = bisect_left(points, wanted)
        near = points[max(place - 1, 0) : place + 1]
        best = min(abs(one - wanted) for one in near)
        equal = [raw for one in near if abs(one - wanted) == best for raw in worth[one]]
        return self._random.choice(equal)

    def _worth_of_each(self, aspect: Aspect) -> Mapping[Fraction, Sequence[str]]:
        """Points, from few to many, and the raw values that come to them: found once an aspect."""
        if aspect.id in self._worth:
            return self._worth[aspect.id]
        assert aspect.calculation is not None
        calculator = self._calculators[aspect.calculation.name]
        found: dict[Fraction, list[str]] = {}
        for raw in _candidates(aspect.control.choices):
            canonical = calculator.parse(raw, aspect.calculation.parameters)
            if isinstance(canonical, str):
                with suppress(ValueError):
                    points = calculator.calculate(
                        canonical, aspect.maximum or 0, aspect.calculation.parameters
                    )
                    found.setdefault(points, []).append(canonical)
        if not found:
            raise RuntimeError(f"no raw value found for aspect {aspect.id}")
        self._worth[aspect.id] = dict(sorted(found.items()))
        return self._worth[aspect.id]

    def _total(
        self, sheets: Mapping[tuple[str, str], Mapping[str, Mark]], seconds: Mapping[str, int]
    ) -> Fraction:
        panels = {seat.appointment: seat.panel for seat in self._seats}
        record = Record(
            entries=(EntryFacts("x"),),
            sheets=tuple(
                Sheet("x", module, judge, marks, panel=panels[judge])
                for (module, judge), marks in sheets.items()
            ),
            timings=tuple(Timing("x", module, s) for module, s in seconds.items()),
        )
        standing = score(self._scheme, self._rules, record, self._all).standings[0]
        if standing.status is not Outcome.SCORED or standing.total is None:
            return Fraction(-1)
        return standing.total


def _on_grid(level: float, aspect: Aspect) -> Milli:
    step = max(aspect.step, 1)
    span = (aspect.maximum or 0) - aspect.minimum
    steps = round(min(max(level, 0.0), 1.0) * span / step)
    return int(min(aspect.minimum + steps * step, aspect.maximum or 0))


def _candidates(choices: Sequence[str]) -> Sequence[str]:
    """Raw values worth trying for any calculator: yes and no, the choices, small counts, fine decimals."""
    decimals = [f"{n / 10:g}" for n in range(1, 400, 3)]
    return ["true", "false", *choices, *(str(n) for n in range(31)), *decimals]
