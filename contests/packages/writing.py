"""From values to a package's files; what is empty is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contests.packages.archive import with_sums
from contests.packages.csv_tables import NO_DEFECTS, defects_text, write_table
from contests.packages.format import (
    CONTEST,
    ENTRANTS,
    IDENTITIES,
    JUDGES,
    LOG,
    MARKS,
    PENALTIES,
    PLACES,
    RESULTS,
    RULES,
    RULINGS,
    SCHEME,
    STATUSES,
    TIMINGS,
    VACANT,
    VOTES,
    Package,
)
from core.scoring.codec import canonical
from core.scoring.model import EntryFacts, Mark, Outcome, Record, Sheet
from core.scoring.numbers import milli_text

Rows = list[dict[str, str]]


def files_of(package: Package) -> dict[str, bytes]:
    """Every file by name, with SHA256SUMS."""
    contents = {
        CONTEST: canonical(package.contest) + b"\n",
        SCHEME: canonical(package.scheme) + b"\n",
        RULES: canonical(package.rules) + b"\n",
        ENTRANTS: write_table(ENTRANTS, _entrants(package.record.entries)),
    }
    tables = _tables(package)
    contents |= {name: write_table(name, rows) for name, rows in tables.items() if rows}
    if package.log:
        contents[LOG] = b"".join(canonical(line) + b"\n" for line in package.log)
    if package.results:
        contents[RESULTS] = canonical(package.results) + b"\n"
    return with_sums(contents)


def _tables(package: Package) -> Mapping[str, Rows]:
    record = package.record
    return {
        JUDGES: [
            {
                "judge": j.judge,
                "seat": j.seat,
                "role": j.role,
                "panel": j.panel,
                "group": j.group,
                "modules": ";".join(j.modules),
            }
            for j in package.judges
        ],
        MARKS: [row for sheet in record.sheets for row in _marks(sheet)],
        **_happenings(record),
        IDENTITIES: [
            {"entry": m.entry, "position": str(m.position), "name": m.name} for m in package.members
        ],
    }


def _happenings(record: Record) -> Mapping[str, Rows]:
    return {
        PENALTIES: [
            {
                "id": p.id,
                "entry": p.entry,
                "scope": p.scope,
                "module": p.module,
                "points": milli_text(p.points) if p.points else "",
                "reason": p.reason,
            }
            for p in record.penalties
        ],
        TIMINGS: [
            {
                "entry": t.entry,
                "module": t.module,
                "attempt": str(t.attempt),
                "gross": str(t.gross),
                "compensation": str(t.compensation),
            }
            for t in record.timings
        ],
        STATUSES: [
            {"entry": s.entry, "module": s.module, "status": str(s.status)} for s in record.statuses
        ],
        RULINGS: [
            {"entry": r.entry, "module": r.module, "attempt": str(r.attempt)}
            for r in record.rulings
        ],
        PLACES: [{"entries": ";".join(p.entries), "reason": p.reason} for p in record.places],
        VOTES: [
            {"panel": panel, "entry": entry, "votes": str(number)}
            for panel, counts in record.votes.items()
            for entry, number in counts.items()
        ],
        VACANT: [
            {
                "judges": ";".join(seat.judges),
                "module": seat.module,
                "aspects": ";".join(seat.aspects),
            }
            for seat in record.vacant
        ],
    }


def _entrants(entries: Iterable[EntryFacts]) -> Rows:
    return [
        {
            "entry": e.id,
            "group": e.group,
            "delegation": e.delegation,
            "trial": "true" if e.trial else "",
            "reserve": "true" if e.reserve else "",
        }
        for e in entries
    ]


def _marks(sheet: Sheet) -> Rows:
    return [
        {
            "entry": sheet.entry,
            "module": sheet.module,
            "aspect": aspect,
            "judge": sheet.judge,
            "panel": sheet.panel,
            "attempt": str(sheet.attempt),
            "round": str(sheet.round),
            "value": "" if mark.value is None else milli_text(mark.value),
            "raw": mark.raw or "",
            "outcome": "" if mark.outcome is Outcome.SCORED else str(mark.outcome),
            "defects": _defects(mark),
            "note": mark.note,
            "source": mark.source,
            "set_aside": "" if sheet.counted else sheet.reason or "set aside",
        }
        for aspect, mark in sheet.marks.items()
    ]


def _defects(mark: Mark) -> str:
    """A full deduction aspect has no defect, which is not the same as no mark."""
    if mark.defects:
        return defects_text(mark.defects)
    scored = mark.outcome is Outcome.SCORED
    return NO_DEFECTS if scored and mark.value is None and mark.raw is None else ""
