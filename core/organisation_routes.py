"""Organisations over the API.

Real imports throughout: litestar reads these annotations at run time.
"""

import json
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import Parameter

from core.openapi import problems
from core.organisations import create_organisation
from core.schemas import CreatedOrganisation, NewOrganisation, OrganisationView
from core.security import actor_in, logged_in, requires
from core.tables import Organisation
from core.web.paging import LIMIT, MOST, Page, page

Limit = Annotated[int, Parameter(ge=1, le=MOST, description="How many at most.")]


@get(
    "/api/v1/organisations",
    summary="Organisations",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401),
)
async def list_organisations(limit: Limit = LIMIT, after: str = "") -> Page[OrganisationView]:
    """Organisations in the order of their codes."""
    rows = (
        await Organisation.select()
        .where(Organisation.code > after)
        .order_by(Organisation.code)
        .limit(limit + 1)
    )
    return page([_view(row) for row in rows], limit, lambda item: item.code)


@post(
    "/api/v1/organisations",
    summary="Create an organisation",
    tags=["accounts"],
    guards=[requires("organisation.manage")],
    responses=problems(401, 403, 422),
)
async def add_organisation(
    request: Request[Any, Any, Any], data: NewOrganisation
) -> CreatedOrganisation:
    """An organiser that competitions belong to, an assessment body, an authority or an employer."""
    made = await create_organisation(
        actor_in(request),
        code=data.code,
        title=data.title,
        kind=data.kind,
        filing=data.filing,
        contact=data.contact,
        demonstration=data.demonstration,
    )
    return CreatedOrganisation(made)


def _view(row: dict[str, Any]) -> OrganisationView:
    return OrganisationView(
        id=row["id"],
        code=row["code"],
        title=json.loads(row["title"]),
        kind=row["kind"],
        demonstration=row["demonstration"],
    )
