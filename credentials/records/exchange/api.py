"""What an authority's own database asks, with a key of scope "exchange": its honours and levels, page by page.

Real imports throughout: litestar reads these annotations at run time.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import Parameter
from litestar.status_codes import HTTP_304_NOT_MODIFIED
from msgspec import Meta

from core.openapi import problems
from core.scoring.model import Text
from core.web.etag import etag_of, unchanged
from core.web.paging import LIMIT, MOST, Page, page
from credentials.employers.asking import caller_in, key_for
from credentials.employers.keys import EXCHANGE
from credentials.records.exchange import feed
from credentials.records.exchange.feed import Item

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, Parameter(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str, Parameter(description="`next` of the page before; stays good.")]
KEY: list[dict[str, list[str]]] = [{"key": []}]
_GUARDS = [key_for(EXCHANGE)]
_PRIVATE = {"Cache-Control": "private, no-cache"}


class HonourOut(msgspec.Struct):
    """`state`: granted, withdrawn or erased."""

    id: UUID
    holder: Annotated[str, Meta(description="person, unit, team or studio")]
    person: Annotated[
        str,
        Meta(
            description="What this authority's files call the holder; says nothing of the person."
        ),
    ]
    name: Annotated[str, Meta(description="Empty where the disclosure policy asks for a consent.")]
    code: str
    title: Text
    tier: str
    city: str
    document: str
    granted_on: str
    state: str
    withdrawn_on: str
    reason: str
    withdrawal_document: str
    paper: Annotated[bool, Meta(description="From before the platform, not judged on it.")]


class LevelOut(msgspec.Struct):
    """`state`: granted, withdrawn or erased."""

    id: UUID
    person: str
    name: str
    occupation: str
    level: str
    title: Text
    number: str
    granted_on: str
    issuer: str
    state: str
    paper: Annotated[bool, Meta(description="From before the platform, not judged on it.")]


@get(
    "/honours",
    guards=_GUARDS,
    security=KEY,
    operation_id="ExchangeHonours",
    summary="The honours that an authority granted or keeps",
    description="In the order in which they came on record. Each page has an ETag: sent as If-None-Match it is"
    " answered by 304 as long as nothing of the page has changed.",
    responses=problems(401, 403, 422, 429),
)
async def honours(
    request: AnyRequest, limit: Limit = LIMIT, after: After = ""
) -> Response[Page[HonourOut]]:
    items = await feed.honours(caller_in(request).organisation, limit=limit + 1, after=after)
    return _answer(request, _page(items, limit, _honour))


@get(
    "/honours/{id:uuid}",
    guards=_GUARDS,
    security=KEY,
    operation_id="ExchangeHonour",
    summary="One honour",
    responses=problems(401, 403, 404, 429),
)
async def honour(id: UUID, request: AnyRequest) -> Response[HonourOut]:
    return _answer(request, _honour(await feed.honour(caller_in(request).organisation, id)))


@get(
    "/levels",
    guards=_GUARDS,
    security=KEY,
    operation_id="ExchangeLevels",
    summary="The skill levels that a body granted or keeps",
    description="Paged and answered as the honours are.",
    responses=problems(401, 403, 422, 429),
)
async def levels(
    request: AnyRequest, limit: Limit = LIMIT, after: After = ""
) -> Response[Page[LevelOut]]:
    items = await feed.levels(caller_in(request).organisation, limit=limit + 1, after=after)
    return _answer(request, _page(items, limit, _level))


@get(
    "/levels/{id:uuid}",
    guards=_GUARDS,
    security=KEY,
    operation_id="ExchangeLevel",
    summary="One skill level",
    responses=problems(401, 403, 404, 429),
)
async def level(id: UUID, request: AnyRequest) -> Response[LevelOut]:
    return _answer(request, _level(await feed.level(caller_in(request).organisation, id)))


def _page(items: list[Item], limit: int, shown: Any) -> Page[Any]:
    found = page(items, limit, lambda item: item.cursor)
    return Page([shown(item) for item in found.items], found.next)


def _answer(request: AnyRequest, told: Any) -> Response[Any]:
    content = msgspec.json.encode(told)
    headers = {"ETag": etag_of(content), **_PRIVATE}
    if unchanged(request, headers["ETag"]):
        return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _honour(one: Item) -> HonourOut:
    row = one.row
    return HonourOut(
        row["id"],
        row["holder"],
        one.person,
        one.name,
        row["code"],
        one.title,
        row["tier"],
        row["city"],
        row["document"],
        row["granted_on"],
        one.state,
        row["withdrawn_on"],
        row["reason"],
        row["withdrawal_document"],
        bool(row["paper"]),
    )


def _level(one: Item) -> LevelOut:
    row = one.row
    return LevelOut(
        row["id"],
        one.person,
        one.name,
        row["occupation"],
        row["level"],
        one.title,
        row["number"],
        row["granted_on"],
        row["issuer"],
        one.state,
        bool(row["paper"]),
    )


ROUTER = Router(
    path="/api/exchange",
    route_handlers=[honours, honour, levels, level],
    tags=["certificates"],
)
