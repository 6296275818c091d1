"""Conflicts of interest between those who mark and those who compete (回避).

`facts["conflicts"]` of a contest declares for each kind whether a match blocks ("block"), takes the judge
out of the count for those entries ("recuse"), warns ("warn", the default) or is ignored ("ignore").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.declared import plain
from contests.identity.sealing import persons_of
from contests.seating.interests import Held, held_by
from contests.tables import Appointment, Contest, Entry
from core.privacy import facts_of, names_of
from core.scoring.model import Finding

PERSONAL = ("employer", "school", "trainer", "studio")
KINDS = ("delegation", *PERSONAL, "relation", "declared")
"""relation: a person whom the judge named is entered. declared: the organiser named the entry."""


@dataclass(frozen=True, slots=True)
class EntryInterests:
    """Kind -> comparable values of all members of one entry."""

    entry: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)


async def conflicts_of(contest: UUID) -> list[tuple[Finding, bool]]:
    """Every match, and whether it blocks. Recused judges have none with those entries; tasters are
    guests whose interests nobody asks for."""
    judges = await Appointment.select().where(
        Appointment.contest == contest, Appointment.ended_at.is_null(), Appointment.role != "taster"
    )
    held = await held_by(contest, [judge["account"] for judge in judges])
    stated = {
        judge["id"]: held.get(judge["account"], Held()).joined(json.loads(judge["interests"]))
        for judge in judges
    }
    if not any(stated.values()):
        return []
    declared, entries = await handling_of(contest), await entry_interests(contest)
    return [
        (_finding(judge, entry, kind), declared.get(kind, "warn") == "block")
        for judge in judges
        for entry, kind in matches(stated[judge["id"]], entries, declared)
        if entry not in json.loads(judge["recused_from"])
    ]


def matches(
    held: Held, entries: Iterable[EntryInterests], declared: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(entry, kind) of everything that is not ignored."""
    kinds = [kind for kind in KINDS if declared.get(kind, "warn") != "ignore"]
    return [
        (one.entry, kind)
        for one in entries
        for kind in kinds
        if held.values.get(kind, frozenset()) & one.values.get(kind, frozenset())
    ]


async def handling_of(contest: UUID) -> dict[str, str]:
    """Kind -> how a match is handled, as far as the contest declares it."""
    row = await Contest.select(Contest.facts).where(Contest.id == contest).first()
    return dict(json.loads(row["facts"]).get("conflicts", {})) if row else {}


async def entry_interests(contest: UUID) -> list[EntryInterests]:
    """Of everybody who is entered. For those who appoint, never for judges."""
    rows = await Entry.select(Entry.id, Entry.delegation).where(
        Entry.contest == contest, Entry.status != "withdrawn"
    )
    members = await persons_of(contest)
    persons = [person for group in members.values() for person in group]
    facts, names = await facts_of(persons), await names_of(persons)
    found = []
    for row in rows:
        entry = str(row["id"])
        own = members.get(entry, ())
        values = {
            kind: frozenset({plain(facts.get(person, {}).get(kind, "")) for person in own} - {""})
            for kind in PERSONAL
        }
        values["delegation"] = frozenset({str(row["delegation"])} if row["delegation"] else ())
        values["relation"] = frozenset({plain(names.get(person, "")) for person in own} - {""})
        values["declared"] = frozenset({entry})
        found.append(EntryInterests(entry, values))
    return found


def _finding(judge: Mapping[str, Any], entry: str, kind: str) -> Finding:
    params = {"seat": judge["seat"], "entry": entry, "kind": kind}
    return Finding(f"/appointments/{judge['id']}", "conflict-of-interest", params)
