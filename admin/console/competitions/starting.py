"""A new contest: from a type, from a saved template, like an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from admin.console.competitions.forms import (
    ROOM_FOR_ONE_MORE,
    field_of,
    questions,
    title_fields,
    titles_in,
)
from admin.console.frame import Form, Req, part, see_other, show
from contests.actions.common import competition_row
from contests.actions.setup import ContestStart
from contests.declared import SMALL
from contests.founding.answers import answers_of
from contests.founding.cloning import PARTS, clone_contest, sources_for
from contests.founding.preview import Sentence, drafted
from contests.founding.starting import found_contest, issuers_for
from contests.founding.templates import (
    delete_template,
    start_of_template,
    template_title,
    templates_of,
)
from contests.queries import contest_overview
from contests.routing import of_competition
from core.contest_type import ContestType
from core.errors import JiangxinError
from core.findings import render
from core.registry import registry
from core.security import actor_in, requires
from core.web.i18n import pick, translate
from core.web.language import language_of

CONFIGURE = [requires("contest.configure", of_competition)]
AT = "/console/competitions/{competition:uuid}/contests"
FACTS = ("held_on", "organiser", "occupation", "contest_class")
"""Facts that a new contest is asked for; all have a default or may stay open."""


@get(f"{AT}/new", guards=CONFIGURE, include_in_schema=False)
async def choose(request: Req, competition: UUID) -> Response[bytes]:
    row, by = await competition_row(competition), actor_in(request)
    return await show(
        request,
        "competitions/choose.html",
        room="competition",
        competition=competition,
        types=registry().contest_types(),
        saved=await templates_of(by, row["organisation"]),
    )


@get(f"{AT}/new/{{type_:str}}", guards=CONFIGURE, include_in_schema=False)
async def new_contest(
    request: Req, competition: UUID, type_: str, template: str = ""
) -> Response[bytes]:
    contest_type = registry().contest_type(type_)
    ready = next((t for t in contest_type.templates if t.code == template), None)
    row = await competition_row(competition)
    values = {"held_on": row["held_to"]}
    if ready:
        values |= title_fields(ready.title)
    return await _form(
        request, competition, contest_type, values, dict(ready.options) if ready else {}
    )


@post(f"{AT}/new/{{type_:str}}", guards=CONFIGURE, include_in_schema=False)
async def make_contest(request: Req, competition: UUID, type_: str, data: Form) -> Response[Any]:
    contest_type = registry().contest_type(type_)
    answers = answers_of(contest_type.options, data)
    if data.get(ROOM_FOR_ONE_MORE):
        return await _form(
            request, competition, contest_type, data, answers, room_in=data[ROOM_FOR_ONE_MORE]
        )
    try:
        contest = await found_contest(
            actor_in(request),
            competition,
            ContestStart(
                code=data.get("code", "").strip(),
                title=titles_in(data),
                type_code=type_,
                options=answers,
                facts=facts_in(data),
            ),
        )
    except JiangxinError as error:
        return await _form(request, competition, contest_type, data, answers, error)
    return see_other(f"/console/contests/{contest}", "The contest is made. The next step is below.")


@post(
    "/console/competitions/{competition:uuid}/preview/{type_:str}",
    guards=CONFIGURE,
    status_code=200,
    include_in_schema=False,
)
async def preview(request: Req, competition: UUID, type_: str, data: Form) -> Response[bytes]:
    """What the answers would make, for htmx to show beside the form."""
    contest_type = registry().contest_type(type_)
    answers = answers_of(contest_type.options, data)
    return part(
        request, "competitions/preview.html", **preview_values(request, contest_type, answers)
    )


# --- saved templates ---------------------------------------------------------------------------


@get(f"{AT}/from-template/{{template:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def template_form(request: Req, competition: UUID, template: UUID) -> Response[bytes]:
    row = await competition_row(competition)
    await start_of_template(actor_in(request), template, title={}, code="")
    values = {**title_fields(await template_title(template)), "held_on": row["held_to"]}
    return await _template_form(request, competition, template, values)


@post(f"{AT}/from-template/{{template:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def make_from_template(
    request: Req, competition: UUID, template: UUID, data: Form
) -> Response[Any]:
    by = actor_in(request)
    try:
        start = await start_of_template(
            by, template, title=titles_in(data), code=data.get("code", "").strip()
        )
        facts = {**start.facts, **facts_in(data)}
        contest = await found_contest(by, competition, replace(start, facts=facts))
    except JiangxinError as error:
        return await _template_form(request, competition, template, data, error)
    return see_other(f"/console/contests/{contest}", "The contest is made. The next step is below.")


@post(f"{AT}/from-template/{{template:uuid}}/delete", guards=CONFIGURE, include_in_schema=False)
async def drop_template(request: Req, competition: UUID, template: UUID) -> Response[Any]:
    await delete_template(actor_in(request), template)
    return see_other(
        f"/console/competitions/{competition}/contests/new", "The template is deleted."
    )


# --- like an earlier one -----------------------------------------------------------------------


@get(f"{AT}/like", guards=CONFIGURE, include_in_schema=False)
async def clone_form(request: Req, competition: UUID, source: str = "") -> Response[bytes]:
    row = await competition_row(competition)
    values = {"source": source, "held_on": row["held_to"], **{f"take_{p}": "yes" for p in PARTS}}
    known = {str(one.id): one for one in await sources_for(actor_in(request))}
    if source in known:
        values |= title_fields(known[source].title)
    return await _clone_form(request, competition, values)


@post(f"{AT}/like", guards=CONFIGURE, include_in_schema=False)
async def make_clone(request: Req, competition: UUID, data: Form) -> Response[Any]:
    by = actor_in(request)
    known = {str(one.id): one for one in await sources_for(by)}
    source = known.get(data.get("source", ""))
    if source is None:
        return await _clone_form(request, competition, data, choose=True)
    try:
        contest = await clone_contest(
            by,
            source.id,
            competition,
            title=titles_in(data) or source.title,
            code=data.get("code", "").strip(),
            held_on=data.get("held_on", ""),
            take=[part_ for part_ in PARTS if data.get(f"take_{part_}")],
        )
    except JiangxinError as error:
        return await _clone_form(request, competition, data, error)
    return see_other(f"/console/contests/{contest}", "The contest is made. The next step is below.")


# --- pieces ------------------------------------------------------------------------------------


def facts_in(data: dict[str, str]) -> dict[str, Any]:
    """The facts that were typed; an empty field says nothing."""
    facts: dict[str, Any] = {
        name: data[name].strip() for name in FACTS if data.get(name, "").strip()
    }
    if data.get("small"):
        facts["profile"] = SMALL
    return facts


def preview_values(
    request: Req, contest_type: ContestType, answers: dict[str, Any]
) -> dict[str, Any]:
    shown = drafted(contest_type, answers)
    language = language_of(request)
    return {
        "drafted": shown,
        "sentences": [_said(sentence, language) for sentence in shown.rules],
        "wrong": [
            (_option_title(contest_type, finding.pointer), render(finding, language))
            for finding in shown.findings
        ],
    }


def _said(sentence: Sentence, language: str) -> str:
    params = {key: pick(value, language) for key, value in sentence.params.items()}
    return translate(sentence.words, language, **params)


def _option_title(contest_type: ContestType, pointer: str) -> Any:
    code = pointer.split("/")[1] if "/" in pointer else ""
    return next((o.title for o in contest_type.options if o.code == code), {})


async def _form(
    request: Request[Any, Any, Any],
    competition: UUID,
    contest_type: ContestType,
    values: dict[str, str],
    answers: dict[str, Any],
    error: JiangxinError | None = None,
    *,
    room_in: str = "",
) -> Response[bytes]:
    return await show(
        request,
        "competitions/new_contest.html",
        room="competition",
        competition=competition,
        error=error,
        type_=contest_type,
        values=values,
        asked=questions(contest_type, answers, room_in=room_in),
        issuers=await issuers_for(actor_in(request)),
        main=field_of(language_of(request)),
        **preview_values(request, contest_type, answers),
    )


async def _template_form(
    request: Req,
    competition: UUID,
    template: UUID,
    values: dict[str, str],
    error: JiangxinError | None = None,
) -> Response[bytes]:
    return await show(
        request,
        "competitions/from_template.html",
        room="competition",
        competition=competition,
        error=error,
        values=values,
        issuers=await issuers_for(actor_in(request)),
        main=field_of(language_of(request)),
    )


async def _clone_form(
    request: Req,
    competition: UUID,
    values: dict[str, str],
    error: JiangxinError | None = None,
    *,
    choose: bool = False,
) -> Response[bytes]:
    sources = await sources_for(actor_in(request))
    chosen = next((one for one in sources if str(one.id) == values.get("source")), None)
    about = await contest_overview(chosen.id) if chosen else None
    return await show(
        request,
        "competitions/like.html",
        room="competition",
        competition=competition,
        error=error,
        status=422 if choose else 200,
        values=values,
        sources=sources,
        chosen=chosen,
        choose=choose,
        about=about,
        aspects=sum(len(m.aspects()) for m in about.scheme.modules) if about else 0,
        parts=PARTS,
        main=field_of(language_of(request)),
    )


HANDLERS = [
    choose,
    new_contest,
    make_contest,
    preview,
    template_form,
    make_from_template,
    drop_template,
    clone_form,
    make_clone,
]
