"""Competitions, their delegations, their contests and their team standings."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post

from contests.actions.common import competition_row
from contests.actions.people import add_delegation
from contests.actions.setup import create_competition
from contests.routes.lists import (
    competition_out,
    competitions_for,
    contests_of,
    delegations_of,
)
from contests.routing import (
    PAGE,
    described,
    of_competition,
    own_scopes,
    page_limit,
    strict,
)
from contests.schemas import (
    CompetitionDraft,
    CompetitionOut,
    ContestLine,
    Created,
    DelegationDraft,
    DelegationOut,
)
from contests.tables import Contest
from core.scoring.model import TeamRule
from core.security import actor_in, logged_in, requires
from core.web.paging import Page

TAG = "contests"


@get(
    "/competitions",
    guards=[logged_in],
    operation_id="list_competitions",
    **described(
        "List competitions",
        TAG,
        description="Those that your account has a role in, with the contests that it may see.",
    ),
)
async def list_competitions(
    request: Request[Any, Any, Any], after: str = "", limit: int = PAGE
) -> Page[CompetitionOut]:
    return await competitions_for(actor_in(request), after=after, limit=page_limit(limit))


@post(
    "/competitions",
    guards=[requires("competition.create", own_scopes)],
    operation_id="create_competition",
    **described("Create a competition", TAG, 403, 404, 422),
)
async def create(request: Request[Any, Any, Any], data: CompetitionDraft) -> Created:
    rule = strict(TeamRule, data.team_rule, "/team_rule") if data.team_rule is not None else None
    competition = await create_competition(
        actor_in(request),
        organisation=data.organisation,
        code=data.code,
        title=data.title,
        held_from=data.held_from,
        held_to=data.held_to,
        place=data.place,
        authorities=data.authorities,
        team_rule=rule,
        demonstration=data.demonstration,
    )
    return Created(competition)


@get(
    "/competitions/{competition:uuid}",
    guards=[requires("contest.read", of_competition)],
    operation_id="get_competition",
    **described("Get a competition", TAG, 403, 404),
)
async def get_competition(competition: UUID) -> CompetitionOut:
    row = await competition_row(competition)
    contests = (
        await Contest.select().where(Contest.competition == competition).order_by(Contest.code)
    )
    return competition_out(row, contests)


@get(
    "/competitions/{competition:uuid}/contests",
    guards=[requires("contest.read", of_competition)],
    operation_id="list_contests",
    **described("List a competition's contests", TAG, 403, 404),
)
async def list_contests(competition: UUID, after: str = "", limit: int = PAGE) -> Page[ContestLine]:
    return await contests_of(competition, after=after, limit=page_limit(limit))


@post(
    "/competitions/{competition:uuid}/delegations",
    guards=[requires("contest.configure", of_competition)],
    operation_id="add_delegation",
    **described("Add a delegation", TAG, 403, 404, 422),
)
async def create_delegation(
    request: Request[Any, Any, Any], competition: UUID, data: DelegationDraft
) -> Created:
    delegation = await add_delegation(
        actor_in(request), competition, code=data.code, title=data.title, city=data.city
    )
    return Created(delegation)


@get(
    "/competitions/{competition:uuid}/delegations",
    guards=[requires("contest.read", of_competition)],
    operation_id="list_delegations",
    **described("List a competition's delegations", TAG, 403, 404),
)
async def list_delegations(competition: UUID) -> list[DelegationOut]:
    return await delegations_of(competition)


HANDLERS = [
    list_competitions,
    create,
    get_competition,
    list_contests,
    create_delegation,
    list_delegations,
]
