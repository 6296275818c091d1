"""Registry, needs and figures over the API, for reading. No contact of either side is ever in an answer.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get
from litestar.params import Parameter

from core.errors import Invalid
from core.openapi import problems
from core.security import actor_in, requires
from core.web.paging import LIMIT, Page, page
from credentials.encoding import to_instant
from credentials.matching import figures, forms, needs, searching
from credentials.matching.registry import READ, by_organisation
from credentials.matching.searching import Found, Wanted
from credentials.matching.words import NEED_WORDS

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, Parameter(ge=1, le=200, description="How many at most.")]
GUARDS = [requires(READ, by_organisation)]


class LevelHeld(msgspec.Struct):
    """`paper`: from a list of before the platform, not judged here."""

    occupation: str
    level: str
    paper: bool


class HonourHeld(msgspec.Struct):
    """`paper`: from a list of before the platform, not judged here."""

    kind: str
    tier: str
    paper: bool


class CraftsmanOut(msgspec.Struct):
    """`days`: bits of the weekdays, Monday 1, Sunday 64. Levels and honours are the record's."""

    id: str
    name: str
    city: str
    trades: list[str]
    levels: list[LevelHeld]
    honours: list[HonourHeld]
    days: int
    from_day: str
    until_day: str
    services: list[str]
    languages: list[str]


class NeedOut(msgspec.Struct):
    """Without the enterprise and the words of the need: those are for the people of the console."""

    id: str
    trade: str
    city: str
    state: str
    from_day: str
    until_day: str
    wanted: int
    workers: int
    result: str
    filed_at: str


class SeasonLine(msgspec.Struct):
    """`benefits`: unit -> sum as a decimal string. `results`: code -> how many."""

    quarter: int
    city: str
    needs: int
    dispatched: int
    accepted: int
    visits: int
    hours: str
    confirmed: int
    results: dict[str, int]
    benefits: dict[str, str]


@get(
    "/organisations/{organisation:uuid}/craftsmen",
    guards=GUARDS,
    operation_id="FindCraftsmen",
    summary="Craftsmen of a registry who agreed to be found",
    responses=problems(401, 403, 404, 422),
)
async def found_craftsmen(
    organisation: UUID,
    request: AnyRequest,
    trade: str = "",
    level: str = "",
    honour: str = "",
    tier: str = "",
    city: str = "",
    day: str = "",
    service: str = "",
    limit: Limit = LIMIT,
    after: UUID | None = None,
) -> Page[CraftsmanOut]:
    """level: this one or a higher one, in the trade when one is given. day: one on which somebody has time."""
    wanted = Wanted(trade, level, honour, tier, city, day, service)
    if wrong := searching.wrong_search(wanted):
        raise Invalid(wrong)
    rows = await searching.search(
        actor_in(request), organisation, wanted, limit=limit + 1, after=after
    )
    return page([_craftsman(one) for one in rows], limit, lambda item: item.id)


@get(
    "/organisations/{organisation:uuid}/needs",
    guards=GUARDS,
    operation_id="ListNeeds",
    summary="Needs that enterprises filed with a registry",
    responses=problems(401, 403, 404, 422),
)
async def listed_needs(
    organisation: UUID,
    request: AnyRequest,
    need_state: Annotated[str, Parameter(query="state")] = "",
    limit: Limit = LIMIT,
    after: str = "",
) -> Page[NeedOut]:
    """The newest first. state: filed, dispatched, accepted, reported, confirmed, closed or withdrawn."""
    if wrong := forms.chosen(
        "/state", [need_state] if need_state else [], NEED_WORDS, needed=False
    ):
        raise Invalid(wrong)
    rows = await needs.need_page(
        actor_in(request), organisation, state=need_state, limit=limit + 1, after=after
    )
    return page([_need(row) for row in rows], limit, lambda item: item.id)


@get(
    "/organisations/{organisation:uuid}/matching",
    guards=GUARDS,
    operation_id="MatchingFigures",
    summary="Figures of a registry by quarter and city",
    responses=problems(401, 403, 404, 422),
)
async def season(
    organisation: UUID,
    request: AnyRequest,
    year: Annotated[int, Parameter(ge=2000, le=2200, description="Of the needs' filing.")],
) -> list[SeasonLine]:
    """Of the needs that were filed in this year, with everything that came of them."""
    found = await figures.season_of(actor_in(request), organisation, year)
    return [
        SeasonLine(
            line.quarter,
            line.city,
            line.tally.needs,
            line.tally.dispatched,
            line.tally.accepted,
            line.tally.visits,
            forms.shown_amount(line.tally.minutes * 1000 // 60),
            line.tally.confirmed,
            dict(line.tally.results),
            {unit: forms.shown_amount(sum_) for unit, sum_ in line.tally.benefits.items()},
        )
        for line in found.lines
    ]


def _craftsman(one: Found) -> CraftsmanOut:
    return CraftsmanOut(
        str(one.id),
        one.name,
        one.city,
        list(one.trades),
        [LevelHeld(occupation, level, paper) for occupation, level, _, paper in one.levels],
        [HonourHeld(kind, tier, paper) for kind, tier, _, paper in one.honours],
        one.days,
        one.from_day,
        one.until_day,
        list(one.services),
        list(one.languages),
    )


def _need(row: dict[str, Any]) -> NeedOut:
    return NeedOut(
        str(row["id"]),
        row["trade"],
        row["city"],
        row["state"],
        row["from_day"],
        row["until_day"],
        row["wanted"],
        row["workers"],
        row["result"],
        to_instant(row["filed_at"]),
    )


ROUTER = Router(
    path="/api/v1", route_handlers=[found_craftsmen, listed_needs, season], tags=["certificates"]
)
