"""What came out: scores of aspects and modules, places, prizes, teams."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.scoring.model.basics import Milli, Outcome
from core.scoring.model.record import FoundDefect


@dataclass(frozen=True, slots=True)
class AspectScore:
    """How one aspect of one entry came about."""

    entry: str
    module: str
    aspect: str
    outcome: Outcome
    panel: Fraction | None
    """After trim, mean (or calculator) and rounding, in points."""
    award: Fraction | None
    """After factor and rounding, in points."""
    exact: Fraction | None
    """The award before its rounding."""
    used: tuple[tuple[str, Milli], ...] = ()
    dropped: tuple[tuple[str, Milli], ...] = ()
    raw: str | None = None
    attempt: int = 1
    round: int = 1
    reason: str = ""
    """Why there is no award: "absent", "incomplete", "spread", "disagree", "unreadable", "void"."""
    defects: tuple[FoundDefect, ...] = ()
    """Of a `deduction`: everything that was found, by all judges."""
    vacant: tuple[str, ...] = ()
    """Judges who left in the middle and without whose mark the award was formed."""


@dataclass(frozen=True, slots=True)
class ModuleScore:
    entry: str
    module: str
    outcome: Outcome
    score: Fraction | None
    """Points after rounding and module penalties; None when nothing counts."""
    exact: Fraction | None
    """The sum before the module's rounding and penalties."""
    penalty: Fraction = Fraction(0)
    attempt: int = 1
    gross: int | None = None
    compensation: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry's place. rank None = not ranked, and `status` says why."""

    entry: str
    group: str
    rank: int | None
    total: Fraction | None
    exact: Fraction | None
    status: Outcome
    decided_by: str
    """"total", the tie-break's text such as "module:B" or "time:", "shared", "unresolved",
    "ruling", or the reason for no place: "gate:theory", "module:B", "aspect:B1.2", "penalty:P1",
    "status"."""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class AwardProposal:
    rule: str
    prize: str
    entry: str
    rank: int | None
    flagged: str = ""
    """Why a person has to look: "tie at the boundary", "rounded from 1.33" …"""


@dataclass(frozen=True, slots=True)
class AwardCount:
    """The rounding shown: what the rule asked for and what was proposed."""

    rule: str
    prize: str
    group: str
    base: int
    asked: Fraction
    proposed: int


@dataclass(frozen=True, slots=True)
class TeamStanding:
    delegation: str
    rank: int | None
    total: Fraction | None
    counted: tuple[str, ...]
    shared: bool = False
    prize: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """standings ordered by group, rank, entry; the rest by entry and scheme order."""

    standings: tuple[Standing, ...]
    modules: tuple[ModuleScore, ...]
    aspects: tuple[AspectScore, ...]
    awards: tuple[AwardProposal, ...] = ()
    counts: tuple[AwardCount, ...] = ()
    unresolved: tuple[tuple[str, ...], ...] = ()
    """Groups of entries whose tie `TiePolicy.NONE` forbids."""
