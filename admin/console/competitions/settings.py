"""Settings of one contest: its name, day and facts, the type's options, the small contest, templates."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import (
    ROOM_FOR_ONE_MORE,
    field_of,
    questions,
    title_fields,
    titles_in,
)
from admin.console.competitions.shelf import other_values
from admin.console.competitions.starting import preview_values
from admin.console.frame import Form, Req, see_other, show
from contests.actions.common import competition_row, contest_row
from contests.actions.setup import cancel_contest, save_facts, save_options
from contests.declared import HANDLING, SMALL
from contests.founding.answers import answers_of
from contests.founding.naming import rename_contest
from contests.founding.people import choosable_accounts
from contests.founding.small import share_duties
from contests.founding.starting import issuers_for
from contests.founding.templates import save_template
from contests.interests import KINDS
from contests.profile import duties_held, is_small
from contests.routing import of_contest
from core.contest_type import read_options
from core.errors import Invalid, JiangxinError, Stale
from core.registry import registry
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web.language import language_of
from credentials.occupations.looking import titles_of, unlisted

GUARDS = [requires("contest.configure", of_contest)]
AT = "/console/contests/{contest:uuid}/settings"
TEXTS = ("held_on", "organiser", "occupation", "contest_class", "standard_level")


@get(AT, guards=GUARDS, include_in_schema=False)
async def settings(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(f"{AT}/name", guards=GUARDS, include_in_schema=False)
async def save_name(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await rename_contest(actor_in(request), contest, titles_in(data), revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, "name", data)
    return see_other(_at(contest), "Saved.")


@post(f"{AT}/facts", guards=GUARDS, include_in_schema=False)
async def save_stated(request: Req, contest: UUID, data: Form) -> Response[Any]:
    """Facts that the form doesn't show (outputs, planned seats) stay as they are."""
    row = await contest_row(contest)
    facts = {k: v for k, v in json.loads(row["facts"]).items() if k not in TEXTS}
    facts |= {name: data[name].strip() for name in TEXTS if data.get(name, "").strip()}
    conflicts = {
        kind: data[f"conflict_{kind}"] for kind in KINDS if data.get(f"conflict_{kind}") in HANDLING
    }
    facts["conflicts"] = {**facts.get("conflicts", {}), **conflicts}
    try:
        await save_facts(actor_in(request), contest, facts, revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, "facts", data)
    return see_other(_at(contest), "Saved.")


@post(f"{AT}/options", guards=GUARDS, include_in_schema=False)
async def save_answers(request: Req, contest: UUID, data: Form) -> Response[Any]:
    row = await contest_row(contest)
    contest_type = registry().contest_type(row["type_code"], row["type_version"])
    if data.get(ROOM_FOR_ONE_MORE):
        return await _page(request, contest, None, "options", data)
    answers = answers_of(contest_type.options, data)
    try:
        await save_options(actor_in(request), contest, answers, revision=_revision(data))
    except Invalid as error:
        placed = [Finding(f"/options{f.pointer}", f.code, f.params) for f in error.findings]
        return await _page(request, contest, Invalid(placed), "options", data)
    except JiangxinError as error:
        return await _page(request, contest, error, "options", data)
    return see_other(_at(contest), "Saved. Scheme and rules were drafted again.")


@post(f"{AT}/small", guards=GUARDS, include_in_schema=False)
async def save_profile(request: Req, contest: UUID, data: Form) -> Response[Any]:
    row = await contest_row(contest)
    facts = {k: v for k, v in json.loads(row["facts"]).items() if k != "profile"}
    if data.get("small"):
        facts["profile"] = SMALL
    try:
        await save_facts(actor_in(request), contest, facts, revision=_revision(data))
    except JiangxinError as error:
        return await _page(request, contest, error, "small", data)
    return see_other(_at(contest), "Saved.")


