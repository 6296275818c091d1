"""Whom the reader may know of, and what of them: what lies in the contests and organisations that the
reader's own grants are for."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contests.tables import Competition, Contest
from core import timeline
from core.about_person import Within
from core.errors import Forbidden, NotFound
from core.same_person import records_of_all, standing_for
from core.security import INSTALLATION, PERMISSIONS, Actor, Scope
from core.tables import Person
from credentials.records.bodies import codes_for

PERMISSION = "person.read"


async def within_of(by: Actor) -> Within:
    """Everything for whoever reads persons on the whole installation."""
    if by.may(PERMISSION, INSTALLATION):
        return Within()
    contests = await _contests(_scopes(by))
    return Within(contests, await codes_for(by, PERMISSION) or frozenset())


async def reach_of(by: Actor) -> set[UUID]:
    """By the records that stand for all. On the whole installation also those of whom nothing is told yet."""
    if not by.may(PERMISSION, INSTALLATION):
        return await timeline.persons_within(await within_of(by))
    everybody = await Person.select(Person.id).output(as_list=True)
    return {records[0] for records in (await records_of_all(everybody)).values()}


async def reached(by: Actor, person: UUID) -> tuple[UUID, Within]:
    """The record that stands for the person, and what the reader may see of it. Raises NotFound for
    somebody of whom there is nothing there: nobody is told which."""
    standing = await standing_for(person)
    if standing not in await reach_of(by):
        raise NotFound(kind="person", id=person)
    return standing, await within_of(by)


async def whole_of(by: Actor, person: UUID) -> set[UUID]:
    """The person, where the reader may see everything that is told of him or her; else nobody."""
    standing = await standing_for(person)
    within = await within_of(by)
    if within.issuers is None:
        return {standing} if by.may(PERMISSION, INSTALLATION) else set()
    seen = await timeline.moments_of(standing, within)
    everything = await timeline.moments_of(standing, Within())
    return {standing} if everything and len(seen) == len(everything) else set()


def own_scope(by: Actor) -> Scope:
    """Under which a change of persons is put on record: the widest in which the reader may read them."""
    if by.may(PERMISSION, INSTALLATION):
        return INSTALLATION
    scopes = list(_scopes(by))
    if not scopes:
        raise Forbidden(permission=PERMISSION)
    order = ("organisation", "competition", "contest", "issuer")
    return min(scopes, key=lambda scope: (order.index(scope.kind), scope.id))


def _scopes(by: Actor) -> Iterable[Scope]:
    return [grant.scope for grant in by.grants if grant.role in PERMISSIONS[PERMISSION]]


async def _contests(scopes: Iterable[Scope]) -> frozenset[str]:
    kinds: dict[str, list[UUID]] = {"organisation": [], "competition": [], "contest": []}
    for scope in scopes:
        if scope.kind in kinds and scope.id:
            kinds[scope.kind].append(UUID(scope.id))
    competitions = list(kinds["competition"])
    if kinds["organisation"]:
        competitions += await (
            Competition.select(Competition.id)
            .where(Competition.organisation.is_in(kinds["organisation"]))
            .output(as_list=True)
        )
    found = list(kinds["contest"])
    if competitions:
        found += await (
            Contest.select(Contest.id)
            .where(Contest.competition.is_in(competitions))
            .output(as_list=True)
        )
    return frozenset(str(one) for one in found)
