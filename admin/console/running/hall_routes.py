"""Before and while they work: check-in, draws, and what was recorded in the hall by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.running import (
    arrivals,
    clock,
    draws,
    incidents,
)
from admin.console.running.duty_routes import duty, duty_page
from admin.console.running.hall import Numbered, entrants, hall_of, numbered, who_may
from admin.console.running.places import BASE, HIDDEN, READ, RUN, at
from contests.actions.check_in import check_in, undo_check_in
from contests.routing import of_contest
from core.errors import JiangxinError
from core.security import actor_in, requires

# --- check-in --------------------------------------------------------------------------------------


@get(BASE + "/check-in", guards=RUN, **HIDDEN)
async def check_in_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _check_in(request, contest)


@post(BASE + "/check-in", guards=RUN, **HIDDEN)
async def check_in_send(request: Req, contest: UUID) -> Response[Any]:
    """Everybody who is ticked, at once."""
    form = await request.form()
    status = str(form.get("status", ""))
    chosen = {UUID(str(one)): status for one in form.getall("entry", []) if _is_id(str(one))}
    try:
        seq = await check_in(actor_in(request), contest, chosen)
    except JiangxinError as error:
        return await _check_in(request, contest, error, {str(one) for one in chosen})
    where = _query(request, ("show", "q", "page"))
    return see_other(
        at(contest, "/check-in") + where,
        "{count} entrants: recorded.",
        undo=at(contest, f"/check-in/undo/{seq}"),
        count=len(chosen),
    )


@post(BASE + "/check-in/undo/{seq:int}", guards=RUN, **HIDDEN)
async def check_in_undo(request: Req, contest: UUID, seq: int) -> Response[Any]:
    try:
        count = await undo_check_in(actor_in(request), contest, seq)
    except JiangxinError as error:
        return await _check_in(request, contest, error)
    return see_other(at(contest, "/check-in"), "{count} entrants: taken back.", count=count)


async def _check_in(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    chosen: set[str] | None = None,
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    everybody = await numbered(hall)
    which = request.query_params.get("show", "all")
    which = which if which in arrivals.SHOWN else "all"
    words = request.query_params.get("q", "")[:80]
    found: Sequence[Numbered] = arrivals.listed(everybody, which)
    if words.strip():
        found = arrivals.sought(await entrants(hall, found), words)
    pages = max(1, -(-len(found) // arrivals.PAGE))
    page = min(max(_number(request.query_params.get("page", "1")), 1), pages)
    here = found[(page - 1) * arrivals.PAGE : page * arrivals.PAGE]
    return await show(
        request,
        "running/check_in.html",
        room="checkin",
        contest=contest,
        error=error,
        hall=hall,
        tabs=[d for d in arrivals.DUTIES if hall.may(d.permission)],
        counts=arrivals.counts(everybody),
        rows=await entrants(hall, here),
        chosen=chosen or set(),
        which=which,
        words=words,
        page=page,
        pages=pages,
        open=hall.state in ("ready", "judging"),
        query=_query(request, ("show", "q", "page")),
    )


# --- draws -----------------------------------------------------------------------------------------


@get(BASE + "/draws", guards=READ, **HIDDEN)
async def draws_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _draws(request, contest)


@post(BASE + "/draws", guards=[requires("contest.draw", of_contest)], **HIDDEN)
async def draw_asked(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        asked = await draws.ask_for_draw(actor_in(request), contest, data.get("module", ""))
    except JiangxinError as error:
        return await _draws(request, contest, error)
    done = arrivals.asked(contest, asked)
    return see_other(at(contest, "/draws"), done.sentence, undo=done.undo)


@post(BASE + "/draws/opening", guards=[requires("contest.open_codes", of_contest)], **HIDDEN)
async def opening_asked(request: Req, contest: UUID) -> Response[Any]:
    try:
        asked = await draws.ask_for_opening(actor_in(request), contest)
    except JiangxinError as error:
        return await _draws(request, contest, error)
    done = arrivals.asked(contest, asked)
    return see_other(at(contest, "/draws"), done.sentence, undo=done.undo)


async def _draws(
    request: Req, contest: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    return await show(
        request,
        "running/draws.html",
        room="draws",
        contest=contest,
        error=error,
        hall=hall,
        modules=await draws.draws(hall),
        may=hall.may("contest.draw") and hall.state in draws.AFTER_READY,
        may_open=hall.may("contest.open_codes") and hall.state == "judging",
        people=await who_may(hall, "contest.draw"),
        openers=await who_may(hall, "contest.open_codes"),
    )


# --- what is taken back ----------------------------------------------------------------------------


@post(BASE + "/incidents/penalties/{penalty:uuid}/back", guards=RUN, **HIDDEN)
async def penalty_back(request: Req, contest: UUID, penalty: UUID, data: Form) -> Response[Any]:
    try:
        await incidents.take_penalty_back(
            actor_in(request), contest, penalty, data.get("reason", "").strip()
        )
    except JiangxinError as error:
        return await duty_page(request, contest, duty("penalty"), data, error)
    return see_other(at(contest, "/incidents"), "The penalty is taken back; both entries stay.")


@post(
    BASE + "/incidents/statuses/{module:str}/{code:str}/{whole:str}/back",
    guards=RUN,
    **HIDDEN,
)
async def status_back(
    request: Req, contest: UUID, module: str, code: str, whole: str
) -> Response[Any]:
    try:
        await incidents.take_status_back(actor_in(request), contest, module, code, whole == "all")
    except JiangxinError as error:
        return await duty_page(request, contest, duty("status"), {}, error)
    return see_other(at(contest, "/incidents/statuses"), "The status is taken back.")


@post(
    BASE + "/clock/{stamp:uuid}/back",
    guards=[requires("contest.time", of_contest)],
    **HIDDEN,
)
async def stamp_back(request: Req, contest: UUID, stamp: UUID, data: Form) -> Response[Any]:
    try:
        await clock.take_stamp_back(
            actor_in(request), contest, stamp, data.get("reason", "").strip()
        )
    except JiangxinError as error:
        return await duty_page(request, contest, duty("stamp"), data, error)
    return see_other(at(contest, "/clock"), "The entry is taken back; both stay in the record.")


def _query(request: Req, names: tuple[str, ...]) -> str:
    kept = {n: request.query_params[n][:80] for n in names if request.query_params.get(n)}
    return f"?{urlencode(kept)}" if kept else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


HANDLERS = [
    check_in_page,
    check_in_send,
    check_in_undo,
    draws_page,
    draw_asked,
    opening_asked,
    penalty_back,
    status_back,
    stamp_back,
]