@post(f"{AT}/duties", guards=GUARDS, include_in_schema=False)
async def share(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await share_duties(
            actor_in(request),
            contest,
            organiser=_account(data.get("organiser_account", "")),
            chief=_account(data.get("chief_account", "")),
            judging=bool(data.get("judging")),
        )
    except JiangxinError as error:
        return await _page(request, contest, error, "duties", data)
    return see_other(_at(contest), "Every duty is given to the two.")


@post(f"{AT}/template", guards=GUARDS, include_in_schema=False)
async def keep_template(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await save_template(actor_in(request), contest, title=titles_in(data))
    except JiangxinError as error:
        return await _page(request, contest, error, "template", data)
    return see_other(_at(contest), "The template is saved.")


@post(f"{AT}/cancel", guards=GUARDS, include_in_schema=False)
async def cancel(request: Req, contest: UUID) -> Response[Any]:
    try:
        await cancel_contest(actor_in(request), contest)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return see_other(f"/console/contests/{contest}")


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    form: str = "",
    data: dict[str, str] | None = None,
) -> Response[bytes]:
    """form: which of the page's forms was sent; its fields come back as they were typed, and where
    somebody else has saved in between, what stands now is told beside them."""
    row = await contest_row(contest)
    contest_type = registry().contest_type(row["type_code"], row["type_version"])
    stored, facts = json.loads(row["options"]), json.loads(row["facts"])
    typed = data or {}
    answers = answers_of(contest_type.options, typed) if form == "options" else stored
    now = _stands(json.loads(row["title"]), facts)
    values = {**now, **typed} if form in ("name", "facts") else now
    held = await competition_row(row["competition"])
    small = await is_small(contest)
    return await show(
        request,
        "competitions/contest_settings.html",
        room="settings",
        contest=contest,
        error=error,
        form=form,
        about=row,
        editable=row["state"] == "draft",
        nameable=row["state"] in ("draft", "ready"),
        values=values,
        typed=typed,
        stands=_moved(error, typed, now, contest_type, stored, answers, form),
        type_=contest_type,
        asked=questions(
            contest_type,
            answers,
            room_in=typed.get(ROOM_FOR_ONE_MORE, "") if form == "options" else "",
        ),
        small=small,
        shared=await duties_held(contest) if small else [],
        seats=facts.get("seats", []),
        accounts=await choosable_accounts(actor_in(request), contest),
        issuers=await issuers_for(actor_in(request)),
        kinds=KINDS,
        organisation=held["organisation"],
        main=field_of(language_of(request)),
        occupation_title=(await titles_of([values["occupation"]])).get(values["occupation"]),
        unlisted=await unlisted([values["occupation"]]),
        **preview_values(request, contest_type, answers),
    )


def _stands(title: dict[str, str], facts: dict[str, Any]) -> dict[str, str]:
    conflicts = facts.get("conflicts", {})
    return {
        **title_fields(title),
        **{name: str(facts.get(name, "")) for name in TEXTS},
        **{f"conflict_{kind}": conflicts.get(kind, "warn") for kind in KINDS},
    }


def _moved(
    error: JiangxinError | None,
    typed: dict[str, str],
    now: dict[str, str],
    contest_type: Any,
    stored: dict[str, Any],
    answers: dict[str, Any],
    form: str,
) -> list[tuple[Any, str]]:
    """(field, what stands now) where a parallel edit differs from what was typed."""
    if not isinstance(error, Stale):
        return []
    if form == "options":
        mine, _ = read_options(contest_type, answers)
        return [
            (option.title, str(stored.get(option.code, "")))
            for option in contest_type.options
            if mine.get(option.code) != stored.get(option.code)
        ]
    own = {name: value for name, value in now.items() if name in typed}
    return list(other_values(typed, own).items())


def _revision(data: dict[str, str]) -> int:
    text = data.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _account(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _at(contest: UUID) -> str:
    return f"/console/contests/{contest}/settings"


HANDLERS = [
    settings,
    save_name,
    save_stated,
    save_answers,
    save_profile,
    share,
    keep_template,
    cancel,
]
