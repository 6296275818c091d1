"""A contest type under test, and the contests that are generated for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from core.contest_type import ContestType, Options
from core.scoring.calculators import STANDARD, Calculator, by_version
from core.scoring.check import bounds, off_grid, step
from core.scoring.model import (
    Aspect,
    EntryFacts,
    FoundDefect,
    Kind,
    Mark,
    Module,
    Record,
    Results,
    Rules,
    Scheme,
    Sheet,
    Standing,
    Timing,
)
from core.scoring.numbers import half_up
from core.scoring.panel import spread_limit

GUESSES = (
    *("true", "false", "0", "1", "2", "3", "5", "10", "20", "30", "60", "100", "600"),
    *("0.01", "0.05", "0.1", "0.25", "0.5", "1.5", "2.5", "99.5"),
    *("choice1", "choice2", "choice3", "3;1", "10;0", "0;5", "0.01;24", "0.5;30", "2.25;20"),
)
"""Raw values that one calculator or another can read."""


class Engine(Protocol):
    """`core.scoring.score`, or something that promises the same."""

    def __call__(
        self, scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
    ) -> Results: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """property: a key of `PROPERTIES`. message: an English sentence with what was seen."""

    property: str
    message: str


@dataclass
class Subject:
    contest_type: ContestType
    options: Options
    engine: Engine
    examples: dict[str, Sequence[str]]
    contests: int
    entrants: int
    seconds: float
    seed: int
    chance: random.Random = field(default_factory=random.Random)

    @cached_property
    def scheme(self) -> Scheme:
        return self.contest_type.scheme(self.options)

    @cached_property
    def rules(self) -> Rules:
        return self.contest_type.rules(self.options)

    @cached_property
    def calculators(self) -> Sequence[Calculator]:
        return tuple(self.contest_type.calculators())

    @cached_property
    def raws(self) -> Mapping[str, list[str]]:
        """Canonical readable raw values of every aspect that has a calculator."""
        found = {}
        for aspect in self.aspects():
            if aspect.calculation is not None:
                given = [*self.examples.get(aspect.id, ()), *aspect.control.choices, *GUESSES]
                found[aspect.id] = self._readable(aspect, given)
        return found

    def aspects(self) -> Iterator[Aspect]:
        for module in self.scheme.modules:
            yield from module.aspects()

    def calculator(self, aspect: Aspect) -> Calculator:
        wanted = aspect.calculation
        assert wanted is not None
        return by_version([*STANDARD, *self.calculators])[wanted.name, wanted.version]

    def points(self, aspect: Aspect, raw: str) -> Fraction:
        assert aspect.calculation is not None
        calculate = self.calculator(aspect).calculate
        return calculate(raw, aspect.maximum or 0, aspect.calculation.parameters)

    def score(self, record: Record) -> Results:
        return self.engine(self.scheme, self.rules, record, self.calculators)

    def _readable(self, aspect: Aspect, given: Sequence[str]) -> list[str]:
        assert aspect.calculation is not None
        parse, parameters = self.calculator(aspect).parse, aspect.calculation.parameters
        readable = []
        for raw in given:
            try:
                parsed = parse(raw, parameters)
                if isinstance(parsed, str) and parsed not in readable:
                    self.points(aspect, parsed)
                    readable.append(parsed)
            except ValueError:
                continue
        return readable

    # --- generated contests ---

    def records(self) -> Iterator[Record]:
        """Small contests with everything marked, some entrants exactly alike."""
        for _ in range(self.contests):
            yield self.record(self.chance.randint(4, 8))

    def record(self, entrants: int) -> Record:
        groups = ("a", "b") if self.chance.random() < 0.5 else ("",)
        entries = [
            EntryFacts(f"entry-{i}", groups[i % len(groups)], f"delegation-{i % 3}")
            for i in range(entrants)
        ]
        sheets: list[Sheet] = []
        timings: list[Timing] = []
        for i, entry in enumerate(entries):
            twin = i >= 2 and self.chance.random() < 0.25
            sheets += _copied(sheets, entries[i - 2], entry) if twin else self._sheets(entry)
            timings += (
                _timed_alike(timings, entries[i - 2], entry) if twin else self._timings(entry)
            )
        return Record(tuple(entries), tuple(sheets), timings=tuple(timings))

    def _sheets(self, entry: EntryFacts) -> Iterator[Sheet]:
        for module in self.scheme.modules:
            for panel in dict.fromkeys(aspect.panel for aspect in module.aspects()):
                yield from self._panel(entry, module, panel)

    def _panel(self, entry: EntryFacts, module: Module, panel: str) -> Iterator[Sheet]:
        own = [
            aspect
            for aspect in module.aspects()
            if aspect.panel == panel and (not aspect.applies_to or entry.id in aspect.applies_to)
        ]
        columns = {aspect.id: self.marks(aspect) for aspect in own}
        for j in range(max((len(marks) for marks in columns.values()), default=0)):
            marks = {a: column[j] for a, column in columns.items() if j < len(column)}
            yield Sheet(entry.id, module.id, f"{panel}-{j}", marks, panel)

    def marks(self, aspect: Aspect) -> list[Mark]:
        """What a whole panel may give: within its accepted spread."""
        if aspect.calculation is not None:
            agreed = Mark(raw=self.chance.choice(self.raws[aspect.id]))
            return [agreed] * aspect.judges
        if aspect.kind is Kind.DEDUCTION:
            return [self._deduction(aspect) for _ in range(aspect.judges)]
        if aspect.kind in (Kind.JUDGEMENT, Kind.POINTS):
            return self._spread(aspect)
        return [Mark(self._value(aspect))] * aspect.judges

    def _spread(self, aspect: Aspect) -> list[Mark]:
        limit, middle = spread_limit(aspect), self._value(aspect)
        near = [v for v in grid(aspect) if limit is None or 0 <= v - middle <= limit]
        return [Mark(self.chance.choice(near or [middle])) for _ in range(aspect.judges)]

    def _value(self, aspect: Aspect) -> int:
        if aspect.maximum is None:
            return self.chance.randint(0, 60_000)
        return self.chance.choice(grid(aspect))

    def _deduction(self, aspect: Aspect) -> Mark:
        if not aspect.defects:
            return Mark(self._value(aspect))
        number = self.chance.randint(0, min(3, len(aspect.defects)))
        found = self.chance.sample(aspect.defects, number)
        return Mark(
            defects=tuple(
                FoundDefect(d.code, self.chance.choice([d.minimum, d.maximum])) for d in found
            )
        )

    def _timings(self, entry: EntryFacts) -> Iterator[Timing]:
        for module in self.scheme.modules:
            rule = module.over_time
            limit = rule.limit if rule else 3600
            latest = limit + min(rule.exclude_after or 600, 600) if rule else limit
            yield Timing(entry.id, module.id, self.chance.randint(limit // 2, latest))


def grid(aspect: Aspect) -> list[int]:
    """At most about sixty values that a judge may enter, the lowest and the highest among them."""
    low, high = bounds(aspect)
    if high is None:
        return [0, 500, 1000]
    every = max(1, step(aspect)) * max(1, (high - low) // max(1, step(aspect)) // 60)
    values = [v for v in range(low, high + 1, every) if not off_grid(aspect, v)]
    return sorted({low, high, *values})


def limits_of(aspect: Aspect) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest award after the scheme's own roundings; None when it is unbounded."""
    if aspect.maximum is None:
        return None
    low = min(0, aspect.minimum) if aspect.kind is not Kind.JUDGEMENT else 0
    lowest, highest = (_rounded(Fraction(end, 1000), aspect) for end in (low, aspect.maximum))
    return lowest, highest


def _rounded(panel: Fraction, aspect: Aspect) -> Fraction:
    if aspect.round_panel is not None:
        panel = half_up(panel, aspect.round_panel)
    award = panel * aspect.factor
    return award if aspect.round_award is None else half_up(award, aspect.round_award)


def standings_of(results: Results) -> dict[str, Standing]:
    return {standing.entry: standing for standing in results.standings}


def _copied(sheets: Sequence[Sheet], model: EntryFacts, entry: EntryFacts) -> list[Sheet]:
    return [replace(sheet, entry=entry.id) for sheet in sheets if sheet.entry == model.id]


def _timed_alike(timings: Sequence[Timing], model: EntryFacts, entry: EntryFacts) -> list[Timing]:
    return [replace(timing, entry=entry.id) for timing in timings if timing.entry == model.id]


def changed(record: Record, at: int, aspect: str, mark: Mark) -> Record:
    """The record with one mark of its sheet number `at` replaced."""
    sheet = record.sheets[at]
    sheets: list[Any] = list(record.sheets)
    sheets[at] = replace(sheet, marks={**sheet.marks, aspect: mark})
    return replace(record, sheets=tuple(sheets))


Property = Callable[[Subject], str]
"""Empty when it holds, else what was seen."""
