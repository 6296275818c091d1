"""Innovation studios: the list, one page for each with its members over time and what came of it."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours import words
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen, document_kinds, who_of
from core.errors import JiangxinError
from core.security import actor_in
from credentials.records.bodies import ACTS, READS, acting_bodies, titles_of
from credentials.records.honours import studios
from credentials.records.honours.catalogue import cities

ROOM = "/console/honours/studios"
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


@get(ROOM, guards=_READS, include_in_schema=False)
async def studios_page(request: Req) -> Response[bytes]:
    return await _list(request, {})


@post(ROOM, guards=_ACTS, include_in_schema=False)
async def found_studio(request: Req, data: Form) -> Response[Any]:
    wanted = studios.NewStudio(
        data.get("body", ""),
        data.get("studio_name", ""),
        data.get("level", ""),
        who_of(data),
        data.get("city", ""),
        data.get("branch", ""),
        data.get("founded_on", ""),
    )
    try:
        studio = await studios.found_studio(actor_in(request), wanted)
    except JiangxinError as error:
        return await _list(request, data, error)
    return see_other(f"{ROOM}/{studio}", "The studio is entered.")


@get(ROOM + "/{studio:uuid}", guards=_READS, include_in_schema=False)
async def studio_page(request: Req, studio: UUID) -> Response[bytes]:
    return await _page(request, studio, {})


@post(ROOM + "/{studio:uuid}/members", guards=_ACTS, include_in_schema=False)
async def join(request: Req, studio: UUID, data: Form) -> Response[Any]:
    role, since = data.get("role", ""), data.get("from_on", "")
    step = studios.join_studio(actor_in(request), studio, who_of(data), role, since)
    return await _done(request, studio, step, data)


@post(ROOM + "/{studio:uuid}/members/{member:uuid}", guards=_ACTS, include_in_schema=False)
async def leave(request: Req, studio: UUID, member: UUID, data: Form) -> Response[Any]:
    step = studios.leave_studio(actor_in(request), studio, member, data.get("until_on", ""))
    return await _done(request, studio, step, data)


@post(ROOM + "/{studio:uuid}/results", guards=_ACTS, include_in_schema=False)
async def add_result(request: Req, studio: UUID, data: Form) -> Response[Any]:
    step = studios.add_result(
        actor_in(request),
        studio,
        on=data.get("day", ""),
        title=data.get("title", ""),
        figure=data.get("figure", ""),
        evidence=data.get("evidence", ""),
    )
    return await _done(request, studio, step, data)


@post(ROOM + "/{studio:uuid}/end", guards=_ACTS, include_in_schema=False)
async def end(request: Req, studio: UUID, data: Form) -> Response[Any]:
    step = studios.end_studio(actor_in(request), studio, data.get("ended_on", ""))
    return await _done(request, studio, step, data)


async def _done(
    request: Req, studio: UUID, step: Awaitable[Any], data: dict[str, str]
) -> Response[Any]:
    return await done(
        step,
        lambda error: _page(request, studio, data, error),
        f"{ROOM}/{studio}",
        "The studio's record is saved.",
    )


async def _list(
    request: Req, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by) if by.may_somewhere(ACTS) else []
    found = await studios.studios_for(by)
    return await show(
        request,
        "console-honours/studios.html",
        room="honours",
        error=error,
        found=found,
        keepers=await titles_of(row["keeper"] for row, _, _ in found),
        typed=data,
        bodies=bodies,
        body=chosen(bodies, data),
        document_kinds=document_kinds(),
        tiers=words.TIERS,
        cities=cities(),
    )


async def _page(
    request: Req, studio: UUID, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    return await show(
        request,
        "console-honours/studio.html",
        room="honours",
        error=error,
        page=await studios.studio_page(by, studio),
        typed=data,
        may_act=by.may_somewhere(ACTS),
        document_kinds=document_kinds(),
        tiers=words.TIERS,
        roles=words.ROLES,
        cities=cities(),
    )


HANDLERS = [studios_page, found_studio, studio_page, join, leave, add_result, end]
