"""The room of honours: the list, one page for each, and the forms that move it on."""

import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, done, see_other, show
from admin.console.honours import evidence_routes, studio_routes, words
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen, document_kinds, entry_of, proof_of
from admin.console.naming import labels_of
from core.errors import JiangxinError
from core.privacy import names_of
from core.security import actor_in
from core.web import assets, templates
from credentials.records.bodies import ACTS, READS, acting_bodies, titles_of
from credentials.records.honours import deciding, entering, withdrawing
from credentials.records.honours.catalogue import FAMILIES, TIERS, cities, kinds
from credentials.records.honours.queries import Wanted, honour_page, honours_for, years_for
from credentials.records.honours.studios import studios_for
from credentials.records.notices import running, today_in_china

HERE = Path(__file__).parent
ROOM = "/console/honours"
FILTERS = ("family", "tier", "city", "year", "state")
PILLS = {"granted": "good", "notice": "warn", "withdrawn": "bad", "declined": "bad"}
ICONS = {"proposed": "○", "notice": "◔", "granted": "✓", "declined": "✕", "withdrawn": "✕"}
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


def register() -> None:
    assets.register("admin/honours", HERE / "static")
    templates.register("console-honours", HERE / "templates")


@get(ROOM, guards=_READS, include_in_schema=False)
async def honours(request: Req) -> Response[bytes]:
    return await _list(request)


@post(ROOM + "/take-up/{proposal:uuid}", guards=_ACTS, include_in_schema=False)
async def take_up(request: Req, proposal: UUID) -> Response[Any]:
    try:
        case = await entering.take_up(actor_in(request), proposal)
    except entering.TakenUp as error:
        return await _list(request, error)
    return see_other(f"{ROOM}/{case}", "The proposal is taken up. Put it in public notice next.")


@get(ROOM + "/new", guards=_ACTS, include_in_schema=False)
async def new(request: Req) -> Response[bytes]:
    return await _form(request, {})


@post(ROOM, guards=_ACTS, include_in_schema=False)
async def enter(request: Req, data: Form) -> Response[Any]:
    """As a proposal of one's own, or as a fact that was granted elsewhere."""
    by = actor_in(request)
    try:
        if data.get("how") == "elsewhere":
            shown = data.get("disclosed") == "yes"
            case = await entering.record_elsewhere(
                by, entry_of(data), proof_of(data), disclosed=shown
            )
        else:
            case = await entering.propose_honour(by, entry_of(data))
    except JiangxinError as error:
        return await _form(request, data, error)
    return see_other(f"{ROOM}/{case}", "The honour is entered.")


@get(ROOM + "/{case:uuid}", guards=_READS, include_in_schema=False)
async def honour(request: Req, case: UUID) -> Response[bytes]:
    return await _page(request, case)


@post(ROOM + "/{case:uuid}/notice", guards=_ACTS, include_in_schema=False)
async def notice(request: Req, case: UUID, data: Form) -> Response[Any]:
    step = deciding.open_notice(actor_in(request), case, until=data.get("notice_until", ""))
    return await _done(request, case, step, data, "The public notice has begun.")


@post(ROOM + "/{case:uuid}/objections", guards=_ACTS, include_in_schema=False)
async def objection(request: Req, case: UUID, data: Form) -> Response[Any]:
    step = deciding.object_to(actor_in(request), case, data.get("objection", ""))
    return await _done(request, case, step, data, "The objection is filed.")


@post(ROOM + "/{case:uuid}/objections/{objection:uuid}", guards=_ACTS, include_in_schema=False)
async def answer(request: Req, case: UUID, objection: UUID, data: Form) -> Response[Any]:
    upheld = data.get("upheld") == "yes"
    text = data.get("answer", "")
    step = deciding.answer(actor_in(request), case, objection, text, upheld=upheld)
    return await _done(request, case, step, data, "The objection is answered.")


@post(ROOM + "/{case:uuid}/grant", guards=_ACTS, include_in_schema=False)
async def grant(request: Req, case: UUID, data: Form) -> Response[Any]:
    shown = data.get("disclosed") == "yes"
    step = deciding.grant_honour(actor_in(request), case, proof_of(data), disclosed=shown)
    return await _done(request, case, step, data, "The honour is granted.")


@post(ROOM + "/{case:uuid}/decline", guards=_ACTS, include_in_schema=False)
async def decline(request: Req, case: UUID, data: Form) -> Response[Any]:
    step = deciding.decline_honour(actor_in(request), case, why=data.get("why", ""))
    return await _done(request, case, step, data, "The honour is declined.")


