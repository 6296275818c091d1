"""Partner rules of a contest: its class, what partners ask, how prizes may be shared out, which partners'
certificates the test is recognised for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import Question, typed
from admin.console.frame import Form, Req, see_other, show
from admin.console.proposals.outputs import shown_offers, typed_choice
from admin.console.proposals.words import FIELDS, UNFIT
from contests.founding.answers import START, answers_of
from contests.partnering import (
    answer_partners,
    choose_level,
    choose_outputs,
    recognition,
    state_class,
    take_prizes,
)
from contests.routing import of_contest
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web.i18n import NAMES
from core.web.language import language_of

ROOM = "/console/contests/{contest:uuid}/partner-rules"
MAY = [requires("contest.configure", of_contest)]


@get(ROOM, guards=MAY, include_in_schema=False)
async def rules_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(f"{ROOM}/class", guards=MAY, include_in_schema=False)
async def save_class(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await state_class(
            actor_in(request),
            contest,
            contest_class=data.get("contest_class", "").strip(),
            standard_level=data.get("standard_level", "").strip(),
            revision=_revision(data),
        )
    except JiangxinError as error:
        return await _page(request, contest, error, data)
    return see_other(_at(contest), "Saved.")


@post(f"{ROOM}/answers", guards=MAY, include_in_schema=False)
async def save_answers(request: Req, contest: UUID, data: Form) -> Response[Any]:
    known = await recognition(contest)
    answers = answers_of(known.questions, data)
    try:
        await answer_partners(actor_in(request), contest, answers, revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, data)
    return see_other(_at(contest), "Saved.")


@post(f"{ROOM}/prizes", guards=MAY, include_in_schema=False)
async def use_plan(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await take_prizes(actor_in(request), contest, revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, data)
    return see_other(
        f"/console/contests/{contest}/rules", "The contest's prizes are those of the authority now."
    )


@post(f"{ROOM}/outputs", guards=MAY, include_in_schema=False)
async def save_outputs(request: Req, contest: UUID, data: Form) -> Response[Any]:
    by, chosen = actor_in(request), typed_choice(data)
    try:
        await choose_outputs(by, contest, chosen, revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, data, outputs=data)
    return see_other(_at(contest), "Saved.")


@post(f"{ROOM}/level", guards=MAY, include_in_schema=False)
async def save_level(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await choose_level(
            actor_in(request),
            contest,
            choice=data.get("level", "").strip(),
            minimum=data.get("minimum", "").strip(),
            revision=_revision(data),
        )
    except JiangxinError as error:
        return await _page(request, contest, error, level=data)
    return see_other(_at(contest), "Saved.")


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    data: dict[str, str] | None = None,
    *,
    outputs: dict[str, str] | None = None,
    level: dict[str, str] | None = None,
) -> Response[bytes]:
    """outputs: what was typed about partners' certificates; level: about a filed body's."""
    known = await recognition(contest)
    sent = data or {}
    given = dict(known.answers) | {
        option.code: sent[START + option.code]
        for option in known.questions
        if START + option.code in sent
    }
    questions = [
        Question(
            START + option.code,
            option,
            typed(given.get(option.code, option.default)),
            f"/options/{option.code}",
            asked=True,
        )
        for option in known.questions
    ]
    chosen = sent.get("contest_class", known.contest_class)
    return await show(
        request,
        "proposals/partner_rules.html",
        room="partner-rules",
        contest=contest,
        error=error,
        known=known,
        editable=known.state == "draft",
        chosen=chosen,
        listed={choice.code for _, choices in known.classes for choice in choices},
        level=sent.get("standard_level", str(known.facts.get("standard_level", ""))),
        questions=questions,
        filed_choice=(level or {}).get("level", known.level.choice),
        filed_minimum=(level or {}).get("minimum", known.level.minimum),
        filed_codes={one.choice for one in known.filed},
        filed_error=level is not None,
        offers=await shown_offers(contest, known.offers, outputs, language_of(request)),
        unfit=[one for one in known.offers if one.unfit and not one.chosen],
        why=UNFIT,
        fields=FIELDS,
        tongues=NAMES,
    )


def _revision(data: dict[str, str]) -> int:
    text = data.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _at(contest: UUID) -> str:
    return f"/console/contests/{contest}/partner-rules"


HANDLERS = [rules_page, save_class, save_answers, use_plan, save_outputs, save_level]
