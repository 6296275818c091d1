"""Service teams: craftsmen of a registry who go together; offers reach them through their leader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor
from credentials.matching import forms
from credentials.matching.registry import READ, check_keeper, scope_of
from credentials.matching.tables import Craftsman, ServiceTeam

MOST_MEMBERS = 30


@dataclass(frozen=True, slots=True)
class Team:
    """members: the leader among them."""

    id: UUID
    title: str
    leader: UUID
    members: Sequence[UUID]


async def make_team(
    by: Actor, organisation: UUID, *, title: str, leader: UUID | None, members: Sequence[UUID]
) -> UUID:
    """All of them must be listed. Raises Invalid."""
    await check_keeper(by, organisation)
    wrong = forms.line("/title", title)
    together = list(dict.fromkeys([*([leader] if leader else []), *members]))
    if leader is None:
        wrong.append(Finding("/leader", "matching.choice"))
    if len(together) > MOST_MEMBERS or not await _listed(organisation, together):
        wrong.append(Finding("/members", "matching.not-listed"))
    if wrong or leader is None:
        raise Invalid(wrong)
    id = uuid4()
    async with transaction():
        await ServiceTeam.insert(
            ServiceTeam(
                id=id,
                organisation=organisation,
                title=title,
                leader=leader,
                members=json.dumps([str(one) for one in together]),
                made_at=datetime.now(UTC),
            )
        )
        await audit.record(by, "service_team.made", scope=scope_of(organisation), subject=str(id))
    return id


async def end_team(by: Actor, organisation: UUID, team: UUID) -> None:
    """Nothing is offered to it any more; what it has accepted goes on."""
    await check_keeper(by, organisation)
    async with transaction():
        ended = await ServiceTeam.raw(
            "UPDATE service_team SET ended_at = {} WHERE id = {} AND organisation = {}"
            " AND ended_at IS NULL RETURNING id",
            datetime.now(UTC),
            team,
            organisation,
        )
        if not ended:
            raise NotFound(kind="service team", id=team)
        await audit.record(
            by, "service_team.ended", scope=scope_of(organisation), subject=str(team)
        )


async def teams_of(by: Actor, organisation: UUID) -> list[Team]:
    """Those that were not ended, by their names."""
    await check_keeper(by, organisation, READ)
    rows = (
        await ServiceTeam.select()
        .where(ServiceTeam.organisation == organisation, ServiceTeam.ended_at.is_null())
        .order_by(ServiceTeam.title)
    )
    return [
        Team(
            row["id"],
            row["title"],
            row["leader"],
            [UUID(one) for one in json.loads(row["members"])],
        )
        for row in rows
    ]


async def _listed(organisation: UUID, members: Sequence[UUID]) -> bool:
    if not members:
        return False
    listed = await Craftsman.count().where(
        Craftsman.id.is_in(list(members)),
        Craftsman.organisation == organisation,
        Craftsman.listed_at.is_not_null(),
    )
    return bool(listed == len(members))