@post(ROOM + "/{case:uuid}/withdrawal", guards=_ACTS, include_in_schema=False)
async def ask_withdrawal(request: Req, case: UUID, data: Form) -> Response[Any]:
    reason, document = data.get("reason", ""), data.get("document", "")
    step = withdrawing.ask_withdrawal(actor_in(request), case, reason=reason, document=document)
    return await _done(request, case, step, data, "Another person has to confirm the withdrawal.")


@post(ROOM + "/{case:uuid}/withdrawal/confirm", guards=_ACTS, include_in_schema=False)
async def confirm_withdrawal(request: Req, case: UUID, data: Form) -> Response[Any]:
    step = withdrawing.confirm_withdrawal(actor_in(request), case)
    return await _done(request, case, step, data, "The honour is withdrawn.")


@post(ROOM + "/{case:uuid}/withdrawal/drop", guards=_ACTS, include_in_schema=False)
async def drop_withdrawal(request: Req, case: UUID, data: Form) -> Response[Any]:
    step = withdrawing.drop_withdrawal(actor_in(request), case)
    return await _done(request, case, step, data, "The honour stays.")


@post(evidence_routes.HONOUR, guards=_ACTS, include_in_schema=False)
async def add_file(request: Req, case: UUID) -> Response[Any]:
    step = evidence_routes.hand_in_for_honour(request, case)
    return await _done(request, case, step, {}, "The evidence is added.")


async def _done(
    request: Req, case: UUID, step: Awaitable[Any], data: dict[str, str], sentence: str
) -> Response[Any]:
    """The page again, with what went wrong and what was typed."""
    return await done(
        step, lambda error: _page(request, case, error, data), f"{ROOM}/{case}", sentence
    )


async def _list(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    by = actor_in(request)
    typed = {name: request.query_params.get(name, "") for name in FILTERS}
    year = int(typed["year"]) if typed["year"].isdecimal() and len(typed["year"]) == 4 else 0
    wanted = Wanted(
        typed["family"],
        typed["tier"],
        typed["city"],
        year,
        typed["state"],
        request.query_params.get("after", ""),
    )
    found, following = await honours_for(by, wanted)
    waiting = await entering.to_take_up(by) if by.may_somewhere(ACTS) else []
    asked = {name: value for name, value in typed.items() if value}
    return await show(
        request,
        "console-honours/list.html",
        room="honours",
        error=error,
        found=found,
        typed=typed,
        waiting=waiting,
        names=await names_of({row["person"] for row in waiting}),
        titles={row["id"]: json.loads(row["title"]) for row in waiting},
        bodies=await titles_of(one.row["authority"] for one in found),
        years=await years_for(by),
        next_page=f"{ROOM}?{urlencode({**asked, 'after': following})}" if following else "",
        may_act=by.may_somewhere(ACTS),
        **_words(),
    )


async def _form(
    request: Req, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by)
    return await show(
        request,
        "console-honours/new.html",
        room="honours",
        error=error,
        typed=data,
        bodies=bodies,
        body=chosen(bodies, data),
        kinds=kinds(),
        studios=[(row["id"], name) for row, name, _ in await studios_for(by)],
        document_kinds=document_kinds(),
        **_words(),
    )


async def _page(
    request: Req,
    case: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    by = actor_in(request)
    page = await honour_page(by, case)
    today = today_in_china()
    return await show(
        request,
        "console-honours/one.html",
        room="honours",
        error=error,
        page=page,
        typed=typed or {},
        labels=await labels_of(one.account for one in page.history),
        body=(await titles_of([page.row["authority"]])).get(page.row["authority"]),
        running=running(page.row, today),
        over=bool(page.row["notice_until"]) and page.row["notice_until"] < today.isoformat(),
        own=page.row["asked_by"] == by.account,
        today=today.isoformat(),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "states": words.STATES,
        "families": {code: words.FAMILIES[code] for code in FAMILIES},
        "tiers": {code: words.TIERS[code] for code in TIERS},
        "holders": words.HOLDERS,
        "events": words.EVENTS,
        "answers": words.OBJECTIONS,
        "cities": cities(),
        "pills": PILLS,
        "icons": ICONS,
    }


HANDLERS = [
    honours,
    take_up,
    new,
    enter,
    honour,
    notice,
    objection,
    answer,
    grant,
    decline,
    ask_withdrawal,
    confirm_withdrawal,
    drop_withdrawal,
    add_file,
    *evidence_routes.HANDLERS,
    *studio_routes.HANDLERS,
]
