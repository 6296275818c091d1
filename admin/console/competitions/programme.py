"""Venues and sessions of a competition, as tables and a picture."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import field_of, titles_in
from admin.console.competitions.view import LEFT, WIDTH, days_of
from admin.console.frame import Form, Req, see_other, show
from contests.actions.common import competition_row, competition_scopes
from contests.founding.programme import (
    add_session,
    add_venue,
    remove_session,
    remove_venue,
    sessions_of,
    venues_of,
)
from contests.routing import of_competition
from contests.tables import Contest
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web.language import language_of

READ = [requires("contest.read", of_competition)]
CONFIGURE = [requires("competition.configure", of_competition)]
AT = "/console/competitions/{competition:uuid}/programme"


@get(AT, guards=READ, include_in_schema=False)
async def programme(request: Req, competition: UUID) -> Response[bytes]:
    return await _page(request, competition)


@post(f"{AT}/venues", guards=CONFIGURE, include_in_schema=False)
async def new_venue(request: Req, competition: UUID, data: Form) -> Response[Any]:
    try:
        await add_venue(
            actor_in(request),
            competition,
            title=titles_in(data),
            city=data.get("city", ""),
            address=data.get("address", ""),
        )
    except JiangxinError as error:
        return await _page(request, competition, error, venue=data)
    return see_other(_at(competition), "The venue is added.")


@post(f"{AT}/venues/{{venue:uuid}}/remove", guards=CONFIGURE, include_in_schema=False)
async def drop_venue(request: Req, competition: UUID, venue: UUID) -> Response[Any]:
    try:
        await remove_venue(actor_in(request), competition, venue)
    except JiangxinError as error:
        return await _page(request, competition, error)
    return see_other(_at(competition), "The venue is removed.")


@post(f"{AT}/sessions", guards=CONFIGURE, include_in_schema=False)
async def new_session(request: Req, competition: UUID, data: Form) -> Response[Any]:
    contest, _, module = data.get("of", "").partition(" ")
    try:
        await add_session(
            actor_in(request),
            competition,
            venue=_uuid(data.get("venue", "")),
            day=data.get("day", ""),
            starts=data.get("starts", ""),
            ends=data.get("ends", ""),
            contest=_uuid(contest),
            module=module,
            note=data.get("note", ""),
        )
    except JiangxinError as error:
        return await _page(request, competition, error, session=data)
    return see_other(_at(competition), "The session is added.")


@post(f"{AT}/sessions/{{session:uuid}}/remove", guards=CONFIGURE, include_in_schema=False)
async def drop_session(request: Req, competition: UUID, session: UUID) -> Response[Any]:
    try:
        await remove_session(actor_in(request), competition, session)
    except JiangxinError as error:
        return await _page(request, competition, error)
    return see_other(_at(competition), "The session is removed.")


async def _page(
    request: Req,
    competition: UUID,
    error: JiangxinError | None = None,
    *,
    venue: dict[str, str] | None = None,
    session: dict[str, str] | None = None,
) -> Response[bytes]:
    """venue, session: what was typed into the form that went wrong."""
    row = await competition_row(competition)
    venues = await venues_of(competition)
    sessions = await sessions_of(competition, venues=venues)
    scopes = await competition_scopes(competition)
    return await show(
        request,
        "competitions/programme.html",
        room="programme",
        competition=competition,
        error=error,
        about=row,
        venues=venues,
        sessions=sessions,
        days=days_of(sessions, venues),
        parts=await _parts(competition),
        venue=venue or {},
        session=session or {"day": row["held_from"], "starts": "09:00", "ends": "12:00"},
        wrong="venue" if venue is not None else "session",
        may=actor_in(request).may("competition.configure", *scopes),
        left=LEFT,
        right=LEFT + WIDTH,
        main=field_of(language_of(request)),
    )


async def _parts(competition: UUID) -> list[tuple[str, Any, str]]:
    """What a session can be of: (value, title of the contest, module or "")."""
    rows = (
        await Contest.select(Contest.id, Contest.title, Contest.scheme)
        .where(Contest.competition == competition, Contest.state != "cancelled")
        .order_by(Contest.created_at, Contest.code)
    )
    found: list[tuple[str, Any, str]] = []
    for row in rows:
        title = json.loads(row["title"])
        found.append((str(row["id"]), title, ""))
        modules = [module["id"] for module in json.loads(row["scheme"])["modules"]]
        if len(modules) > 1:
            found += [(f"{row['id']} {module}", title, module) for module in modules]
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _at(competition: UUID) -> str:
    return f"/console/competitions/{competition}/programme"


HANDLERS = [programme, new_venue, drop_venue, new_session, drop_session]
