"""What every page of the console shares: the way there, the rooms beside it, what was just done, what
went wrong, and forms that come back as they were typed.

    return await show(request, "console/people/list.html", room="people", contest=contest, rows=rows)
    return see_other(f"/console/contests/{contest}/people", "{count} entrants are registered.", count=24)
"""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from admin.console.rooms import ROOMS, Level, Room
from admin.console.unshown import shown_again
from contests.actions.common import competition_row, competition_scopes, scopes_of
from contests.tables import Contest
from core import settings
from core.errors import JiangxinError, NotFound
from core.findings import render as render_finding
from core.scoring.model import Finding, Text
from core.security import INSTALLATION, Actor, Scope, actor_in
from core.web import templates
from core.web.i18n import translate
from core.web.language import language_of

Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""A form whose fields have one value each; `await request.form()` where one has several."""

SAID = "said"
_SAID_SECONDS = 60
_LONGEST_SAID = 1500


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was changed: one sentence, and every finding by the field that it is about."""

    sentence: str
    findings: Sequence[tuple[str, str]]

    def of(self, pointer: str) -> list[str]:
        """The sentences about one field, e.g. of("/title")."""
        return [words for place, words in self.findings if place == pointer]


@dataclass(frozen=True, slots=True)
class Said:
    """What was just done. undo: the address whose form takes it back, or ""."""

    sentence: str
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is. Titles are Text; state is "" outside a contest."""

    competition: UUID | None = None
    competition_title: Text | None = None
    demonstration: bool = False
    contest: UUID | None = None
    contest_title: Text | None = None
    state: str = ""
    scopes: tuple[Scope, ...] = (INSTALLATION,)


async def place_of(*, contest: UUID | None = None, competition: UUID | None = None) -> Place:
    """Raises NotFound."""
    if contest:
        return await _in_contest(contest)
    if competition:
        return await _in_competition(competition)
    return Place()


async def _in_contest(contest: UUID) -> Place:
    rows = await Contest.raw(
        "SELECT contest.title, contest.state, contest.competition, "
        "competition.title AS competition_title, competition.demonstration "
        "FROM contest JOIN competition ON competition.id = contest.competition "
        "WHERE contest.id = {}",
        contest,
    )
    if not rows:
        raise NotFound(kind="contest", id=contest)
    return Place(
        competition=rows[0]["competition"],
        competition_title=json.loads(rows[0]["competition_title"]),
        demonstration=bool(rows[0]["demonstration"]),
        contest=contest,
        contest_title=json.loads(rows[0]["title"]),
        state=rows[0]["state"],
        scopes=await scopes_of(contest),
    )


async def _in_competition(competition: UUID) -> Place:
    about = await competition_row(competition)
    return Place(
        competition=competition,
        competition_title=json.loads(about["title"]),
        demonstration=about["demonstration"],
        scopes=await competition_scopes(competition),
    )


async def show(
    request: Req,
    template: str,
    *,
    room: str,
    contest: UUID | None = None,
    competition: UUID | None = None,
    error: JiangxinError | None = None,
    status: int = 200,
    **values: Any,
) -> Response[bytes]:
    """A page of the console. The template extends "console/frame.html" and knows, beside what every
    template knows, `place`, `rooms`, `room`, `said` and `problem`. typed: what a form shows again, without
    a Hong Kong number."""
    place = await place_of(contest=contest, competition=competition)
    if isinstance(values.get("typed"), dict):
        values["typed"] = shown_again(values["typed"])
    said = _said_before(request)
    response = templates.render(
        request,
        template,
        status=error.status if error else status,
        place=place,
        contest=contest,
        competition=place.competition,
        room=room,
        rooms=rooms_of(place, actor_in(request)),
        said=said,
        problem=problem_of(error, language_of(request)) if error else None,
        **values,
    )
    if said:
        response.set_cookie(_said_cookie("", 0))
    return response


def part(request: Req, template: str, *, status: int = 200, **values: Any) -> Response[bytes]:
    """A piece of a page, for htmx to put in its place. The template extends nothing."""
    return templates.render(request, template, status=status, **values)


def wants_part(request: Req) -> bool:
    """Whether htmx asks, and so needs no whole page."""
    return request.headers.get("HX-Request") == "true"


def problem_of(error: JiangxinError, language: str) -> Problem:
    findings: Sequence[Finding] = error.findings
    return Problem(
        translate(error.title, language, **error.params),
        [(finding.pointer, render_finding(finding, language)) for finding in findings],
    )


def see_other(address: str, sentence: str = "", *, undo: str = "", **params: object) -> Redirect:
    """To `address`, where `sentence` (a msgid) is shown once. undo: what a button beside it posts to."""
    if not sentence:
        return Redirect(address, status_code=303)
    told = {"m": sentence, "p": {k: str(v) for k, v in params.items()}, "u": undo}
    value = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
    cookies = [_said_cookie(value, _SAID_SECONDS)] if len(value) <= _LONGEST_SAID else []
    return Redirect(address, status_code=303, cookies=cookies)


async def done(
    step: Awaitable[Any],
    again: Callable[[JiangxinError], Awaitable[Response[bytes]]],
    address: str,
    sentence: str,
    *,
    undo: str = "",
) -> Response[Any]:
    """`see_other` after `step`; `again` is the page with what went wrong. Raises NotFound: there is no
    page to show again."""
    try:
        await step
    except NotFound:
        raise
    except JiangxinError as error:
        return await again(error)
    return see_other(address, sentence, undo=undo)


def rooms_of(place: Place, reader: Actor) -> list[tuple[Room, str]]:
    """The rooms that the reader may enter from here, with their addresses: of the place's own level."""
    level = (
        Level.CONTEST if place.contest else Level.COMPETITION if place.competition else Level.HOUSE
    )
    base = level.value.format(competition=place.competition, contest=place.contest)
    return [
        (room, base + room.path)
        for room in ROOMS
        if room.level is level and _may_enter(room, place, reader)
    ]


def _may_enter(room: Room, place: Place, reader: Actor) -> bool:
    if not room.permission:
        return True
    if room.level is Level.HOUSE:
        return reader.may_somewhere(room.permission)
    return reader.may(room.permission, *place.scopes)


def _said_before(request: Req) -> Said | None:
    """The cookie is the reader's own; whatever stands in it is shown as text and leads nowhere else."""
    try:
        told: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(request.cookies[SAID]))
        undo = str(told["u"])
        params = {str(k): str(v) for k, v in told["p"].items()}
        sentence = translate(str(told["m"]), language_of(request), **params)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return Said(sentence, undo if undo.startswith("/console/") else "")


def _said_cookie(value: str, seconds: int) -> Cookie:
    return Cookie(
        SAID,
        "/console",
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=settings.current().secure,
    )
