"""What a check says: rows with their findings, what each entry would become, and what was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.entering.draft import Line
from contests.entering.known import KnownEntry
from contests.entering.members import Member
from core.partner import Clause
from core.scoring.model import Finding

NEW, CHANGED, SAME, BACK = "new", "changed", "same", "back"
MOST_MEMBERS = 20


@dataclass(frozen=True, slots=True)
class Change:
    """field: code of the field. old and new as they are stored."""

    line: int
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Unit:
    """What one entry would become. kind: new, changed, same, or back (it was withdrawn).
    persons: of the members, None for one who is not in the entry yet."""

    kind: str
    members: Sequence[Member]
    entry: KnownEntry | None = None
    persons: Sequence[UUID | None] = ()
    changes: Sequence[Change] = ()

    @property
    def lines(self) -> list[int]:
        return [member.line for member in self.members]

    @property
    def first(self) -> Member:
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with all that is known about it. clauses: rules of eligibility that apply."""

    line: Line
    findings: Sequence[Finding]
    kind: str = ""
    changes: Sequence[Change] = ()
    clauses: Sequence[Clause] = ()

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if not f.is_warning]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if f.is_warning]


@dataclass(frozen=True, slots=True)
class Checked:
    """units: of rows that are taken in, errors included; `good` are those without any. missing:
    entries on record that the table does not name."""

    rows: Sequence[Row]
    units: Sequence[Unit] = ()
    missing: Sequence[KnownEntry] = ()

    @property
    def wrong(self) -> set[int]:
        return {row.line.number for row in self.rows if row.errors and not row.line.left_out}

    @property
    def good(self) -> list[Unit]:
        wrong = self.wrong
        return [unit for unit in self.units if wrong.isdisjoint(unit.lines)]

    @property
    def spoken_against(self) -> set[int]:
        """Rows of good units that a clause speaks against."""
        good = {number for unit in self.good for number in unit.lines}
        return {
            row.line.number
            for row in self.rows
            if row.line.number in good and any(c.verdict == "not_met" for c in row.clauses)
        }

    def count(self, kind: str) -> int:
        return sum(unit.kind == kind for unit in self.good)


@dataclass(slots=True)
class Findings:
    by_line: dict[int, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: int, pointer: str, code: str, **params: object) -> None:
        self.by_line[line].append(Finding(pointer, code, {k: str(v) for k, v in params.items()}))
