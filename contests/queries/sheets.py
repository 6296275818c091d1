"""Who has signed what, and what was kept apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.conditions import unmet_marking
from contests.duties import duties
from contests.identity.sealing import codes_of
from contests.log import read
from contests.replay import AppointedFacts, Replayed, replay
from contests.tables import Quarantine, SheetRow
from core.scoring.model import (
    Finding,
    Module,
)


@dataclass(frozen=True, slots=True)
class GridCell:
    """state: accepted, not_countable, conflict, or missing."""

    sheet: str
    module: str
    code: str
    seat: str
    state: str
    seq: int
    attempt: int = 1
    round: int = 1
    marks: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Works by judges. owed counts first-round sheets."""

    owed: int
    signed: int
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class QuarantineView:
    id: str
    reason: str
    received_at: datetime
    account: str
    size: int
    resolved: bool


async def sheet_grid(contest: UUID, *, with_marks: bool = False) -> Grid:
    """Every owed sheet and what became of it."""
    known = replay(await read(contest))
    rows = {row["id"]: row for row in await SheetRow.select().where(SheetRow.contest == contest)}
    seats = {facts.id: facts.seat for facts in known.appointments.values()}
    cells = [_cell(row, seats, with_marks=with_marks) for row in rows.values()]
    stored = {(c.module, c.code, c.seat) for c in cells}
    missing = [
        GridCell("", module, code, seat, "missing", 0)
        for module, code, seat in _owed(known)
        if (module, code, seat) not in stored
    ]
    first = [cell for cell in cells if cell.round == 1 and cell.attempt == 1]
    everything = sorted(
        [*cells, *missing], key=lambda c: (c.module, c.code, c.seat, c.attempt, c.round)
    )
    return Grid(len(first) + len(missing), len(first), everything)


async def quarantined(contest: UUID) -> list[QuarantineView]:
    """Bytes that were kept apart, newest first."""
    rows = (
        await Quarantine.select()
        .where(Quarantine.contest == contest)
        .order_by(Quarantine.received_at, ascending=False)
    )
    return [
        QuarantineView(
            str(row["id"]),
            row["reason"],
            row["received_at"],
            str(row["account"] or ""),
            len(row["payload"]),
            row["resolved_at"] is not None,
        )
        for row in rows
    ]


async def missing_sheets(contest: UUID) -> list[Finding]:
    """What still has to be marked, by code and seat."""
    return unmet_marking(replay(await read(contest)), await codes_of(contest))


def _owed(known: Replayed) -> list[tuple[str, str, str]]:
    """First-round sheets by module, code and seat; a value that the group agrees on is owed by
    whoever gave it, else by the group's first judge."""
    if known.frozen is None:
        return []
    active = [a for a in known.appointments.values() if a.id not in known.ended]
    given = {(s.sheet.module, s.sheet.entry, s.sheet.judge) for s in known.sheets}
    owed = []
    for module in known.frozen.scheme.modules:
        alone, agreeing = _by_duty(module, active)
        for code in known.codes.get(module.id, ()):
            owed += [(module.id, code, judge.seat) for judge in alone]
            for judges in agreeing.values():
                gave = [judge for judge in judges if (module.id, code, judge.id) in given]
                owed += [(module.id, code, judge.seat) for judge in gave or judges[:1]]
    return owed


def _by_duty(
    module: Module, active: Sequence[AppointedFacts]
) -> tuple[list[AppointedFacts], dict[tuple[str, str], list[AppointedFacts]]]:
    """Judges who each owe a sheet, and by (panel, group) those who agree on one."""
    alone: list[AppointedFacts] = []
    agreeing: dict[tuple[str, str], list[AppointedFacts]] = {}
    for judge in active:
        aspects = duties(module, judge)
        if any(aspect.judges > 1 for aspect in aspects):
            alone.append(judge)
        elif aspects:
            agreeing.setdefault((judge.panel, judge.group), []).append(judge)
    return alone, agreeing


def _cell(row: Mapping[str, Any], seats: Mapping[str, str], *, with_marks: bool) -> GridCell:
    return GridCell(
        sheet=str(row["id"]),
        module=row["module"],
        code=row["code"],
        seat=seats.get(str(row["judge"]), ""),
        state=row["state"],
        seq=row["seq"],
        attempt=row["attempt"],
        round=row["round"],
        marks=json.loads(row["marks"]) if with_marks else None,
    )
