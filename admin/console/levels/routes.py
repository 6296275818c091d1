"""The room of skill levels: the levels entered by hand, a form for one, and a body's list of numbers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import uploaded
from admin.console.frame import Form, Req, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen, document_kinds, who_of
from admin.console.levels import recognition_routes
from admin.console.people.importing import XLSX, download
from core.errors import Invalid, JiangxinError, NotFound
from core.privacy import names_of
from core.security import actor_in
from core.skill_levels import ALL_LEVELS
from core.web import templates
from core.web.language import language_of
from credentials.occupations.looking import titles_of as titles_of_occupations
from credentials.records.bodies import ACTS, READS, acting_bodies, titles_of
from credentials.records.levels import holding
from credentials.records.levels.issued import taking_back
from credentials.records.levels.issued.checking import Checked, check_list
from credentials.records.levels.issued.reading import Line, empty_table, read_list
from credentials.records.levels.issued.work import grant_list
from credentials.records.sheets import carried

HERE = Path(__file__).parent
ROOM = "/console/levels"
ISSUED, LISTS = f"{ROOM}/issued", f"{ROOM}/lists"
WHYS = {
    taking_back.SIGNED: "Its certificate is signed. Revoke it on the contest's page of certificates.",
    taking_back.AWAY: "It has left to be signed by the body itself. Wait until it is back.",
    taking_back.RESTS: "A later contest proposed something that may rest on it. Decide on that first.",
}
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


def register() -> None:
    templates.register("console-levels", HERE / "templates")


@get(ROOM, guards=_READS, include_in_schema=False)
async def levels_page(request: Req) -> Response[bytes]:
    return await _page(request, {})


@post(ROOM, guards=_ACTS, include_in_schema=False)
async def enter(request: Req, data: Form) -> Response[Any]:
    entry = holding.Entry(
        data.get("body", ""),
        who_of(data),
        data.get("occupation", ""),
        data.get("level", ""),
        data.get("number", ""),
        data.get("granted_on", ""),
        data.get("issuer", ""),
        data.get("source", ""),
        data.get("link", ""),
        data.get("hash", ""),
        compared=data.get("compared") == "yes",
    )
    try:
        await holding.enter_level(actor_in(request), entry)
    except JiangxinError as error:
        return await _page(request, data, error)
    return see_other(ROOM, "The level is on record.")


@post(ROOM + "/{held:uuid}/out", guards=_ACTS, include_in_schema=False)
async def take_out(request: Req, held: UUID) -> Response[Any]:
    await holding.take_out(actor_in(request), held)
    return see_other(ROOM, "The entry is taken out.")


@get(ISSUED, guards=_ACTS, include_in_schema=False)
async def issued_page(request: Req) -> Response[bytes]:
    return await _issued(request, {})


@get(ISSUED + "/empty.xlsx", guards=_ACTS, include_in_schema=False)
async def empty(request: Req) -> Response[bytes]:
    return download(empty_table(language_of(request)), XLSX, "issued-numbers.xlsx")


@post(ISSUED, guards=_ACTS, include_in_schema=False, status_code=200)
async def look(request: Req) -> Response[bytes]:
    """Shows what the list would do; nothing is changed and nothing kept."""
    form = await request.form()
    data = {"body": str(form.get("body", ""))}
    try:
        _, content, data = await uploaded(request)
        lines = read_list(content)
        checked = await check_list(actor_in(request), data.get("body", ""), lines)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _issued(request, data, error)
    return await _issued(request, data, lines=lines, checked=checked)


@post(ISSUED + "/grant", guards=_ACTS, include_in_schema=False)
async def grant(request: Req, data: Form) -> Response[Any]:
    """The list comes back as it was shown, and is checked again line by line."""
    by, body, lines = actor_in(request), data.get("body", ""), list[Line]()
    try:
        lines = carried(data.get("lines", ""), Line)
        job = await grant_list(by, body, lines, only_right=data.get("only_right") == "yes")
    except NotFound:
        raise
    except JiangxinError as error:
        again = lines and isinstance(error, Invalid)
        checked = await check_list(by, body, lines) if again else ()
        return await _issued(request, data, error, lines=lines, checked=checked)
    return see_other(
        f"/console/jobs/{job}", "The levels are being granted. The certificates follow."
    )


@get(LISTS, guards=_ACTS, include_in_schema=False)
async def lists_page(request: Req) -> Response[bytes]:
    found = await taking_back.lists_for(actor_in(request))
    titles = await titles_of(one.issuer for one in found)
    return await show(
        request, "console-levels/lists.html", room="levels", found=found, titles=titles
    )


@get(LISTS + "/{list_id:uuid}", guards=_ACTS, include_in_schema=False)
async def list_page(request: Req, list_id: UUID) -> Response[bytes]:
    return await _list(request, list_id)


@post(LISTS + "/{list_id:uuid}/back", guards=_ACTS, include_in_schema=False)
async def take_list_back(request: Req, list_id: UUID, data: Form) -> Response[Any]:
    try:
        gone, left = await taking_back.take_list_back(
            actor_in(request), list_id, data.get("count", "")
        )
    except Invalid as error:
        return await _list(request, list_id, error)
    return see_other(
        f"{LISTS}/{list_id}" if left else LISTS,
        "{count} levels are proposed again, {left} stay.",
        count=gone,
        left=left,
    )


async def _page(
    request: Req, data: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by) if by.may_somewhere(ACTS) else []
    found = await holding.entered_for(by)
    return await show(
        request,
        "console-levels/levels.html",
        room="levels",
        error=error,
        found=found,
        names=await names_of({row["person"] for row in found}),
        keepers=await titles_of(row["keeper"] for row in found),
        odd=isinstance(error, holding.Odd),
        typed=data,
        bodies=bodies,
        body=chosen(bodies, data),
        levels=ALL_LEVELS,
        occupations=await titles_of_occupations(row["occupation"] for row in found),
        document_kinds=document_kinds(),
        acting={one.code for one in bodies},
    )


async def _list(request: Req, list_id: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    issuer, found = await taking_back.standing(actor_in(request), list_id)
    return await show(
        request,
        "console-levels/list.html",
        room="levels",
        error=error,
        list_id=list_id,
        issuer=(await titles_of([issuer])).get(issuer, issuer),
        found=found,
        going=sum(not one.why for one in found),
        levels=ALL_LEVELS,
        whys=WHYS,
    )


async def _issued(
    request: Req,
    data: dict[str, str],
    error: JiangxinError | None = None,
    *,
    lines: list[Line] | None = None,
    checked: Any = (),
) -> Response[bytes]:
    bodies = await acting_bodies(actor_in(request))
    found: list[Checked] = list(checked)
    return await show(
        request,
        "console-levels/issued.html",
        room="levels",
        error=error,
        bodies=bodies,
        body=chosen(bodies, data),
        checked=sorted(found, key=lambda one: (not one.wrong, not one.odd, one.line.at)),
        counts={
            "right": sum(1 for one in found if one.proposal),
            "wrong": sum(1 for one in found if one.wrong),
            "done": sum(1 for one in found if one.done),
        },
        kept=json.dumps([asdict(line) for line in lines or ()], ensure_ascii=False),
        levels=ALL_LEVELS,
    )


HANDLERS = [
    levels_page,
    enter,
    take_out,
    issued_page,
    empty,
    look,
    grant,
    lists_page,
    list_page,
    take_list_back,
    *recognition_routes.HANDLERS,
]
