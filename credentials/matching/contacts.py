"""Who sees whose contact: the only place that opens one. Before acceptance nobody's leaves; after it each side
sees the other's for this need alone, until some days after its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.privacy import person_name
from core.security import Actor
from credentials.matching import sealing
from credentials.matching.craftsmen import craftsman_row, profile_of
from credentials.matching.dispatching import offers_of
from credentials.matching.enterprises import enterprise_row
from credentials.matching.registry import check_keeper, scope_of
from credentials.matching.states import ACCEPTED, CLOSED, CONFIRMED, REPORTED
from credentials.matching.tables import Craftsman

_SHOWN = frozenset({ACCEPTED, REPORTED, CONFIRMED, CLOSED})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contact:
    """name: of the enterprise, or of the craftsman; person: whom to ask for there."""

    name: str
    person: str = ""
    telephone: str = ""
    email: str = ""
    address: str = ""


def open_now(need: Row, now: datetime) -> bool:
    until = need["contact_until"]
    return need["state"] in _SHOWN and (until is None or now < until)


async def of_enterprise(need: Row, offer: Row, now: datetime) -> Contact | None:
    """For the craftsman of this offer."""
    if offer["need"] != need["id"] or offer["state"] != ACCEPTED or not open_now(need, now):
        return None
    enterprise = await enterprise_row(need["enterprise"])
    facts, words = sealing.facts_of(enterprise), sealing.words_of(enterprise, need)
    if not words:
        return None
    kept = {name: words.get(name, "") for name in ("person", "telephone", "email", "address")}
    return Contact(facts.get("name", ""), **kept)


async def of_craftsmen(need: Row, now: datetime) -> list[Contact]:
    """For the enterprise of this need: of everybody who has accepted it."""
    if not open_now(need, now):
        return []
    found = []
    for offer in await offers_of(need["id"]):
        row = await Craftsman.select().where(Craftsman.id == offer["craftsman"]).first()
        if offer["state"] == ACCEPTED and row is not None:
            profile = await profile_of(row)
            name = await person_name(row["person"])
            found.append(Contact(name, "", profile.telephone, profile.email))
    return found


async def for_office(by: Actor, organisation: UUID, craftsman: UUID) -> Contact:
    """How the union's own office reaches one of its craftsmen to hand a link over. Each look is on record."""
    await check_keeper(by, organisation)
    row = await craftsman_row(craftsman, organisation)
    profile = await profile_of(row)
    async with transaction():
        await audit.record(
            by, "craftsman.contact_seen", scope=scope_of(organisation), subject=str(craftsman)
        )
    return Contact(await person_name(row["person"]), "", profile.telephone, profile.email)
