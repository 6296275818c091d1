"""The time-keepers' page, the same for everybody, and the clocks that it asks for. Stamps go to the
contest's own routes (`/contests/{contest}/clock`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get

from contests.chain import instant
from contests.judging.shell import precache
from contests.judging.timing.queries import clocks_of, my_timed_contests
from contests.judging.timing.schemas import Clocks, TimedContests
from contests.routing import described, of_contest
from core.errors import Unauthenticated
from core.security import actor_in, logged_in, requires
from core.web.compress import answer

TAG = "judging"
PAGE = "/judging/timing"
NO_STORE = {"Cache-Control": "no-store"}
Req = Request[Any, Any, Any]


@get([PAGE, PAGE + "/{contest:uuid}"], include_in_schema=False, sync_to_thread=False)
def page(request: Req) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": precache.CSP}
    return answer(request, precache.page("timing"), "text/html; charset=utf-8", headers)


@get(
    "/judging/timing",
    guards=[logged_in],
    operation_id="list_timed_contests",
    **described(
        "List the contests whose time you keep",
        TAG,
        description="With the server's time, by which a device corrects its clock.",
    ),
)
async def my_contests(request: Req) -> Response[TimedContests]:
    by = actor_in(request)
    if by.account is None:
        raise Unauthenticated
    found = TimedContests(
        account=str(by.account),
        label=by.label,
        csrf=str(request.scope.get("csrf_token", "")),
        time=instant(datetime.now(UTC)),
        contests=await my_timed_contests(by.account),
    )
    return Response(found, headers=NO_STORE)


@get(
    "/judging/timing/{contest:uuid}",
    guards=[requires("contest.time", of_contest)],
    operation_id="get_clocks",
    **described(
        "Get every clock of a contest",
        TAG,
        *(403, 404),
        description="By module and code, with the limit of the scheme. No marks and no names.",
    ),
)
async def clocks(request: Req, contest: UUID) -> Response[Clocks]:
    facts, modules = await clocks_of(contest)
    found = Clocks(
        contest=facts,
        csrf=str(request.scope.get("csrf_token", "")),
        time=instant(datetime.now(UTC)),
        modules=modules,
    )
    return Response(found, headers=NO_STORE)


API = Router("/api/v1", route_handlers=[my_contests, clocks])
PAGES = [page]
