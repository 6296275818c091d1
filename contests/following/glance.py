"""A contest at one glance: four figures for whoever carries the responsibility. Counts only: no mark,
no place, no name, no code leaves this module."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from contests.actions.check_in import arrivals_of
from contests.actions.common import competition_row, contest_row
from contests.following.pace import LATEST, expected_end
from contests.identity.sealing import codes_of
from contests.judging.control.schemas import Cell, Control
from contests.judging.control.snapshot import control_of
from contests.tables import Appeal, Approval, Entry, SheetRow
from core.scoring.model import Text

_DONE = frozenset({"", "stored", "excused"})


@dataclass(frozen=True, slots=True)
class Glance:
    """present: None while nobody has used the check-in. judged: entrants whose sheets are all in.
    expected: when the last sheet may be in; None = unknown. incidents: (kind, how many)."""

    title: Text
    competition: Text
    demonstration: bool
    state: str
    ended: bool
    registered: int
    present: int | None
    judged: int
    expected: datetime | None
    reckoned_from: int
    notice_until: datetime | None
    incidents: Sequence[tuple[str, int]]
    at: datetime

    @property
    def judged_of(self) -> int:
        return self.registered if self.present is None else self.present

    @property
    def open_incidents(self) -> int:
        return sum(count for _, count in self.incidents)


async def glance(contest: UUID, *, now: datetime | None = None) -> Glance:
    """Raises NotFound."""
    at = now or datetime.now(UTC)
    row = await contest_row(contest)
    held = await competition_row(row["competition"])
    control = await control_of(contest)
    competing = await _competing(contest)
    arrivals = await arrivals_of(contest)
    judged, left = await _progress(contest, control, competing)
    came = {entry for entry in competing if entry in arrivals or entry in judged}
    times = await _times(contest)
    published = row["state"] in ("published", "final")
    return Glance(
        title=json.loads(row["title"]),
        competition=json.loads(held["title"]),
        demonstration=held["demonstration"],
        state=row["state"],
        ended=row["judging_ended_at"] is not None,
        registered=len(competing),
        present=sum(not competing[entry] for entry in came) if arrivals else None,
        judged=len(judged),
        expected=expected_end(times, left, at)
        if row["state"] == "judging" and row["judging_ended_at"] is None
        else None,
        reckoned_from=len(times),
        notice_until=row["notice_until"] if published else None,
        incidents=await _incidents(contest, control),
        at=at,
    )


async def _competing(contest: UUID) -> dict[str, str]:
    """Entry -> its status; without reserves, trials and the withdrawn."""
    rows = await Entry.select(Entry.id, Entry.status).where(
        Entry.contest == contest,
        Entry.status != "withdrawn",
        Entry.reserve == False,  # noqa: E712 - a column
        Entry.trial == False,  # noqa: E712
    )
    return {str(row["id"]): row["status"] for row in rows}


async def _progress(
    contest: UUID, control: Control, competing: Mapping[str, str]
) -> tuple[set[str], int]:
    """Entries of which at least one sheet is there and none is missing, in every module; and how
    many sheets are missing of those who compete."""
    whose = await codes_of(contest)
    begun: set[str] = set()
    late: set[str] = set()
    left = 0
    for module in control.modules:
        for work in module.works:
            entry = whose.get(module.id, {}).get(work.code, "")
            if competing.get(entry) != "":
                continue
            missing = sum(map(_missing, work.cells))
            left += missing
            if missing:
                late.add(entry)
            elif any(cell.state in ("stored", "panel") for cell in work.cells):
                begun.add(entry)
    return begun - late, left


def _missing(cell: Cell) -> int:
    if cell.state == "panel":
        return max(cell.of - cell.stored, 0)
    return int(cell.state not in _DONE)


async def _times(contest: UUID) -> list[datetime]:
    rows = (
        await SheetRow.select(SheetRow.stored_at)
        .where(SheetRow.contest == contest, SheetRow.round == 1)
        .order_by(SheetRow.stored_at, ascending=False)
        .limit(LATEST)
    )
    return [row["stored_at"] for row in rows]


async def _incidents(contest: UUID, control: Control) -> list[tuple[str, int]]:
    """What somebody still has to settle; kinds in `words.py`."""
    counts = [
        ("conflict", control.conflicts),
        ("kept", control.quarantine),
        ("again", len(control.again)),
        ("gap", len(control.gaps)),
        (
            "appeal",
            await Appeal.count().where(Appeal.contest == contest, Appeal.ruled_at.is_null()),
        ),
        (
            "approval",
            await Approval.count().where(
                Approval.contest == contest, Approval.decided_at.is_null()
            ),
        ),
    ]
    return [(kind, count) for kind, count in counts if count]
