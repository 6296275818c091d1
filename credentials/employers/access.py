"""Whose page it is: an account belongs to an employer by its role in that very organisation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar.handlers.base import BaseRouteHandler

from core.errors import NotFound
from core.scoring.model import Text
from core.security import Actor, Connection, Role, Scope, actor_in
from core.tables import Organisation


@dataclass(frozen=True, slots=True)
class Employer:
    id: UUID
    title: Text


def scope_of(employer: UUID) -> Scope:
    return Scope("organisation", str(employer))


def belongs(by: Actor, employer: UUID) -> bool:
    """A role on the whole installation is no employer's."""
    return Role.EMPLOYER in by.roles_in(scope_of(employer))


def check_belongs(by: Actor, employer: UUID) -> None:
    """Raises NotFound: strangers don't learn which employers there are."""
    if not belongs(by, employer):
        raise NotFound(kind="employer", id=employer)


async def of_employer(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: the caller is one of the employer's in the address."""
    by = actor_in(connection)
    check_belongs(by, UUID(str(connection.path_params["employer"])))


async def employers_of(by: Actor) -> Sequence[Employer]:
    """Those that the account belongs to."""
    ids = [
        UUID(grant.scope.id)
        for grant in by.grants
        if grant.role is Role.EMPLOYER and grant.scope.kind == "organisation"
    ]
    if not ids:
        return []
    rows = (
        await Organisation.select(Organisation.id, Organisation.title)
        .where(Organisation.id.is_in(ids))
        .order_by(Organisation.code)
    )
    return [Employer(row["id"], json.loads(row["title"])) for row in rows]


async def employer_of(by: Actor, employer: UUID) -> Employer:
    check_belongs(by, employer)
    found = [one for one in await employers_of(by) if one.id == employer]
    if not found:
        raise NotFound(kind="employer", id=employer)
    return found[0]
