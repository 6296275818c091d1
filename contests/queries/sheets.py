"""Who has signed what, and what was kept apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.conditions import unmet_marking
from contests.identity.sealing import codes_of
from contests.log import read
from contests.owed import by_duty
from contests.remembered import replayed
from contests.replay import Replayed, replay
from contests.replay.seats import earlier, policies_of, voided
from contests.tables import Quarantine, SheetRow
from core.scoring.model import Finding


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
    out = voided(known.appointments, policies_of(known.left))
    cells = [
        _cell(row, seats, with_marks=with_marks)
        for row in rows.values()
        if str(row["judge"]) not in out
    ]
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


async def sheet_counts(contest: UUID) -> tuple[int, int]:
    """(signed, owed) of `sheet_grid`, without the sheets."""
    known = await replayed(contest)
    out = voided(known.appointments, policies_of(known.left))
    rows = await SheetRow.select(
        SheetRow.module, SheetRow.code, SheetRow.judge, SheetRow.attempt, SheetRow.round
    ).where(SheetRow.contest == contest)
    counted = [row for row in rows if str(row["judge"]) not in out]
    seats = {facts.id: facts.seat for facts in known.appointments.values()}
    stored = {(r["module"], r["code"], seats.get(str(r["judge"]), "")) for r in counted}
    first = sum(row["round"] == 1 and row["attempt"] == 1 for row in counted)
    return first, first + sum(slot not in stored for slot in _owed(known))


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
    out = voided(known.appointments, policies_of(known.left))
    given = {
        (s.sheet.module, s.sheet.entry, s.sheet.judge)
        for s in known.sheets
        if s.sheet.judge not in out
    }
    before = {judge.id: earlier(judge.id, known.appointments) for judge in active}
    owed = []
    for module in known.frozen.scheme.modules:
        alone, agreeing = by_duty(module, active)
        for code in known.codes.get(module.id, ()):
            owed += [
                (module.id, code, judge.seat)
                for judge in alone
                if not any((module.id, code, one) in given for one in before[judge.id])
            ]
            for judges in agreeing.values():
                gave = [judge for judge in judges if (module.id, code, judge.id) in given]
                owed += [(module.id, code, judge.seat) for judge in gave or judges[:1]]
    return owed


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
