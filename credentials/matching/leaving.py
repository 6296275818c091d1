"""How a craftsman leaves a registry: by withdrawing the consent, or with everything when the person is erased."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from core import audit
from core.db import transaction
from core.security import Actor
from credentials.matching import consents, links
from credentials.matching.craftsmen import craftsman_row
from credentials.matching.dispatching import answer, offers_for, pass_offers, reopen
from credentials.matching.registry import scope_of
from credentials.matching.states import ACCEPTED
from credentials.matching.tables import (
    Craftsman,
    CraftsmanConsent,
    CraftsmanTrade,
    MatchingLink,
    MatchingSession,
    ServiceTeam,
)


async def stop_being_found(by: Actor, craftsman: UUID) -> None:
    """As easy as agreeing. What waits for an answer needs none any more; what was accepted goes on until it is
    done or given up."""
    row = await craftsman_row(craftsman)
    async with transaction():
        if not await consents.withdraw(craftsman):
            return
        await pass_offers(craftsman)
        scope = scope_of(row["organisation"])
        await audit.record(by, "craftsman.withdrew", scope=scope, subject=str(craftsman))


@dataclass
class MatchingShredder:
    """Takes a person off every registry, with links, log-ins and consents. How many visits were made, and where,
    stays: it names nobody."""

    name: str = "matching"

    async def shred(self, person: str) -> None:
        rows = await Craftsman.select().where(Craftsman.person == UUID(person))
        for row in rows:
            await _forget(row["id"])


async def _forget(craftsman: UUID) -> None:
    await pass_offers(craftsman)
    for offer in await offers_for([craftsman]):
        if offer["state"] == ACCEPTED:
            await answer(offer, "leave")
            await reopen(offer["need"])
    await links.end_all(links.CRAFTSMAN, craftsman, datetime.now(UTC))
    for table in (MatchingLink, MatchingSession):
        await table.delete().where(table.subject == craftsman)
    await _leave_teams(craftsman)
    await CraftsmanConsent.delete().where(CraftsmanConsent.craftsman == craftsman)
    await CraftsmanTrade.delete().where(CraftsmanTrade.craftsman == craftsman)
    await Craftsman.delete().where(Craftsman.id == craftsman)


async def _leave_teams(craftsman: UUID) -> None:
    """A team without its leader ends."""
    teams = await ServiceTeam.select().where(ServiceTeam.members.like(f"%{craftsman}%"))
    for team in teams:
        left = [one for one in json.loads(team["members"]) if one != str(craftsman)]
        await ServiceTeam.update({ServiceTeam.members: json.dumps(left)}).where(
            ServiceTeam.id == team["id"]
        )
    await ServiceTeam.update({ServiceTeam.ended_at: datetime.now(UTC)}).where(
        ServiceTeam.leader == craftsman, ServiceTeam.ended_at.is_null()
    )
