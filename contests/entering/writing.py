"""Carries out what was checked: enters, changes, re-admits; and takes all of it back. Inside the
caller's transaction and gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from contests.actions.common import json_text
from contests.entering.checked import BACK, NEW, SAME, Unit
from contests.entering.known import Document, KnownEntry
from contests.entering.members import Member
from contests.entering.names import folded
from contests.identity.sealing import reseal_members, seal_entries
from contests.tables import Delegation, Entry
from core.privacy import (
    NewPerson,
    change_person,
    create_persons,
    documents_of,
    facts_of,
    names_of,
)

_INSERTED = 500
ENTRY_FIELDS = frozenset({"number", "group", "delegation", "reserve", "team", "member"})
"""Changes of these touch the entry itself, which the record names once the contest is ready."""

Outcome = dict[str, Any]
"""made: ids. changed: before and after of each. delegations: ids that were added. persons: all."""


async def write_units(
    contest: UUID, competition: UUID, units: Sequence[Unit], *, now: datetime
) -> Outcome:
    """Everything of all units. Raises TwoPersons."""
    delegations = await _add_delegations(competition, units)
    fresh = [unit for unit in units if unit.kind == NEW]
    persons = await create_persons([_person(m) for unit in fresh for m in unit.members])
    made = await _enter(contest, fresh, persons, delegations, now=now)
    changed, touched = [], list(persons)
    for unit in units:
        if unit.kind not in (NEW, SAME):
            before, own = await _change(contest, unit, delegations, now=now)
            changed.append(before)
            touched += own
    return {
        "made": [str(entry) for entry in made],
        "changed": changed,
        "delegations": [str(delegation) for delegation in delegations.values()],
        "persons": [str(person) for person in dict.fromkeys(touched)],
    }


async def take_back(contest: UUID, outcome: Outcome, *, now: datetime) -> None:
    """What was entered is withdrawn; what was changed is as it was, unless it was changed again."""
    made = [UUID(entry) for entry in outcome["made"]]
    for start in range(0, len(made), _INSERTED):
        await Entry.update({Entry.status: "withdrawn"}).where(
            Entry.contest == contest, Entry.id.is_in(made[start : start + _INSERTED])
        )
    for before in outcome["changed"]:
        await _restore(contest, before, now=now)
    for delegation in outcome["delegations"]:
        if not await Entry.exists().where(
            Entry.delegation == UUID(delegation), Entry.status != "withdrawn"
        ):
            await Delegation.delete().where(Delegation.id == UUID(delegation))


async def _add_delegations(competition: UUID, units: Sequence[Unit]) -> dict[str, UUID]:
    """Folded name -> id of each delegation that nobody knew."""
    wanted = {
        folded(unit.first.new_delegation): unit.first.new_delegation
        for unit in units
        if unit.first.new_delegation
    }
    found = {}
    for key, title in wanted.items():
        id_ = uuid5(competition, f"delegation|{key}")
        row = Delegation(
            id=id_, competition=competition, code=key[:40], title=json_text({"zh-Hans": title})
        )
        await Delegation.insert(row).on_conflict(action="DO NOTHING")
        found[key] = id_
    return found


def _person(member: Member) -> NewPerson:
    return NewPerson(member.name, dict(member.facts), list(member.documents))


async def _enter(
    contest: UUID,
    units: Sequence[Unit],
    persons: Sequence[UUID],
    delegations: Mapping[str, UUID],
    *,
    now: datetime,
) -> list[UUID]:
    left = iter(persons)
    rows, sealed = [], []
    for place, unit in enumerate(units):
        entry = uuid4()
        rows.append(
            Entry(
                id=entry,
                contest=contest,
                number=unit.first.number,
                group_code=unit.first.group,
                delegation=_delegation(unit, delegations),
                members=len(unit.members),
                reserve=unit.first.reserve,
                # A microsecond each keeps the order of the table.
                created_at=now + timedelta(microseconds=place),
            )
        )
        sealed.append((entry, [next(left) for _ in unit.members], _team(unit)))
    for start in range(0, len(rows), _INSERTED):
        await Entry.insert(*rows[start : start + _INSERTED])
    await seal_entries(contest, sealed, now=now)
    return [row.id for row in rows]


async def _change(
    contest: UUID, unit: Unit, delegations: Mapping[str, UUID], *, now: datetime
) -> tuple[dict[str, Any], list[UUID]]:
    entry = unit.entry
    if entry is None:
        raise RuntimeError("a changed unit without its entry")
    fields = {change.field for change in unit.changes}
    persons = [
        person if person is not None else (await create_persons([_person(member)]))[0]
        for person, member in zip(unit.persons, unit.members, strict=True)
    ]
    before = await _before(entry, unit, persons)
    for person, member in zip(unit.persons, unit.members, strict=True):
        if person is not None:
            await _change_member(person, member, entry)
    await _change_entry(entry, unit, fields, _delegation(unit, delegations))
    if "member" in fields or "team" in fields:
        await reseal_members(contest, entry.id, persons, team=_team(unit) or entry.team, now=now)
        await Entry.update({Entry.members: len(persons)}).where(Entry.id == entry.id)
    return before, persons


async def _before(entry: KnownEntry, unit: Unit, persons: Sequence[UUID]) -> dict[str, Any]:
    """What stood there, for taking it back."""
    held = {member.person: member for member in entry.members}
    return {
        "entry": str(entry.id),
        "fields": sorted({change.field for change in unit.changes}),
        "was": {
            "number": entry.number,
            "group_code": entry.group,
            "delegation": str(entry.delegation or ""),
            "reserve": entry.reserve,
            "status": entry.status,
            "members": [str(member.person) for member in entry.members],
            "team": dict(entry.team),
        },
        "persons": [
            {
                "person": str(person),
                "name": [held[person].name, member.name],
                "facts": {
                    code: [held[person].facts.get(code, ""), value]
                    for code, value in _changed_facts(member, held[person].facts).items()
                },
                "documents": [list(document) for document in held[person].documents],
                "new_documents": [list(d) for d in _documents(member, held[person].documents)],
            }
            for person, member in zip(unit.persons, unit.members, strict=True)
            if person is not None
        ],
    }


async def _change_member(person: UUID, member: Member, entry: KnownEntry) -> None:
    held = next(m for m in entry.members if m.person == person)
    facts = _changed_facts(member, held.facts)
    documents = _documents(member, held.documents)
    renamed = member.name if member.name != held.name else None
    if facts or renamed or set(documents) != set(held.documents):
        changed = documents if set(documents) != set(held.documents) else None
        await change_person(person, name=renamed, facts=facts or None, documents=changed)


def _changed_facts(member: Member, held: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of the table that differ; an empty cell of a column that is there empties the fact."""
    given = {code: member.facts.get(code, "") for code in member.given & {*held, *member.facts}}
    given |= member.facts
    return {code: value for code, value in given.items() if held.get(code, "") != value}


