"""What a person's record already says, added to a result's facts before partner rules are asked.

What the same entry's own proposals led to is left out: a rule asked again after a correction must
answer as if nothing had been granted from it yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core.events import ResultFacts
from core.privacy import facts_of
from core.same_person import records_of_all
from core.skill_levels import LEVELS, ORDINALS
from core.tables import PersonDocument
from credentials.records.tables import HeldLevel, Honour, Proposal


@dataclass(frozen=True, slots=True)
class _Records:
    """What is on record of some persons. own: entry -> its proposals."""

    own: Mapping[str, set[UUID]]
    levels: Sequence[Mapping[str, Any]]
    honours: Sequence[Mapping[str, Any]]
    employed: frozenset[UUID]
    documents: Mapping[UUID, set[str]]


async def with_record(facts: ResultFacts) -> ResultFacts:
    """`held_level:<person>` (the best one in this occupation), `titles:<person>`,
    `employed:<person>` and `documents:<person>` in details."""
    return (await with_records([facts]))[0]


async def with_records(entries: Sequence[ResultFacts]) -> list[ResultFacts]:
    """The same of many at once, in their order, by one query a table."""
    persons = {UUID(person) for facts in entries for person in facts.persons}
    if not persons:
        return list(entries)
    same = await records_of_all(persons)
    known = await _records([facts.entry for facts in entries], same)
    return [replace(f, details={**f.details, **_details(f, known)}) for f in entries]


async def _records(entries: list[str], same: Mapping[UUID, Sequence[UUID]]) -> _Records:
    """same: person -> all records of that person. What stands in any of them counts."""
    persons = sorted({record for records in same.values() for record in records})
    own: dict[str, set[UUID]] = defaultdict(set)
    for row in await Proposal.select(Proposal.id, Proposal.entry).where(Proposal.entry.is_in(entries)):  # fmt: skip
        own[row["entry"]].add(row["id"])
    levels = await HeldLevel.select(
        HeldLevel.person, HeldLevel.level, HeldLevel.occupation, HeldLevel.proposal
    ).where(HeldLevel.person.is_in(persons))
    honours = await Honour.select(Honour.person, Honour.code, Honour.proposal).where(
        Honour.person.is_in(persons), Honour.withdrawn_at.is_null()
    )
    facts = await facts_of(persons)
    employed = frozenset(
        person
        for person, records in same.items()
        if any(facts.get(record, {}).get("employer") for record in records)
    )
    return _Records(
        own,
        _under_all(levels, same),
        _under_all(honours, same),
        employed,
        await _kinds_shown(persons, same),
    )


async def kinds_shown(persons: Iterable[UUID]) -> Mapping[UUID, set[str]]:
    """Person -> the kinds of identity documents on record, without a number; nobody without one."""
    same = await records_of_all(persons)
    return await _kinds_shown([one for records in same.values() for one in records], same)


async def _kinds_shown(
    persons: Sequence[UUID], same: Mapping[UUID, Sequence[UUID]]
) -> dict[UUID, set[str]]:
    rows = await PersonDocument.select(PersonDocument.person, PersonDocument.kind).where(
        PersonDocument.person.is_in(list(persons))
    )
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        kinds[row["person"]].add(row["kind"])
    found = {p: {kind for one in records for kind in kinds[one]} for p, records in same.items()}
    return {person: shown for person, shown in found.items() if shown}


def _under_all(
    rows: Sequence[Mapping[str, Any]], same: Mapping[UUID, Sequence[UUID]]
) -> list[Mapping[str, Any]]:
    """Each row under everybody whose it is, as the result names them."""
    return [
        {**row, "person": person}
        for person, records in same.items()
        for row in rows
        if row["person"] in records
    ]


def _details(facts: ResultFacts, known: _Records) -> dict[str, str]:
    persons = [UUID(person) for person in facts.persons]
    own = known.own.get(facts.entry, set())
    return {
        **_levels(known.levels, persons, facts.occupation, own),
        **_titles(known.honours, persons, own),
        # Whether an employer is on record; never which one.
        **{f"employed:{person}": "yes" for person in persons if person in known.employed},
        **{
            f"documents:{p}": " ".join(sorted(known.documents[p]))
            for p in persons
            if p in known.documents
        },
    }


def _levels(
    rows: Sequence[Mapping[str, Any]], persons: list[UUID], occupation: str, own: set[UUID]
) -> dict[str, str]:
    """Rules speak of national numbers: who is a special-grade or chief technician holds the highest of
    them, an apprentice none."""
    found: dict[str, str] = {}
    for row in rows:
        level = _national(row["level"])
        theirs = row["person"] in persons and row["occupation"] == occupation
        if level and theirs and row["proposal"] not in own:
            key = f"held_level:{row['person']}"
            found[key] = max(found.get(key, level), level, key=lambda one: ORDINALS[one])
    return found


def _national(level: str) -> str:
    if level in LEVELS:
        return level
    return "1" if ORDINALS.get(level, 0) > ORDINALS["1"] else ""


def _titles(
    rows: Sequence[Mapping[str, Any]], persons: list[UUID], own: set[UUID]
) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["person"] in persons and row["proposal"] not in own:
            codes[f"titles:{row['person']}"].add(row["code"])
    return {key: " ".join(sorted(values)) for key, values in codes.items()}
