"""评分方案: what is marked: module → criterion → sub-criterion → aspect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from core.scoring.model.basics import ONE, Kind, Milli, MissingPolicy, Outcome, Text


@dataclass(frozen=True, slots=True)
class Trim:
    """Drop the `high` highest and `low` lowest marks when at least `minimum` are present."""

    high: int = 0
    low: int = 0
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named calculator with its parameters; numbers in `parameters` are decimal strings."""

    name: str
    version: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Defect:
    """One line of a deduction table: what was wrong and the range it may cost (positive Milli)."""

    code: str
    title: Text
    minimum: Milli
    maximum: Milli
    step: Milli = 500
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """How a tablet lets a judge enter the value, declared so that no plugin needs JavaScript.

    widget: one of `CONTROLS`; "grid" on an aspect with a calculator leaves the choice to the tablet.
    step: the grid of a judgement's scores, or how finely a stop-watch is read (0.01 s by default).
    choices: the values of "choice"; labels: their names, or those of the columns.
    columns: values that are typed beside one another and kept as "first;second".
    instrument: code of the instrument whose file "file" takes; the type's only one by default.
    """

    widget: str = "grid"
    step: Milli = 0
    unit: str = ""
    choices: tuple[str, ...] = ()
    labels: tuple[Text, ...] = ()
    columns: tuple[str, ...] = ()
    instrument: str = ""


CONTROLS: Mapping[str, str] = {
    "levels": "The written scale, one tap each.",
    "grid": "Points on their grid: coarse values by one tap, fine steps beside them.",
    "number": "A measured value that is typed, with its unit.",
    "count": "How many: chips, or a stepper for large numbers.",
    "choice": "One of several answers.",
    "defects": "A deduction table.",
    "stopwatch": "Start, stop, lap and resume; kept in seconds.",
    "clock": "A time of day; kept as seconds since midnight.",
    "file": "An instrument's file, with its values to be typed where nothing can read it.",
}
"""Every control that a tablet has."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """The smallest thing that is marked (评分点)."""

    id: str
    kind: Kind
    title: Text
    maximum: Milli | None
    """None only for `given`: decided elsewhere, possibly negative."""
    minimum: Milli = 0
    step: Milli = 10
    panel: str = "referees"
    judges: int = 1
    """How many marks the panel owes; 1 for one agreed value per group."""
    top: Milli = 3000
    """`judgement`: the top of the scale."""
    descriptors: tuple[Text, ...] = ()
    spread: Milli | None = None
    """Largest accepted distance between two marks; None = any. Judgement is 1000 by rule."""
    trim: Trim = Trim()
    calculation: Calculation | None = None
    unit: str = ""
    factor: Fraction = ONE
    round_panel: int | None = None
    """Decimals after the panel's mean, half up; None = keep exact."""
    round_award: int | None = 2
    """Decimals after the factor, half up; None = keep exact."""
    missing: MissingPolicy = MissingPolicy.BLOCK
    defects: tuple[Defect, ...] = ()
    applies_to: tuple[str, ...] = ()
    """Entry ids; empty = every entry. Other entries neither owe nor earn it."""
    section: str = ""
    requirement: str = ""
    control: Control = Control()


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """子标准: a day of marking and a group of judges."""

    id: str
    title: Text
    aspects: tuple[Aspect, ...]
    day: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    title: Text
    sub_criteria: tuple[SubCriterion, ...]
    maximum: Milli | None = None
    """The typed sum, when the source states one; compared with the aspects, never believed."""
    round_to: int | None = None


class AttemptRule(StrEnum):
    LAST = "last"
    BEST = "best"
    RULING = "ruling"
    """The chief referee names the attempt that counts; until then several attempts are unresolved."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """Points per started or full unit over the limit; out beyond `exclude_after` seconds over."""

    limit: int
    """Seconds."""
    points: Milli
    unit: int = 60
    per: str = "started"
    """"started" or "full"."""
    exclude_after: int | None = None
    exclusion: Outcome = Outcome.DSQ


@dataclass(frozen=True, slots=True)
class Module:
    """One part of a contest with its own mark: theory, practical, A, B … (模块)."""

    id: str
    title: Text
    maximum: Milli | None
    criteria: tuple[Criterion, ...]
    weight: Fraction = ONE
    """Multiplies the module's score in the total."""
    blind: bool = True
    process: bool = False
    """过程评分: marked while the entrant works, so it can't be blind."""
    round_to: int | None = None
    attempts: AttemptRule = AttemptRule.LAST
    over_time: OverTime | None = None
    missing: MissingPolicy = MissingPolicy.BLOCK

    def aspects(self) -> tuple[Aspect, ...]:
        """Every aspect, in the order of the sheet."""
        return tuple(a for c in self.criteria for s in c.sub_criteria for a in s.aspects)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the occupational standard (WSSS/WSOS section) and its weighting in marks."""

    id: str
    title: Text
    weight: Milli


@dataclass(frozen=True, slots=True)
class Scheme:
    """评分方案: module → criterion → sub-criterion → aspect."""

    code: str
    title: Text
    modules: tuple[Module, ...]
    sections: tuple[Section, ...] = ()

    def module(self, module_id: str) -> Module:
        """KeyError with the known ids when there is none."""
        for module in self.modules:
            if module.id == module_id:
                return module
        raise KeyError(f"{module_id!r}; modules are {[m.id for m in self.modules]}")
