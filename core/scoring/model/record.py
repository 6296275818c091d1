"""What happened: entries, sheets, penalties, clocks. Never a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.scoring.model.basics import Milli, Outcome


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as scoring may know it: never a name."""

    id: str
    group: str = ""
    delegation: str = ""
    trial: bool = False
    """试评: marked for practice, never counted."""
    reserve: bool = False
    """Waits for a place; counts from the moment that anything is recorded of it."""


@dataclass(frozen=True, slots=True)
class FoundDefect:
    code: str
    points: Milli


@dataclass(frozen=True, slots=True)
class Mark:
    """One judge's (or group's) value for one aspect.

    value: points in Milli (judgement: the 0-3 score in Milli). raw: the measured value as a
    canonical decimal string, or "true"/"false", or a choice. outcome MISSING or VOID: no value.
    """

    value: Milli | None = None
    raw: str | None = None
    defects: tuple[FoundDefect, ...] = ()
    outcome: Outcome = Outcome.SCORED
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one judge (or group) marked for one entry in one module.

    counted False: kept and shown, but set aside for `reason` ("recusal", "trial", "superseded", "left":
    the judge left and nothing of the seat counts, "substituted": the judge before had signed it).
    """

    entry: str
    module: str
    judge: str
    marks: Mapping[str, Mark]
    panel: str = "referees"
    attempt: int = 1
    round: int = 1
    counted: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Penalty:
    """scope: "warning", "points", "module" (void), "project" (void) or "disqualify"."""

    id: str
    entry: str
    scope: str
    module: str = ""
    points: Milli = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """Official clock of one attempt, in whole seconds; net = gross - compensation."""

    entry: str
    module: str
    gross: int
    compensation: int = 0
    attempt: int = 1

    @property
    def net(self) -> int:
        return self.gross - self.compensation


@dataclass(frozen=True, slots=True)
class StatusFact:
    """DNS, DNF, DSQ or VOID for an entry (module = "") or for one of its modules."""

    entry: str
    status: Outcome
    module: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRuling:
    entry: str
    module: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PlaceRuling:
    """The chief referee's order among entries that no tie-break separates (`TiePolicy.NONE`)."""

    entries: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VacantSeat:
    """A seat that nobody follows into after its judge left: where none of `judges` (everybody who has
    sat in it, in order) has marked an aspect, one mark fewer is owed."""

    judges: tuple[str, ...]
    module: str
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that a recount needs, in any order: order never matters."""

    entries: tuple[EntryFacts, ...]
    sheets: tuple[Sheet, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    timings: tuple[Timing, ...] = ()
    statuses: tuple[StatusFact, ...] = ()
    rulings: tuple[AttemptRuling, ...] = ()
    places: tuple[PlaceRuling, ...] = ()
    votes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """panel -> entry -> number of votes."""
    registered: Mapping[str, int] = field(default_factory=dict)
    """group -> number registered, where it differs from the entries listed."""
    vacant: tuple[VacantSeat, ...] = ()
