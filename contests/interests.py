"""Conflicts of interest between those who mark and those who compete (回避).

`facts["conflicts"]` of a contest declares for each kind whether a match blocks ("block"), warns
("warn", the default) or is ignored ("ignore").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contests.identity.sealing import persons_of
from contests.tables import Appointment, Contest, Entry
from core.privacy import facts_of
from core.scoring.model import Finding

PERSONAL = ("employer", "school", "trainer", "studio")
KINDS = ("delegation", *PERSONAL)


async def conflicts_of(contest: UUID) -> list[tuple[Finding, bool]]:
    """Every match, and whether it blocks. Recused judges have none with those entries."""
    row = await Contest.select(Contest.facts).where(Contest.id == contest).first()
    declared = json.loads(row["facts"]).get("conflicts", {}) if row else {}
    judges = await Appointment.select().where(
        Appointment.contest == contest, Appointment.ended_at.is_null()
    )
    if not any(json.loads(judge["interests"]) for judge in judges):
        return []
    entries = await _entries(contest)
    return [
        (_finding(judge, entry, kind), declared.get(kind, "warn") == "block")
        for judge in judges
        for entry, facts in entries.items()
        if entry not in json.loads(judge["recused_from"])
        for kind in KINDS
        if declared.get(kind, "warn") != "ignore"
        and _overlap(json.loads(judge["interests"]), facts, kind)
    ]


async def _entries(contest: UUID) -> dict[str, dict[str, set[str]]]:
    """Entry id -> kind -> comparable values of all its members."""
    rows = await Entry.select(Entry.id, Entry.delegation).where(Entry.contest == contest)
    members = await persons_of(contest)
    persons = [person for group in members.values() for person in group]
    facts = await facts_of(persons)
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        entry = str(row["id"])
        values = {"delegation": {str(row["delegation"])} if row["delegation"] else set()}
        for kind in PERSONAL:
            values[kind] = {
                _plain(facts.get(person, {}).get(kind, "")) for person in members.get(entry, ())
            } - {""}
        found[entry] = values
    return found


def _overlap(interests: Mapping[str, Any], facts: Mapping[str, set[str]], kind: str) -> bool:
    stated = interests.get(kind, ())
    values = [stated] if isinstance(stated, str) else list(stated)
    return bool({_plain(value) for value in values} & {_plain(value) for value in facts[kind]})


def _plain(value: object) -> str:
    return "".join(str(value).casefold().split())


def _finding(judge: Mapping[str, Any], entry: str, kind: str) -> Finding:
    params = {"seat": judge["seat"], "entry": entry, "kind": kind}
    return Finding(f"/appointments/{judge['id']}", "conflict-of-interest", params)