def _documents(member: Member, held: Sequence[Document]) -> list[Document]:
    """What is named replaces the document of the same kind; others stay."""
    kinds = {kind for kind, _ in member.documents}
    return [*(d for d in held if d[0] not in kinds), *member.documents]


async def _change_entry(
    entry: KnownEntry, unit: Unit, fields: set[str], delegation: UUID | None
) -> None:
    values: dict[Any, Any] = {}
    if "number" in fields:
        values[Entry.number] = unit.first.number
    if "group" in fields:
        values[Entry.group_code] = unit.first.group
    if "delegation" in fields:
        values[Entry.delegation] = delegation
    if "reserve" in fields:
        values[Entry.reserve] = unit.first.reserve
    if unit.kind == BACK:
        values[Entry.status] = ""
    if values:
        await Entry.update(values).where(Entry.id == entry.id)


async def _restore(contest: UUID, before: Mapping[str, Any], *, now: datetime) -> None:
    entry, was, fields = UUID(before["entry"]), before["was"], before["fields"]
    values: dict[Any, Any] = {Entry.status: was["status"]}
    if "number" in fields:
        values[Entry.number] = was["number"]
    if "group" in fields:
        values[Entry.group_code] = was["group_code"]
    if "delegation" in fields:
        values[Entry.delegation] = UUID(was["delegation"]) if was["delegation"] else None
    if "reserve" in fields:
        values[Entry.reserve] = was["reserve"]
    if "member" in fields or "team" in fields:
        members = [UUID(person) for person in was["members"]]
        values[Entry.members] = len(members)
        await reseal_members(contest, entry, members, team=was["team"], now=now)
    await Entry.update(values).where(Entry.id == entry)
    for one in before["persons"]:
        await _restore_person(one)


async def _restore_person(one: Mapping[str, Any]) -> None:
    person = UUID(one["person"])
    names, facts = await names_of([person]), await facts_of([person])
    if not names.get(person):
        return  # erased meanwhile
    old, new = one["name"]
    name = old if old != new and names[person] == new else None
    back = {c: o for c, (o, n) in one["facts"].items() if facts[person].get(c, "") == n}
    written = sorted(map(tuple, one["new_documents"]))
    unchanged = sorted(await documents_of(person)) == written
    documents = [(k, n) for k, n in one["documents"]] if unchanged else None
    await change_person(person, name=name, facts=back or None, documents=documents)


def _delegation(unit: Unit, added: Mapping[str, UUID]) -> UUID | None:
    if unit.first.new_delegation:
        return added[folded(unit.first.new_delegation)]
    return unit.first.delegation


def _team(unit: Unit) -> dict[str, str]:
    return {"zh-Hans": unit.first.team} if unit.first.team and len(unit.members) > 1 else {}
