"""Entries, with names for those who may know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.common import scopes_of
from contests.identity.sealing import persons_of
from contests.tables import Delegation, Entry
from core.privacy import names_of
from core.security import Actor


@dataclass(frozen=True, slots=True)
class EntryView:
    id: str
    group: str
    delegation: str
    members: int
    reserve: bool
    trial: bool
    late: bool
    status: str
    names: tuple[str, ...] | None
    """None for a reader who may not know; an erased person's name is empty."""


async def entries(contest: UUID, *, by: Actor) -> list[EntryView]:
    """In the order of registration."""
    rows = await Entry.select().where(Entry.contest == contest).order_by(Entry.created_at, Entry.id)
    names = await names_for(contest, by)
    delegations = await delegations_of(rows)
    return [
        EntryView(
            id=str(row["id"]),
            group=row["group_code"],
            delegation=delegations.get(str(row["id"]), ""),
            members=row["members"],
            reserve=row["reserve"],
            trial=row["trial"],
            late=row["late"],
            status=row["status"],
            names=None if names is None else tuple(names.get(str(row["id"]), ())),
        )
        for row in rows
    ]


async def names_for(contest: UUID, by: Actor) -> dict[str, tuple[str, ...]] | None:
    """Entry -> names in the order of the team, or None for an account without `identity.read`."""
    if not by.may("identity.read", *await scopes_of(contest)):
        return None
    persons = await persons_of(contest)
    names = await names_of({person for members in persons.values() for person in members})
    return {
        entry: tuple(names.get(person, "") for person in members)
        for entry, members in persons.items()
    }


async def delegations_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Entry -> code of its delegation."""
    wanted = {row["delegation"] for row in rows if row["delegation"]}
    if not wanted:
        return {}
    found = await Delegation.select(Delegation.id, Delegation.code).where(
        Delegation.id.is_in(list(wanted))
    )
    codes = {row["id"]: row["code"] for row in found}
    return {str(r["id"]): codes.get(r["delegation"], "") for r in rows if r["delegation"]}
