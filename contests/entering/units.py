"""Rows into entries, and each entry against the one on record that it is: what would change. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contests.entering.checked import (
    BACK,
    CHANGED,
    MOST_MEMBERS,
    NEW,
    SAME,
    Change,
    Findings,
    Unit,
)
from contests.entering.known import Known, KnownEntry, KnownMember
from contests.entering.members import Member
from contests.entering.names import folded


def units_of(taken: Sequence[Member], found: Findings) -> list[Unit]:
    teams: dict[Any, list[Member]] = {}
    for member in taken:
        key = (
            (folded(member.team), member.delegation, member.new_delegation)
            if member.team
            else member.line
        )
        teams.setdefault(key, []).append(member)
    for team in teams.values():
        if len(team) > MOST_MEMBERS:
            found.add(
                team[0].line, "team", "people-team-large", count=len(team), limit=MOST_MEMBERS
            )
        for other in team[1:]:
            if other.group and team[0].group and other.group != team[0].group:
                found.add(other.line, "group", "people-team-groups", row=team[0].line)
    return [Unit(NEW, team) for team in teams.values()]


def held_against(unit: Unit, known: Known, found: Findings) -> Unit:
    """Finds the entry on record that the unit is, and what differs."""
    entries = {e.id: e for e in _candidates(unit, known)}
    if len(entries) > 1:
        found.add(unit.first.line, "name", "people-two-entries")
        return unit
    if not entries:
        _number_taken(unit, known, found)
        return unit
    entry = next(iter(entries.values()))
    persons = [_member_of(member, entry, known) for member in unit.members]
    if len(persons) == len(entry.members) == 1 and persons[0] is None:
        only = entry.members[0]
        if folded(only.name) != folded(unit.first.name):
            found.add(unit.first.line, "number", "people-number-other", number=entry.number)
            return unit
        persons = [only.person]
    changes = changes_of(unit, entry, persons)
    kind = BACK if entry.status == "withdrawn" else CHANGED if changes else SAME
    return replace(unit, kind=kind, entry=entry, persons=persons, changes=changes)


def _candidates(unit: Unit, known: Known) -> list[KnownEntry]:
    persons = {known.owners[d] for m in unit.members for d in m.documents if d in known.owners}
    by_person = [e for e in known.entries if persons & {m.person for m in e.members}]
    if by_person:
        return by_person
    if unit.first.number:
        numbered = [e for e in known.entries if e.number == unit.first.number]
        if numbered:
            return numbered
    named = [e for e in known.entries if _same_by_name(unit, e)]
    return named if len(named) == 1 else []


def _same_by_name(unit: Unit, entry: KnownEntry) -> bool:
    """Same delegation and names, and no document on one of the sides to tell them apart."""
    if len(unit.members) != len(entry.members) or unit.first.delegation != entry.delegation:
        return False
    if unit.first.number and entry.number and unit.first.number != entry.number:
        return False
    pairs = zip(unit.members, entry.members, strict=True)
    return all(
        folded(here.name) == folded(there.name) and not (here.documents and there.documents)
        for here, there in pairs
    )


def _member_of(member: Member, entry: KnownEntry, known: Known) -> UUID | None:
    owners = {known.owners[d] for d in member.documents if d in known.owners}
    for one in entry.members:
        if one.person in owners:
            return one.person
    if owners:
        return None
    named = [m for m in entry.members if folded(m.name) == folded(member.name)]
    return named[0].person if len(named) == 1 else None


def _number_taken(unit: Unit, known: Known, found: Findings) -> None:
    for member in unit.members:
        owners = {known.owners[d] for d in member.documents if d in known.owners}
        if len(owners) > 1:
            found.add(member.line, "document_number", "people-documents-two-persons")


def changes_of(unit: Unit, entry: KnownEntry, persons: Sequence[UUID | None]) -> list[Change]:
    first, given = unit.first, unit.first.given
    changes: list[Change] = []

    def note(line: int, code: str, old: Any, new: Any) -> None:
        if old != new:
            changes.append(Change(line, code, old, new))

    if "number" in given and first.number:
        note(first.line, "number", entry.number, first.number)
    if "group" in given:
        note(first.line, "group", entry.group, first.group)
    if "delegation" in given and (first.delegation or first.new_delegation or not entry.delegation):
        old = str(entry.delegation) if entry.delegation else ""
        note(first.line, "delegation", old, first.new_delegation or str(first.delegation or ""))
    if "reserve" in given:
        note(first.line, "reserve", entry.reserve, first.reserve)
    if first.team and len(unit.members) > 1:
        note(first.line, "team", entry.team.get("zh-Hans", ""), first.team)
    known = {member.person: member for member in entry.members}
    for member, person in zip(unit.members, persons, strict=True):
        if person is None:
            note(member.line, "member", "", member.name)
        else:
            _member_changes(member, known[person], note)
    gone = [m.name for m in entry.members if m.person not in persons]
    for name in gone:
        note(first.line, "member", name, "")
    return changes


def _member_changes(
    member: Member, record: KnownMember, note: Callable[[int, str, Any, Any], None]
) -> None:
    note(member.line, "name", record.name, member.name)
    for code in sorted(member.given & {*member.facts, *record.facts} | {*member.facts}):
        if code in record.facts or code in member.facts:
            old, new = record.facts.get(code, ""), member.facts.get(code, "")
            if new or code in member.given:
                note(member.line, code, old, new)
    new_documents = [d for d in member.documents if d not in record.documents]
    for kind, _ in new_documents:
        had = any(k == kind for k, _ in record.documents)
        note(member.line, "document_number", f"{kind}:old" if had else "", f"{kind}:new")
