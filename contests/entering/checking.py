"""A table of entrants against itself and against what is on record: what would be entered, what
changed, who is missing, and everything that is wrong. Pure; nothing is written.

Rows with the same team name and delegation are one entry, in the order of the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contests.entering.checked import BACK, CHANGED, NEW, SAME, Checked, Findings, Row, Unit
from contests.entering.draft import Draft, Line
from contests.entering.known import Document, Known, KnownEntry
from contests.entering.likenesses import (
    alike_by_sound,
    likenesses,
    same_entry_twice,
    same_number,
    twice_in_table,
)
from contests.entering.members import Member, read_member
from contests.entering.units import changes_of, held_against, units_of
from core.partner import Clause, EntrantFacts
from core.scoring.model import Finding


def check_entrants(draft: Draft, known: Known) -> Checked:
    """All rows with all findings at once."""
    lines = draft.lines()
    members = {
        line.number: read_member(line, known, add_delegations=draft.add_delegations)
        for line in lines
    }
    taken = [members[line.number] for line in lines if not line.left_out]
    found = Findings()
    for member in taken:
        found.by_line[member.line] += member.findings
    units = [held_against(unit, known, found) for unit in units_of(taken, found)]
    twice_in_table(taken, found)
    alike_by_sound(taken, found)
    same_entry_twice(units, found)
    likenesses(units, known, found)
    return Checked(_rows(lines, units, members, known, found), units, _missing(units, known))


def check_entry(
    draft: Draft, known: Known, entry: KnownEntry | None, persons: Sequence[UUID | None] = ()
) -> Checked:
    """One entry out of a form, each member a line: a new one, or what `entry` is to become. persons:
    whom the lines are on record, None for a member who joins."""
    lines = draft.lines()
    members = {line.number: read_member(line, known, add_delegations=False) for line in lines}
    taken = [members[line.number] for line in lines if not line.left_out]
    found = Findings()
    for member in taken:
        found.by_line[member.line] += member.findings
        own = {m.person for m in entry.members} if entry else set()
        for owner in {known.owners[d] for d in member.documents if d in known.owners} - own:
            entered = any(owner == m.person for e in known.entries for m in e.members)
            if entered or entry is not None:
                code = "people-entered-already" if entered else "people-document-other"
                found.add(member.line, "document_number", code)
    unit = Unit(NEW, taken)
    if entry is not None:
        changes = changes_of(unit, entry, persons)
        kind = BACK if entry.status == "withdrawn" else CHANGED if changes else SAME
        unit = Unit(kind, taken, entry, persons, changes)
    same_number(unit, known, found)
    twice_in_table(taken, found)
    alike_by_sound(taken, found)
    others = replace(known, entries=[e for e in known.entries if entry is None or e.id != entry.id])
    likenesses([unit], others, found)
    return Checked(_rows(lines, [unit], members, known, found), [unit])


def eligibility(facts: Mapping[str, Any], documents: Sequence[Document], group: str,
                delegation: UUID | None, known: Known) -> list[Clause]:  # fmt: skip
    """Every clause of the authorities that recognise the competition, held against one person."""
    entrant = EntrantFacts(
        contest_class=known.contest_class,
        occupation=known.occupation,
        held_on=known.held_on,
        group=group,
        delegation_city=known.delegation_cities.get(delegation, "") if delegation else "",
        birth_date=str(facts.get("birth_date", "")),
        held_level=str(facts.get("held_level", "")),
        titles=tuple(facts.get("titles", ())),
        documents=tuple(kind for kind, _ in documents),
        employer=str(facts.get("employer", "")),
    )
    return [clause for rules in known.authorities for clause in rules.eligibility(entrant)]


def _missing(units: Sequence[Unit], known: Known) -> list[KnownEntry]:
    named = {unit.entry.id for unit in units if unit.entry}
    return [e for e in known.entries if e.id not in named and e.status != "withdrawn"]


def _rows(
    lines: Sequence[Line],
    units: Sequence[Unit],
    members: Mapping[int, Member],
    known: Known,
    found: Findings,
) -> list[Row]:
    unit_of = {number: unit for unit in units for number in unit.lines}
    rows = []
    for line in lines:
        unit, member = unit_of.get(line.number), members[line.number]
        if unit is None:
            rows.append(Row(line, ()))
            continue
        clauses = eligibility(
            member.facts, member.documents, unit.first.group, unit.first.delegation, known
        )
        findings = list(found.by_line[line.number])
        if line.hidden:
            findings.append(Finding("", "people-row-hidden-warning", {}))
        changes = [change for change in unit.changes if change.line == line.number]
        rows.append(Row(line, findings, unit.kind, changes, clauses))
    return rows
