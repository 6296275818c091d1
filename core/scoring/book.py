"""A record turned by entry and module. What is trial, or a reserve never called, is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from core.scoring.model import (
    EntryFacts,
    Outcome,
    Penalty,
    Record,
    Sheet,
    StatusFact,
    Timing,
    VacantSeat,
)

Place = tuple[str, str]
"""(entry, module)."""

GRAVITY = (Outcome.DSQ, Outcome.VOID, Outcome.NOT_QUALIFIED, Outcome.DNS, Outcome.DNF)
"""Which outcome names the reason when several stand in the place of a number."""


@dataclass(slots=True)
class Book:
    entries: list[EntryFacts]
    sheets: dict[Place, list[Sheet]] = field(default_factory=dict)
    timings: dict[Place, dict[int, Timing]] = field(default_factory=dict)
    penalties: dict[str, list[Penalty]] = field(default_factory=dict)
    statuses: dict[Place, Outcome] = field(default_factory=dict)
    rulings: dict[Place, int] = field(default_factory=dict)
    vacant: dict[str, list[VacantSeat]] = field(default_factory=dict)
    """By module."""


def open_book(record: Record) -> Book:
    sheets: dict[Place, list[Sheet]] = defaultdict(list)
    for sheet in record.sheets:
        sheets[sheet.entry, sheet.module].append(sheet)
    timings: dict[Place, dict[int, Timing]] = defaultdict(dict)
    for timing in record.timings:
        timings[timing.entry, timing.module][timing.attempt] = timing
    penalties: dict[str, list[Penalty]] = defaultdict(list)
    for penalty in sorted(record.penalties, key=lambda penalty: penalty.id):
        penalties[penalty.entry].append(penalty)
    vacant: dict[str, list[VacantSeat]] = defaultdict(list)
    for seat in sorted(record.vacant, key=lambda seat: seat.judges):
        vacant[seat.module].append(seat)
    return Book(
        entries=counted_entries(record),
        sheets=dict(sheets),
        timings=dict(timings),
        penalties=dict(penalties),
        statuses=_statuses(record.statuses),
        rulings={(ruling.entry, ruling.module): ruling.attempt for ruling in record.rulings},
        vacant=dict(vacant),
    )


def counted_entries(record: Record) -> list[EntryFacts]:
    """Everybody who competes or was expected to, in order of id."""
    called: set[str] = set()
    if any(entry.reserve for entry in record.entries):
        called |= {sheet.entry for sheet in record.sheets if sheet.counted}
        called |= {timing.entry for timing in record.timings}
        called |= {status.entry for status in record.statuses}
    counted = [e for e in record.entries if not e.trial and (not e.reserve or e.id in called)]
    return sorted(counted, key=lambda entry: entry.id)


def gravest(outcomes: list[Outcome]) -> Outcome:
    """The one that is named; MISSING is the least of them."""
    return min(outcomes, key=lambda o: GRAVITY.index(o) if o in GRAVITY else len(GRAVITY))


def _statuses(facts: tuple[StatusFact, ...]) -> dict[Place, Outcome]:
    found: dict[Place, list[Outcome]] = defaultdict(list)
    for fact in facts:
        found[fact.entry, fact.module].append(fact.status)
    return {place: gravest(outcomes) for place, outcomes in found.items()}
