"""What is due: how long each kind is kept and why, what is over, and the two persons who decide."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers.base import BaseRouteHandler

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.naming import labels_of
from admin.console.persons.listing import part_of, start_of
from admin.console.persons.reach import reach_of, whole_of
from core.errors import Forbidden, JiangxinError
from core.privacy import names_of
from core.security import INSTALLATION, Connection, Guard, actor_in, requires
from credentials.records.person import clocks, retention, words
from credentials.records.person.retention import ASKS, CONFIRMS

ROOM = "/console/retention"


def either(permission: str, confirms: str) -> Guard:
    """One of the two persons whom it takes: the one somewhere, the other on the whole installation."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        by = actor_in(connection)
        if not by.may_somewhere(permission) and not by.may(confirms, INSTALLATION):
            raise Forbidden(permission=permission)

    return guard


_EITHER = [either(ASKS, CONFIRMS)]
_ASKS, _CONFIRMS = [somewhere(ASKS)], [requires(CONFIRMS)]


@get(ROOM, guards=_EITHER, include_in_schema=False)
async def due(request: Req) -> Response[bytes]:
    return await _list(request, {})


@post(ROOM + "/periods/{kind:str}", guards=_CONFIRMS, include_in_schema=False)
async def decide_period(request: Req, kind: str, data: Form) -> Response[Any]:
    step = retention.decide_period(
        actor_in(request), kind, data.get("years", ""), data.get("source", "")
    )
    try:
        await step
    except JiangxinError as error:
        return await _list(request, {**data, "kind": kind}, error)
    return see_other(ROOM, "The time of keeping is decided.")


@get(ROOM + "/{case:uuid}", guards=_EITHER, include_in_schema=False)
async def case(request: Req, case: UUID) -> Response[bytes]:
    return await _page(request, case, {})


@post(ROOM + "/{case:uuid}/ask", guards=_ASKS, include_in_schema=False)
async def ask(request: Req, case: UUID, data: Form) -> Response[Any]:
    by = actor_in(request)
    step = retention.ask_to_erase(by, await _whole(request, case), case, data.get("why", ""))
    return await _done(request, case, step, data, "It is proposed. An administrator has to confirm it.")  # fmt: skip


@post(ROOM + "/{case:uuid}/keep", guards=_ASKS, include_in_schema=False)
async def keep(request: Req, case: UUID, data: Form) -> Response[Any]:
    by, whole = actor_in(request), await _whole(request, case)
    step = retention.keep_longer(by, whole, case, data.get("until_on", ""), why=data.get("why", ""))
    return await _done(request, case, step, data, "It is kept longer.")


@post(ROOM + "/{case:uuid}/drop", guards=_EITHER, include_in_schema=False)
async def drop(request: Req, case: UUID) -> Response[Any]:
    step = retention.drop(actor_in(request), await _whole(request, case), case)
    return await _done(request, case, step, {}, "It is not erased for now.")


@post(ROOM + "/{case:uuid}/confirm", guards=_CONFIRMS, include_in_schema=False)
async def confirm(request: Req, case: UUID) -> Response[Any]:
    step = retention.confirm(actor_in(request), case)
    return await _done(request, case, step, {}, "It is erased.")


async def _whole(request: Req, case: UUID) -> set[UUID]:
    """The person, where the caller may read the whole record. Raises NotFound."""
    by = actor_in(request)
    page = await retention.case_page(by, await reach_of(by), case)
    return await whole_of(by, page.row["person"])


async def _done(
    request: Req, case: UUID, step: Awaitable[Any], data: dict[str, str], sentence: str
) -> Response[Any]:
    return await done(
        step, lambda error: _page(request, case, data, error), f"{ROOM}/{case}", sentence
    )


async def _list(
    request: Req, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    reach = await reach_of(by)
    cases, following = part_of(await retention.cases_for(by, reach), start_of(request))
    return await show(
        request,
        "console-persons/retention.html",
        room="retention",
        error=error,
        periods=await clocks.periods(),
        cases=cases,
        following=following,
        names=await names_of({row["person"] for row in cases} & reach),
        last=await retention.last_look(),
        typed=data,
        may_decide=by.may(CONFIRMS, INSTALLATION),
        kept=words.KEPT,
    )


async def _page(
    request: Req, case: UUID, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    """An administrator, who reads no persons, sees which record it is and not whose."""
    by = actor_in(request)
    reach = await reach_of(by)
    page = await retention.case_page(by, reach, case)
    person = page.row["person"]
    whole = await whole_of(by, person)
    return await show(
        request,
        "console-persons/retention_one.html",
        room="retention",
        error=error,
        page=page,
        named=(await names_of({person} & reach)).get(person, ""),
        typed=data,
        reads=person in reach,
        may_ask=person in whole,
        may_confirm=by.may(CONFIRMS, INSTALLATION) and page.row["asked_by"] != by.account,
        labels=await labels_of(one.account for one in page.history),
        kept=words.KEPT,
        events=words.EVENTS,
    )


HANDLERS = [due, decide_period, case, ask, keep, drop, confirm]
