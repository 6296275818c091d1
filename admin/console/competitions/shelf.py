"""The list of competitions, a new one, and one of them: contests side by side."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import field_of, title_fields, titles_in
from admin.console.competitions.view import lines_of, shelf
from admin.console.frame import Form, Req, see_other, show
from contests.actions.common import competition_row
from contests.actions.setup import create_competition
from contests.founding.many import batches_of
from contests.founding.naming import edit_competition, state_of
from contests.founding.programme import sessions_of, venues_of
from contests.founding.starting import free_competition_code
from contests.routing import of_competition, own_scopes
from core.errors import Invalid, JiangxinError, Stale
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, actor_in, logged_in, requires
from core.tables import Organisation
from core.web.language import language_of

READ = [requires("contest.read", of_competition)]
CONFIGURE = [requires("competition.configure", of_competition)]
CREATE = [requires("competition.create", own_scopes)]


@get("/console", guards=[logged_in], include_in_schema=False)
async def console(request: Req, year: str = "", search: str = "") -> Response[bytes]:
    by = actor_in(request)
    found = await shelf(by, year=year[:4], search=search[:80])
    return await show(
        request,
        "console/index.html",
        room="contests",
        shelf=found,
        may_create=by.may_somewhere("competition.create"),
    )


@get("/console/competitions/new", guards=CREATE, include_in_schema=False)
async def new_competition(request: Req) -> Response[bytes]:
    return await _form(request, {})


@post("/console/competitions/new", guards=CREATE, include_in_schema=False)
async def make_competition(request: Req, data: Form) -> Response[Any]:
    by, title = actor_in(request), titles_in(data)
    code = data.get("code", "").strip() or await free_competition_code(
        title, data.get("held_from", "")[:4]
    )
    try:
        competition = await create_competition(
            by,
            organisation=_organisation(data),
            code=code,
            title=title,
            held_from=data.get("held_from", ""),
            held_to=data.get("held_to", "") or data.get("held_from", ""),
            place=data.get("place", "").strip(),
            authorities=[code for code in _authorities() if data.get(f"rules_{code}")],
        )
    except JiangxinError as error:
        return await _form(request, data, error)
    return see_other(
        f"/console/competitions/{competition}", "The competition is there. Now add its contests."
    )


@get("/console/competitions/{competition:uuid}", guards=READ, include_in_schema=False)
async def one_competition(request: Req, competition: UUID) -> Response[bytes]:
    return await competition_page(request, competition)


async def competition_page(
    request: Req, competition: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    row = await competition_row(competition)
    venues = await venues_of(competition)
    return await show(
        request,
        "competitions/competition.html",
        room="competition",
        competition=competition,
        error=error,
        about=row,
        title=json.loads(row["title"]),
        lines=await lines_of(competition, by),
        venues=venues,
        cities=sorted({venue.city for venue in venues if venue.city}),
        sessions=await sessions_of(competition, venues=venues),
        batches=await batches_of(competition),
        may=by.may("contest.configure", *_scopes(row)),
    )


@get("/console/competitions/{competition:uuid}/settings", guards=CONFIGURE, include_in_schema=False)
async def competition_settings(request: Req, competition: UUID) -> Response[bytes]:
    row = await competition_row(competition)
    return await _settings(request, competition, _fields(row), state_of(row))


@post(
    "/console/competitions/{competition:uuid}/settings", guards=CONFIGURE, include_in_schema=False
)
async def save_competition(request: Req, competition: UUID, data: Form) -> Response[Any]:
    try:
        await edit_competition(
            actor_in(request),
            competition,
            title=titles_in(data),
            held_from=data.get("held_from", ""),
            held_to=data.get("held_to", ""),
            place=data.get("place", ""),
            seen=data.get("seen", ""),
        )
    except JiangxinError as error:
        row = await competition_row(competition)
        stands = _fields(row) if isinstance(error, Stale) else {}
        seen = state_of(row) if stands else data.get("seen", "")
        return await _settings(request, competition, data, seen, error, stands)
    return see_other(f"/console/competitions/{competition}", "The competition is changed.")


async def _settings(
    request: Req,
    competition: UUID,
    values: dict[str, str],
    seen: str,
    error: JiangxinError | None = None,
    stands: dict[str, str] | None = None,
) -> Response[bytes]:
    """stands: what somebody else has saved in between, field by field."""
    return await show(
        request,
        "competitions/competition_settings.html",
        room="competition-settings",
        competition=competition,
        error=error,
        values=values,
        seen=seen,
        stands=other_values(values, stands or {}),
        main=field_of(language_of(request)),
    )


def other_values(values: dict[str, str], stands: dict[str, str]) -> dict[str, str]:
    """What stands now where something else was typed."""
    return {name: now for name, now in stands.items() if values.get(name, "") != now}


def _fields(row: dict[str, Any]) -> dict[str, str]:
    title: Text = json.loads(row["title"])
    return {
        **title_fields(title),
        "held_from": row["held_from"],
        "held_to": row["held_to"],
        "place": row["place"],
    }


async def _form(
    request: Req, values: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    return await show(
        request,
        "competitions/new_competition.html",
        room="contests",
        error=error,
        values=values,
        organisations=await _organisations(actor_in(request)),
        authorities=[(p.code, p.title) for p in registry().partners()],
        main=field_of(language_of(request)),
    )


async def _organisations(by: Actor) -> list[tuple[str, Text]]:
    rows = (
        await Organisation.select()
        .where(Organisation.kind == "organiser")
        .order_by(Organisation.code)
    )
    return [
        (str(row["id"]), json.loads(row["title"]))
        for row in rows
        if by.may("competition.create", Scope("organisation", str(row["id"])))
    ]


def _organisation(data: dict[str, str]) -> UUID:
    try:
        return UUID(data.get("organisation", ""))
    except ValueError:
        raise Invalid([Finding("/organisation", "organisation-choose", {})]) from None


def _authorities() -> list[str]:
    return [partner.code for partner in registry().partners()]


def _scopes(row: dict[str, Any]) -> tuple[Scope, Scope]:
    return (
        Scope("competition", str(row["id"])),
        Scope("organisation", str(row["organisation"])),
    )


HANDLERS = [
    console,
    new_competition,
    make_competition,
    one_competition,
    competition_settings,
    save_competition,
]
