"""What a judge has in common with whom: from the pool's entry and from what was declared, as values that
can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.declared import plain
from contests.seating.sealing import open_facts, open_value
from contests.seating.tables import Interest, PoolJudge
from contests.tables import Contest, Delegation

OWN = ("employer", "school", "trainer", "studio")


@dataclass(frozen=True, slots=True)
class Held:
    """Kind -> comparable values; delegations and entries by id."""

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.values.values())

    def joined(self, interests: Mapping[str, Any]) -> Held:
        """With those that stand in an appointment itself."""
        values = {kind: set(found) for kind, found in self.values.items()}
        for kind, stated in interests.items():
            several = [stated] if isinstance(stated, str) else list(stated)
            values.setdefault(kind, set()).update(filter(None, map(plain, several)))
        return Held({kind: frozenset(found) for kind, found in values.items()})


async def held_by(contest: UUID, accounts: Sequence[UUID]) -> dict[UUID, Held]:
    """By account, of those who are in the pool."""
    if not accounts:
        return {}
    rows = await PoolJudge.select().where(PoolJudge.account.is_in(list(set(accounts))))
    found = await held_in_pool(contest, rows)
    by_account: dict[UUID, Held] = {}
    for row in rows:
        own = {kind: tuple(values) for kind, values in found[row["id"]].values.items()}
        by_account[row["account"]] = by_account.get(row["account"], Held()).joined(own)
    return by_account


async def held_in_pool(contest: UUID, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Held]:
    """By id in the pool."""
    held = await Contest.select(Contest.competition).where(Contest.id == contest)
    competition = held[0]["competition"] if held else None
    named = await Delegation.select(Delegation.id, Delegation.code).where(
        Delegation.competition == competition
    )
    delegations = {plain(row["code"]): str(row["id"]) for row in named}
    ids = [row["id"] for row in rows]
    declared = (
        await Interest.select().where(Interest.judge.is_in(ids), Interest.withdrawn_at.is_null())
        if ids
        else []
    )
    here = [one for one in declared if one["competition"] in {None, competition}]
    return {
        row["id"]: _held(row, [one for one in here if one["judge"] == row["id"]], delegations)
        for row in rows
    }


def _held(
    row: Mapping[str, Any], declared: Iterable[Mapping[str, Any]], delegations: Mapping[str, str]
) -> Held:
    facts = open_facts(row)
    values: dict[str, set[str]] = {kind: {plain(facts[kind])} - {""} for kind in OWN}
    values["delegation"] = {
        delegations[plain(code)]
        for code in json.loads(row["delegations"])
        if plain(code) in delegations
    }
    for one in declared:
        own = values.setdefault(one["kind"], set())
        if one["delegation"] is not None:
            values["delegation"].add(str(one["delegation"]))
        if one["entry"] is not None:
            values.setdefault("declared", set()).add(str(one["entry"]))
        said = plain(open_value(one))
        if said and one["kind"] != "declared":
            own.add(said)
    return Held({kind: frozenset(found) for kind, found in values.items()})
