"""The forms that are data: each is a page, what it is, who may, who else is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from admin.console.frame import Form, Req, see_other, show
from admin.console.running import (
    appeals,
    arrivals,
    clock,
    draws,
    incidents,
    marking,
    signing,
)
from admin.console.running.forms import Duty
from admin.console.running.hall import hall_of, who_may
from admin.console.running.places import BASE, HIDDEN, at
from admin.console.running.typed import Typing
from contests.routing import of_contest
from core.errors import JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web.language import language_of

DUTIES: tuple[Duty, ...] = (
    *marking.DUTIES,
    *clock.DUTIES,
    *incidents.DUTIES,
    *arrivals.DUTIES,
    *draws.DUTIES,
    *signing.DUTIES,
    *appeals.DUTIES,
)


def duty(code: str) -> Duty:
    return next(duty for duty in DUTIES if duty.code == code)


def _handlers(duty: Duty) -> list[HTTPRouteHandler]:
    """The page of one form, and what it sends."""
    guards = [requires(duty.permission, of_contest)]

    @get(BASE + duty.path, guards=guards, name=f"running.{duty.code}", **HIDDEN)
    async def page(request: Req, contest: UUID) -> Response[bytes]:
        return await duty_page(request, contest, duty, dict(request.query_params))

    @post(BASE + duty.path, guards=guards, name=f"running.{duty.code}.send", **HIDDEN)
    async def send(request: Req, contest: UUID, data: Form) -> Response[Any]:
        by = actor_in(request)
        try:
            hall = await hall_of(contest, by)
            done = await duty.run(by, contest, Typing(data), hall)
        except JiangxinError as error:
            return await duty_page(request, contest, duty, data, at_fields(error))
        return see_other(at(contest, duty.path), done.sentence, undo=done.undo, **done.params)

    return [page, send]


def at_fields(error: JiangxinError) -> JiangxinError:
    """Findings of a verb's own shape ("/members/0/name") at the field that was typed into ("/name")."""
    error.findings = [
        Finding("/" + f.pointer.rsplit("/", 1)[-1] if f.pointer else "", f.code, f.params)
        for f in error.findings
    ]
    return error


async def duty_page(
    request: Req,
    contest: UUID,
    duty: Duty,
    data: Mapping[str, str],
    error: JiangxinError | None = None,
) -> Response[bytes]:
    language = language_of(request)
    hall = await hall_of(contest, actor_in(request))
    tabs = [d for d in DUTIES if d.room == duty.room and hall.may(d.permission)]
    return await show(
        request,
        "running/duty.html",
        room=duty.room,
        contest=contest,
        error=error,
        hall=hall,
        duty=duty,
        tabs=tabs,
        fields=await duty.ask(hall, data, language),
        typed=data,
        open=hall.state in duty.states,
        people=await who_may(hall, duty.permission),
        listed=await duty.load(hall, language) if duty.load else None,
    )


HANDLERS = [handler for duty in DUTIES for handler in _handlers(duty)]
