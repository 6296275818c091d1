"""What others get to see: the public notice, the leader's link, the words for the chat group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.running.hall import hall_of, rules_of, who_may
from admin.console.running.places import BASE, HIDDEN, READ, RUN, at
from admin.console.running.words import COPIES as COPY_WORDS
from contests.actions.closing import (
    finalise_contest,
    publish_contest,
)
from contests.actions.setup import cancel_contest
from contests.following.copies import as_text, copies_of, copy_of
from contests.following.links import end_link, links_of, make_link, night_of
from contests.following.picture import parts_of, picture
from contests.next_step import next_step
from contests.routing import of_contest
from core import settings
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web import qr
from core.web.i18n import pick, show_date
from core.web.language import language_of

# --- publication -----------------------------------------------------------------------------------


@get(BASE + "/publication", guards=READ, **HIDDEN)
async def publication_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _publication(request, contest)


@post(BASE + "/publication", guards=[requires("contest.publish", of_contest)], **HIDDEN)
async def publish(request: Req, contest: UUID) -> Response[Any]:
    try:
        until = await publish_contest(actor_in(request), contest)
    except JiangxinError as error:
        return await _publication(request, contest, error)
    sentence = "Published. The public notice runs until {until}."
    return see_other(at(contest, "/publication"), sentence, until=_day(request, until))


@post(BASE + "/publication/final", guards=[requires("contest.finalise", of_contest)], **HIDDEN)
async def finalise(request: Req, contest: UUID) -> Response[Any]:
    try:
        count = await finalise_contest(actor_in(request), contest)
    except JiangxinError as error:
        return await _publication(request, contest, error)
    sentence = "Final. {count} results go to their certificates."
    return see_other(at(contest, "/publication"), sentence, count=count)


@post(BASE + "/publication/cancel", guards=[requires("contest.configure", of_contest)], **HIDDEN)
async def cancel(request: Req, contest: UUID, data: Form) -> Response[Any]:
    """The contest's title is typed, so that nobody cancels by a slip of the finger."""
    hall = await hall_of(contest, actor_in(request))
    title = pick(json.loads(hall.row["title"]), language_of(request))
    try:
        if data.get("title", "").strip() != title.strip():
            raise Invalid([Finding("/title", "title-differs", {})])
        await cancel_contest(actor_in(request), contest)
    except JiangxinError as error:
        return await _publication(request, contest, error, data)
    return see_other(at(contest, ""), "The contest is cancelled. Its record stays.")


async def _publication(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    data: Mapping[str, str] | None = None,
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    rules = rules_of(hall.row)
    verb, unmet = await next_step(contest, hall.row, hall.now)
    return await show(
        request,
        "running/publication.html",
        room="publication",
        contest=contest,
        error=error,
        hall=hall,
        days=rules.notice_days if rules else 0,
        verb=verb,
        unmet=unmet if hall.state in ("signed", "published") else [],
        may_publish=hall.may("contest.publish"),
        may_finalise=hall.may("contest.finalise"),
        may_cancel=hall.may("contest.configure") and hall.state in ("draft", "ready", "judging"),
        people=await who_may(hall, "contest.publish"),
        typed=data or {},
    )


def _day(request: Req, moment: Any) -> str:
    return show_date(moment, language_of(request))


# --- the leader's link -----------------------------------------------------------------------------


@get(BASE + "/leader", guards=RUN, **HIDDEN)
async def leader_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _leader(request, contest)


@post(BASE + "/leader", guards=RUN, **HIDDEN)
async def leader_made(request: Req, contest: UUID, data: Form) -> Response[bytes]:
    """The address stands on this answer alone: nothing that is stored could show it again."""
    try:
        token = await make_link(actor_in(request), contest, data.get("label", ""))
    except JiangxinError as error:
        return await _leader(request, contest, error)
    return await _leader(request, contest, made=f"{settings.current().origin}/follow/{token}")


@post(BASE + "/leader/{link:uuid}/end", guards=RUN, **HIDDEN)
async def leader_ended(request: Req, contest: UUID, link: UUID) -> Response[Any]:
    try:
        await end_link(actor_in(request), contest, link)
    except JiangxinError as error:
        return await _leader(request, contest, error)
    return see_other(at(contest, "/leader"), "The link is ended; its page answers nobody any more.")


async def _leader(
    request: Req, contest: UUID, error: JiangxinError | None = None, made: str = ""
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    return await show(
        request,
        "running/leader.html",
        room="leader",
        contest=contest,
        error=error,
        links=await links_of(contest),
        made=made,
        picture=qr.svg(made) if made else "",
        night=night_of(hall.now),
    )


# --- for the chat group ----------------------------------------------------------------------------


@get(BASE + "/share", guards=READ, **HIDDEN)
async def share_page(request: Req, contest: UUID) -> Response[bytes]:
    copies = [
        (code, COPY_WORDS[code], as_text(table), parts_of(table))
        if table
        else (code, COPY_WORDS[code], "", 0)
        for code, table in (await copies_of(contest, language_of(request))).items()
    ]
    return await show(request, "running/share.html", room="share", contest=contest, copies=copies)


@get(BASE + "/share/{code:str}/{part:int}", guards=READ, **HIDDEN)
async def share_picture(request: Req, contest: UUID, code: str, part: int) -> Response[bytes]:
    language = language_of(request)
    table = await copy_of(contest, code, language)
    content = await picture(table, language, part)
    return Response(
        content,
        media_type="image/png",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{code}-{part}.png"',
        },
    )


HANDLERS = [
    publication_page,
    publish,
    finalise,
    cancel,
    leader_page,
    leader_made,
    leader_ended,
    share_page,
    share_picture,
]
