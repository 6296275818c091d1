"""Errata of published results: which places and prizes a correction changed, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contests.actions.correcting import CORRECTED
from contests.board.published import Board, Line, lines_of
from contests.chain import moment_of
from contests.log import read
from contests.replay import replay


@dataclass(frozen=True, slots=True)
class Changed:
    """One entry whose place or prize is another one; who: as on the board."""

    who: str
    before: Line
    after: Line


@dataclass(frozen=True, slots=True)
class Erratum:
    """Of one result version; points that changed without a place or a prize are not listed."""

    version: int
    at: datetime
    changed: Sequence[Changed]


async def errata_of(board: Board) -> list[Erratum]:
    """What was corrected after the results were published, the newest first."""
    if not board.published or not board.corrected:
        return []
    corrected = await _corrected(board.contest)
    return [await _erratum(board.contest, number, at) for number, at in reversed(corrected)]


async def _corrected(contest: UUID) -> list[tuple[int, datetime]]:
    """Versions that replaced a published one, with the instant of each."""
    lines = await read(contest)
    published = next((line.seq for line in lines if line.kind == "published"), None)
    closed = [line for line in lines if line.kind == "contest_closed"]
    versions = zip(replay(lines).versions, closed, strict=True)
    return [
        (version.number, moment_of(line.at))
        for version, line in versions
        if version.reason == CORRECTED and published is not None and line.seq > published
    ]


async def _erratum(contest: UUID, number: int, at: datetime) -> Erratum:
    before, after = await lines_of(contest, number - 1), await lines_of(contest, number)
    return Erratum(
        number,
        at,
        [
            Changed(line.who, before[entry], line)
            for entry, line in after.items()
            if entry in before and _said(before[entry]) != _said(line)
        ],
    )


def _said(line: Line) -> tuple[object, ...]:
    return line.rank, line.shared, line.prizes
