"""What a person's record already says, added to a result's facts before partner rules are asked.

What the same entry's own proposals led to is left out: a rule asked again after a correction must
answer as if nothing had been granted from it yet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from core.events import ResultFacts
from core.privacy import facts_of
from core.skill_levels import LEVELS, ORDINALS
from credentials.records.tables import HeldLevel, Honour, Proposal


async def with_record(facts: ResultFacts) -> ResultFacts:
    """`held_level:<person>` (the best one in this occupation), `titles:<person>` and
    `employed:<person>` in details."""
    persons = [UUID(person) for person in facts.persons]
    if not persons:
        return facts
    own = set(await Proposal.select(Proposal.id).where(Proposal.entry == facts.entry).output(as_list=True))  # fmt: skip
    details = {
        **await _levels(persons, facts.occupation, own),
        **await _titles(persons, own),
        **await _employed(persons),
    }
    return replace(facts, details={**facts.details, **details})


async def _levels(persons: list[UUID], occupation: str, own: set[UUID]) -> dict[str, str]:
    """Rules speak of national numbers: who is a special-grade or chief technician holds the highest of
    them, an apprentice none."""
    rows = await HeldLevel.select(HeldLevel.person, HeldLevel.level, HeldLevel.proposal).where(
        HeldLevel.person.is_in(persons), HeldLevel.occupation == occupation
    )
    found: dict[str, str] = {}
    for row in rows:
        level = _national(row["level"])
        if level and row["proposal"] not in own:
            key = f"held_level:{row['person']}"
            found[key] = max(found.get(key, level), level, key=lambda one: ORDINALS[one])
    return found


def _national(level: str) -> str:
    if level in LEVELS:
        return level
    return "1" if ORDINALS.get(level, 0) > ORDINALS["1"] else ""


async def _titles(persons: list[UUID], own: set[UUID]) -> dict[str, str]:
    rows = await Honour.select(Honour.person, Honour.code, Honour.proposal).where(
        Honour.person.is_in(persons), Honour.withdrawn_at.is_null()
    )
    codes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["proposal"] not in own:
            codes[f"titles:{row['person']}"].add(row["code"])
    return {key: " ".join(sorted(values)) for key, values in codes.items()}


async def _employed(persons: list[UUID]) -> dict[str, str]:
    """Whether an employer is on record; never which one."""
    known = await facts_of(persons)
    return {f"employed:{person}": "yes" for person, facts in known.items() if facts.get("employer")}
