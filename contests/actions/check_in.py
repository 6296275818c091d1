"""Check-in (检录): who has come. Being absent is a record of its own, by two persons (`late.py`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contests.actions.common import allowed, moment, who
from contests.chain import instant
from contests.log import writing
from contests.tables import Entry, LogEntry
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor

KIND = "checked_in"
ARRIVALS = ("present", "late", "")
"""Came, came after the time, and taken back."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """status: present or late. seq: place in the record."""

    status: str
    at: str
    seq: int


async def check_in(
    by: Actor, contest: UUID, arrivals: Mapping[UUID, str], *, now: datetime | None = None
) -> int:
    """Records who has come, as one entry of the record; returns its place there. "" takes back."""
    scope = await allowed(by, "contest.run", contest)
    async with transaction(), writing(contest, "ready", "judging", now=moment(now)) as log:
        findings = await _findings(contest, arrivals)
        if findings:
            raise Invalid(findings)
        said = {str(entry): status for entry, status in arrivals.items()}
        line = log.add(KIND, {"entries": said, "by": who(by)})
        await audit.record(by, "check_in", scope=scope, after={"count": len(said)})
    return line.seq


async def undo_check_in(by: Actor, contest: UUID, seq: int, *, now: datetime | None = None) -> int:
    """Takes one check-in back: what was known of these entrants before it counts again, by a new
    entry. Returns how many."""
    lines = await _lines(contest)
    taken = next((said for place, _, said in lines if place == seq), None)
    if taken is None:
        raise NotFound(kind="check-in", id=seq)
    before = _standing([line for line in lines if line[0] < seq])
    later = {entry for place, _, said in lines if place > seq for entry in said}
    back = {
        UUID(entry): before[entry].status if entry in before else ""
        for entry in taken
        if entry not in later
    }
    if back:
        await check_in(by, contest, back, now=now)
    return len(back)


async def arrivals_of(contest: UUID) -> dict[str, Arrival]:
    """Entry -> how and when it came; nobody else."""
    return _standing(await _lines(contest))


def _standing(lines: list[tuple[int, str, dict[str, str]]]) -> dict[str, Arrival]:
    found: dict[str, Arrival] = {}
    for seq, at, said in lines:
        for entry, status in said.items():
            if status:
                found[entry] = Arrival(status, at, seq)
            else:
                found.pop(entry, None)
    return found


async def _lines(contest: UUID) -> list[tuple[int, str, dict[str, str]]]:
    rows = (
        await LogEntry.select(LogEntry.seq, LogEntry.at, LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == KIND)
        .order_by(LogEntry.seq)
    )
    return [(r["seq"], instant(r["at"]), json.loads(r["body"])["entries"]) for r in rows]


async def _findings(contest: UUID, arrivals: Mapping[UUID, str]) -> list[Finding]:
    if not arrivals:
        return [Finding("/entries", "nobody-chosen", {})]
    rows = await Entry.select(Entry.id, Entry.status).where(Entry.contest == contest)
    known = {row["id"]: row["status"] for row in rows}
    findings = []
    for entry, status in arrivals.items():
        if status not in ARRIVALS:
            findings.append(Finding("/status", "arrival-unknown", {"status": status[:40]}))
        if entry not in known or known[entry] == "withdrawn":
            findings.append(Finding("/entries", "entry-unknown", {"entry": str(entry)}))
        elif known[entry] and status:
            params = {"entry": str(entry), "status": known[entry]}
            findings.append(Finding("/entries", "recorded-otherwise", params))
    return findings
