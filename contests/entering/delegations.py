"""Delegations of a competition: listed with how many have entered, renamed, removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contests.actions.common import competition_scopes, json_text
from contests.tables import Contest, Delegation, Entry
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check


@dataclass(frozen=True, slots=True)
class ListedDelegation:
    id: UUID
    code: str
    title: Text
    city: str
    entries: int


async def delegations_of(by: Actor, competition: UUID) -> list[ListedDelegation]:
    check(by, "contest.configure", *await competition_scopes(competition))
    rows = (
        await Delegation.select()
        .where(Delegation.competition == competition)
        .order_by(Delegation.code)
    )
    contests = [
        r["id"] for r in await Contest.select(Contest.id).where(Contest.competition == competition)
    ]
    entries = (
        await Entry.select(Entry.delegation).where(
            Entry.contest.is_in(contests), Entry.status != "withdrawn"
        )
        if contests
        else []
    )
    counts: dict[UUID, int] = {}
    for entry in entries:
        counts[entry["delegation"]] = counts.get(entry["delegation"], 0) + 1
    return [
        ListedDelegation(
            r["id"], r["code"], json.loads(r["title"]), r["city"], counts.get(r["id"], 0)
        )
        for r in rows
    ]


async def change_delegation(
    by: Actor, competition: UUID, delegation: UUID, *, title: Mapping[str, str], city: str
) -> None:
    """The code stays: what was handed out carries it."""
    check(by, "contest.configure", *await competition_scopes(competition))
    known = {c.code for partner in registry().partners() for c in partner.cities()}
    findings = [] if title else [Finding("/title", "people-name-missing", {})]
    if city and city not in known:
        findings.append(Finding("/city", "people-city-unknown", {"city": city[:40]}))
    if findings:
        raise Invalid(findings)
    async with transaction():
        rows = (
            await Delegation.update(
                {Delegation.title: json_text(dict(title)), Delegation.city: city}
            )
            .where(Delegation.id == delegation, Delegation.competition == competition)
            .returning(Delegation.id)
        )
        if not rows:
            raise NotFound(kind="delegation", id=delegation)
        scope = Scope("competition", str(competition))
        await audit.record(by, "change_delegation", scope=scope, subject=str(delegation))


async def remove_delegation(by: Actor, competition: UUID, delegation: UUID) -> None:
    """Only one that nobody has entered for."""
    check(by, "contest.configure", *await competition_scopes(competition))
    async with transaction():
        if await Entry.exists().where(Entry.delegation == delegation):
            raise Conflict([Finding("", "people-delegation-in-use", {})])
        await Delegation.delete().where(
            Delegation.id == delegation, Delegation.competition == competition
        )
        scope = Scope("competition", str(competition))
        await audit.record(by, "remove_delegation", scope=scope, subject=str(delegation))
