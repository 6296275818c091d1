"""What the record of a contest said at a moment: the log up to then and the results that stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contests.breakdown import total_text
from contests.chain import LogLine, moment_of
from contests.log import read
from contests.outcome import prizes_of
from contests.queries.results import StandingsView, standings
from contests.replay import Replayed, replay
from core.errors import NotFound
from core.security import Actor

STEPS = ("contest_closed", "signed", "published", "finalised", "correction")
"""Kinds of log entries that say how far the results were."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One place as it stood. who: names, where the reader may know them. prizes: codes."""

    entry: str
    group: str
    rank: int | None
    total: str
    prizes: tuple[str, ...]
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Believed:
    """lines: so many log entries; head: hash of the last one. version: of the results, 0 before there were
    any. steps: (kind, instant) of what had been done with them, in order."""

    at: datetime
    lines: int
    head: str
    version: int
    steps: Sequence[tuple[str, str]]
    places: Sequence[Stood]


async def believed(contest: UUID, at: datetime, *, by: Actor | None = None) -> Believed:
    """Raises NotFound for a moment before the contest's first entry."""
    lines = [line for line in await read(contest) if moment_of(line.at) <= at]
    if not lines:
        raise NotFound(kind="record of the contest then", id=contest)
    known = replay(lines)
    version = len(known.versions)
    view = await standings(contest, version=version, by=by) if version else None
    return Believed(
        at, len(lines), lines[-1].hash, version, _steps(lines), _places(view, known) if view else ()
    )


def _steps(lines: Sequence[LogLine]) -> list[tuple[str, str]]:
    return [(line.kind, line.at) for line in lines if line.kind in STEPS]


def _places(view: StandingsView, known: Replayed) -> list[Stood]:
    """Prizes as they had been confirmed by then."""
    prizes = prizes_of(view.results, known, view.version)
    return [
        Stood(
            one.entry,
            one.group,
            one.rank,
            total_text(one.total, view.rules),
            tuple(prize for _, prize in prizes.get(one.entry, ())),
            tuple((view.names or {}).get(one.entry, ())),
        )
        for one in view.results.standings
    ]
