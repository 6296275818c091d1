"""Whose an entry is, for readers who may know it. Nothing of the judges' side imports this."""

from __future__ import annotations

from uuid import UUID

from contests.actions.common import scopes_of
from contests.identity.sealing import persons_of
from core.privacy import names_of
from core.security import Actor


async def names_by_entry(contest: UUID) -> dict[str, list[str]]:
    """Entry id -> names in the order of the team; an erased person has an empty name."""
    persons = await persons_of(contest)
    names = await names_of([person for members in persons.values() for person in members])
    return {
        entry: [names.get(person, "") for person in members] for entry, members in persons.items()
    }


async def names_for(by: Actor, contest: UUID) -> dict[str, list[str]] | None:
    """The same for this account, or None when it may not know them."""
    if not by.may("identity.read", *await scopes_of(contest)):
        return None
    return await names_by_entry(contest)
