"""The organisations that keep a registry of craftsmen, and who of their people may do what in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core import registry as installed
from core.errors import NotFound
from core.partner import City
from core.scoring.model import Text
from core.security import Actor, Connection, Scope, check
from core.tables import Organisation

READ, DISPATCH = "matching.read", "matching.dispatch"
KEEPERS = ("organiser", "authority")
"""Kinds of organisations that may keep one: unions and offices, never an employer."""


def scope_of(organisation: UUID) -> Scope:
    return Scope("organisation", str(organisation))


async def by_organisation(connection: Connection) -> Sequence[Scope]:
    """For guards of routes whose address names the organisation."""
    return [scope_of(connection.path_params["organisation"])]


async def check_keeper(by: Actor, organisation: UUID, permission: str = DISPATCH) -> Text:
    """Its name. Raises Forbidden, and NotFound for an organisation that keeps no registry."""
    check(by, permission, scope_of(organisation))
    row = await Organisation.select().where(Organisation.id == organisation).first()
    if row is None or row["kind"] not in KEEPERS:
        raise NotFound(kind="registry", id=organisation)
    title: Text = json.loads(row["title"])
    return title


async def registries_for(by: Actor) -> list[dict[str, Any]]:
    """id and title of those that the reader may look into, in the order of their codes."""
    rows = (
        await Organisation.select()
        .where(Organisation.kind.is_in(list(KEEPERS)))
        .order_by(Organisation.code)
    )
    return [
        {"id": row["id"], "title": json.loads(row["title"])}
        for row in rows
        if by.may(READ, scope_of(row["id"]))
    ]


async def title_of(organisation: UUID) -> Text:
    row = await Organisation.select().where(Organisation.id == organisation).first()
    found: Text = json.loads(row["title"]) if row else {}
    return found


def cities() -> dict[str, Text]:
    """Code -> name, of every partner authority here, by code."""
    named: dict[str, City] = {
        city.code: city for partner in installed.registry().partners() for city in partner.cities()
    }
    return {code: named[code].title for code in sorted(named)}
