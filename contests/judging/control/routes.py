"""The control room's pages, its events and its API. Every route asks for contest.control of that very
contest; what can be done there, the actions' own routes check again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.response import Stream

from contests.judging.control.deciding import conflicts_part, quarantine_part
from contests.judging.control.mine import my_rooms
from contests.judging.control.schemas import Control
from contests.judging.control.snapshot import control_of
from contests.judging.control.stream import events, full
from contests.judging.control.view import board, room, slips
from contests.routing import described, of_contest
from core import sessions
from core.errors import TooMany
from core.security import Scope, actor_in, logged_in, requires
from core.web import assets, i18n, templates
from core.web.etag import unchanged
from core.web.session import cookie_name

HERE = Path(__file__).parent
_CONTROL = [requires("contest.control", of_contest)]
_DECIDE = [requires("contest.decide_conflict", of_contest)]


def register() -> None:
    assets.register("contests/judging/control", HERE / "static")
    templates.register("control", HERE / "templates" / "control")
    i18n.register(HERE / "locale")


@get(
    "/judging/contests/{contest:uuid}/control",
    guards=_CONTROL,
    operation_id="get_control_room",
    **described(
        "See who has handed in which sheet, and the tablets",
        "judging",
        *(403, 404),
        description="States only: no mark and no entrant's name. `version` is what the events of "
        "/judging/control/{contest}/events tell, and the ETag.",
    ),
)
async def control(request: Request[Any, Any, Any], contest: UUID) -> Response[Control]:
    shown = await control_of(contest)
    headers = {"ETag": f'"{shown.version}"', "Cache-Control": "no-store"}
    if unchanged(request, headers["ETag"]):
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
    return Response(shown, headers=headers)


@get("/judging/control", guards=[logged_in], include_in_schema=False)
async def rooms_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    rooms = await my_rooms(actor_in(request))
    return templates.render(request, "control/list.html", rooms=rooms)


@get("/judging/control/{contest:uuid}", guards=_CONTROL, include_in_schema=False)
async def room_page(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return await room(request, contest)


@get("/judging/control/{contest:uuid}/board", guards=_CONTROL, include_in_schema=False)
async def board_part(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    """The part of the page that changes by itself."""
    return await board(request, contest)


@post("/judging/control/{contest:uuid}/pins", status_code=200, include_in_schema=False,
      guards=[requires("contest.reset_pin", of_contest)])  # fmt: skip
async def slips_page(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    """First PINs for everybody who has none, to be printed and cut."""
    return await slips(request, contest)


@get("/judging/control/{contest:uuid}/conflicts", guards=_DECIDE, include_in_schema=False)
async def conflicts(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return await conflicts_part(request, contest)


@get("/judging/control/{contest:uuid}/quarantine", guards=_DECIDE, include_in_schema=False)
async def quarantine(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return await quarantine_part(request, contest)


@get("/judging/control/{contest:uuid}/events", guards=_CONTROL, include_in_schema=False)
async def event_stream(request: Request[Any, Any, Any], contest: UUID) -> Stream:
    """Ends with the session or the role. `Last-Event-ID` tells what the listener knows already."""
    if full():
        raise TooMany(seconds=30)
    token, scopes = _token(request), await of_contest(request)
    last = request.headers.get("last-event-id", "")[:80]
    return Stream(
        events(contest, last=last, allowed=lambda: _still(token, scopes)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _token(request: Request[Any, Any, Any]) -> str:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(cookie_name(), "")


async def _still(token: str, scopes: Sequence[Scope]) -> bool:
    found = await sessions.session_of(token)
    return found is not None and found[1].may("contest.control", *scopes)


API = Router("/api/v1", route_handlers=[control])
PAGES = [rooms_page, room_page, board_part, slips_page, conflicts, quarantine, event_stream]
