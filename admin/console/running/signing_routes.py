"""From the last mark to a signed result: sign-off, recheck, appeals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.corrections.effects import CHANGES, KINDS, Effects, effects_if_any
from admin.console.frame import Form, Req, see_other, show
from admin.console.running import (
    appeals,
    inbox,
    recheck,
    signing,
)
from admin.console.running.duty_routes import at_fields
from admin.console.running.hall import hall_of, rules_of, who_may
from admin.console.running.places import BASE, HIDDEN, READ, at
from admin.console.running.typed import Typing
from contests.actions.approvals import wanted_of
from contests.actions.closing import (
    confirm_awards,
    rule_appeal,
    sign_contest,
)
from contests.actions.common import scopes_of
from contests.next_step import next_step
from contests.routing import of_contest
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding
from core.security import actor_in, requires

# --- sign-off --------------------------------------------------------------------------------------


@get(BASE + "/signing", guards=READ, **HIDDEN)
async def signing_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _signing(request, contest)


@post(BASE + "/signing", guards=[requires("contest.sign", of_contest)], **HIDDEN)
async def sign(request: Req, contest: UUID) -> Response[Any]:
    try:
        role = await sign_contest(actor_in(request), contest)
    except JiangxinError as error:
        return await _signing(request, contest, error)
    return see_other(at(contest, "/signing"), "Signed as {role}.", role=role)


@post(BASE + "/signing/prizes", guards=[requires("contest.close", of_contest)], **HIDDEN)
async def prizes(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await confirm_awards(actor_in(request), contest, reason=data.get("reason", ""))
    except JiangxinError as error:
        return await _signing(request, contest, error)
    return see_other(at(contest, "/signing"), "The prizes are confirmed as proposed.")


async def _signing(
    request: Req, contest: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    verb, unmet = await next_step(contest, hall.row, hall.now)
    return await show(
        request,
        "running/signing.html",
        room="signing",
        contest=contest,
        error=error,
        hall=hall,
        places=await signing.places_to_sign(hall) if hall.row["result_version"] else [],
        verb=verb,
        unmet=unmet,
        tied=hall.may("contest.close") and bool(await signing.tied(hall)),
        may_close=hall.may("contest.close"),
    )


# --- recheck ---------------------------------------------------------------------------------------


_CORRECT = [requires("contest.correct", of_contest)]


@get(BASE + "/recheck", guards=_CORRECT, **HIDDEN)
async def recheck_page(request: Req, contest: UUID) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    module = request.query_params.get("module", "")[:80]
    code = request.query_params.get("code", "").strip()[:80]
    ended = hall.row["judging_ended_at"] is not None
    shown, error = None, None
    if ended and module and code:
        try:
            shown = await recheck.work_sheets(hall, module, code)
        except JiangxinError:
            params = {"module": module, "code": code}
            error = Invalid([Finding("/code", "code-unknown", params)])
    return await show(
        request,
        "running/recheck.html",
        room="recheck",
        contest=contest,
        error=error,
        hall=hall,
        ended=ended,
        module=module,
        code=code,
        work=shown,
        done=await recheck.corrections(hall),
        waiting=[w for w in await inbox.waiting(hall.by, contest=contest) if w.correction],
        sample=await recheck.sample(hall) if hall.may("contest.read_standings") else [],
    )


_MARK = BASE + "/recheck/{module:str}/{code:str}/{judge:uuid}/{aspect:str}"


@get(_MARK, guards=_CORRECT, **HIDDEN)
async def correction_page(
    request: Req, contest: UUID, module: str, code: str, judge: UUID, aspect: str
) -> Response[bytes]:
    return await _correction(request, contest, module, code, judge, aspect, {})


@post(_MARK, guards=_CORRECT, **HIDDEN)
async def correction_asked(
    request: Req, contest: UUID, module: str, code: str, judge: UUID, aspect: str, data: Form
) -> Response[Any]:
    """What rests on the mark is shown first; the same form, sent again from there, asks."""
    by = actor_in(request)
    hall = await hall_of(contest, by)
    about = await recheck.correcting(hall, module, code, str(judge), aspect)
    try:
        body = recheck.asked_body(Typing(data), about)
        if data.get("seen") != "yes":
            found = await effects_if_any(by, contest, wanted_of(body), await scopes_of(contest))
            if found:
                where = (module, code, judge, aspect)
                return await _correction(request, contest, *where, data, effects=found)
        done = await recheck.ask_for_correction(by, contest, body)
    except JiangxinError as error:
        told = at_fields(error)
        return await _correction(request, contest, module, code, judge, aspect, data, told)
    return see_other(at(contest, "/recheck"), done.sentence, undo=done.undo)


async def _correction(
    request: Req,
    contest: UUID,
    module: str,
    code: str,
    judge: UUID,
    aspect: str,
    data: Mapping[str, str],
    error: JiangxinError | None = None,
    effects: Effects | None = None,
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    return await show(
        request,
        "running/correction.html",
        room="recheck",
        contest=contest,
        error=error,
        about=await recheck.correcting(hall, module, code, str(judge), aspect),
        typed=data,
        people=await who_may(hall, "contest.correct"),
        back=at(contest, "/recheck"),
        effects=effects,
        kinds=KINDS,
        changes=CHANGES,
    )


# --- appeals ---------------------------------------------------------------------------------------


@get(BASE + "/appeals", guards=[requires("contest.read_standings", of_contest)], **HIDDEN)
async def appeals_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _appeals(request, contest)


@post(
    BASE + "/appeals/{appeal:uuid}/ruling",
    guards=[requires("appeal.rule", of_contest)],
    **HIDDEN,
)
async def ruling(request: Req, contest: UUID, appeal: UUID, data: Form) -> Response[Any]:
    typed = Typing(data)
    try:
        reason = typed.needed("reason", "Reason")
        typed.done()
        await rule_appeal(actor_in(request), appeal, ruling=data.get("ruling", ""), reason=reason)
    except JiangxinError as error:
        return await _appeals(request, contest, error, data, appeal)
    return see_other(at(contest, "/appeals"), "The ruling is on record, and it is final.")


async def _appeals(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    data: Mapping[str, str] | None = None,
    about: UUID | None = None,
) -> Response[bytes]:
    hall = await hall_of(contest, actor_in(request))
    rules = rules_of(hall.row)
    return await show(
        request,
        "running/appeals.html",
        room="appeals",
        contest=contest,
        error=error,
        hall=hall,
        appeals=await appeals.appeals_of(hall),
        until=appeals.until(hall),
        minutes=rules.appeal_minutes if rules else 0,
        may_file=hall.may("appeal.file") and hall.state in appeals.STATES,
        may_rule=hall.may("appeal.rule"),
        people=await who_may(hall, "appeal.rule"),
        typed=data or {},
        about=about,
    )


HANDLERS = [
    signing_page,
    sign,
    prizes,
    recheck_page,
    correction_page,
    correction_asked,
    appeals_page,
    ruling,
]
