"""The import of a table: hand it in, see everything, mend it, carry it out, take it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.people.reading import field_words, fields_of, shown_draft, unread_columns
from admin.console.people.words import KIND_TITLES, STATES, UNIT_KINDS, VERDICTS
from contests.actions.common import competition_scopes, scopes_of
from contests.entering.carrying import carry_out, undo_hindered, undo_import
from contests.entering.columns import KINDS
from contests.entering.exporting import planned_rows, template, template_choices
from contests.entering.importing import (
    check_import,
    drop_import,
    mend,
    original_file,
    set_columns,
    start_import,
)
from contests.entering.kept import PERMISSIONS, Import, import_of, imports_of
from contests.entering.known import Known
from contests.entering.load import known_for
from contests.routing import of_competition, of_contest
from core.errors import JiangxinError, NotFound
from core.security import actor_in, logged_in, requires
from core.web.language import language_of

_ENTER = [requires("contest.enter", of_contest)]
_APPOINT = [requires("contest.appoint", of_contest)]
_POOL = [requires("competition.configure", of_competition)]
_CONFIGURE = [requires("contest.configure", of_competition)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/console/contests/{contest:uuid}/people/import", guards=_ENTER, include_in_schema=False)
async def entrants_import(request: Req, contest: UUID) -> Response[bytes]:
    return await _start_page(request, "entrants", contest=contest)


@post(
    "/console/contests/{contest:uuid}/people/import",
    guards=_ENTER,
    include_in_schema=False,
    status_code=200,
)
async def hand_in_entrants(request: Req, contest: UUID) -> Response[Any]:
    return await _hand_in(request, "entrants", contest=contest)


@get("/console/contests/{contest:uuid}/people/staff", guards=_APPOINT, include_in_schema=False)
async def staff_import(request: Req, contest: UUID) -> Response[bytes]:
    return await _start_page(request, "staff", contest=contest)


@post(
    "/console/contests/{contest:uuid}/people/staff",
    guards=_APPOINT,
    include_in_schema=False,
    status_code=200,
)
async def hand_in_staff(request: Req, contest: UUID) -> Response[Any]:
    return await _hand_in(request, "staff", contest=contest)


@get(
    "/console/competitions/{competition:uuid}/delegations/import",
    guards=_CONFIGURE,
    include_in_schema=False,
)
async def delegations_import(request: Req, competition: UUID) -> Response[bytes]:
    return await _start_page(request, "delegations", competition=competition)


@post(
    "/console/competitions/{competition:uuid}/delegations/import",
    guards=_CONFIGURE,
    include_in_schema=False,
    status_code=200,
)
async def hand_in_delegations(request: Req, competition: UUID) -> Response[Any]:
    return await _hand_in(request, "delegations", competition=competition)


@get(
    "/console/competitions/{competition:uuid}/judges/import", guards=_POOL, include_in_schema=False
)
async def pool_import(request: Req, competition: UUID) -> Response[bytes]:
    return await _start_page(request, "pool", competition=competition)


@post(
    "/console/competitions/{competition:uuid}/judges/import",
    guards=_POOL,
    include_in_schema=False,
    status_code=200,
)
async def hand_in_pool(request: Req, competition: UUID) -> Response[Any]:
    return await _hand_in(request, "pool", competition=competition)


@get("/console/people-tables/{name:str}", guards=[logged_in], include_in_schema=False)
async def empty_table(request: Req, name: str) -> Response[bytes]:
    """The template; with ?contest= its lists hold that contest's delegations, with &planned= its rows
    the planned duties that are open."""
    kind = name.removesuffix(".xlsx")
    if kind not in KINDS:
        raise NotFound(kind="table", id=kind[:40])
    language = language_of(request)
    asked, contest = request.query_params.get("contest", ""), None
    try:
        contest = UUID(asked) if asked else None
    except ValueError as error:
        raise NotFound(kind="contest", id=asked[:40]) from error
    by = actor_in(request)
    enters = contest is not None and by.may("contest.enter", *await scopes_of(contest))
    choices = await template_choices(kind, contest if enters else None, language)
    planned = kind == "staff" and contest is not None and "planned" in request.query_params
    rows = await planned_rows(by, contest, language) if planned and contest else []
    return download(template(kind, language, choices=choices, rows=rows), XLSX, f"{kind}.xlsx")


@get("/console/imports/{made:uuid}", guards=[logged_in], include_in_schema=False)
async def one_import(request: Req, made: UUID) -> Response[bytes]:
    return await _draft_page(request, made)


@post(
    "/console/imports/{made:uuid}/columns",
    guards=[logged_in],
    include_in_schema=False,
    status_code=200,
)
async def columns(request: Req, made: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    chosen = {int(k[2:]): v for k, v in texts.items() if k.startswith("c.") and k[2:].isdigit()}
    try:
        await set_columns(actor_in(request), made, chosen)
    except JiangxinError as error:
        return await _draft_page(request, made, error, chosen=chosen)
    return see_other(f"/console/imports/{made}", "The columns are set.")


@post(
    "/console/imports/{made:uuid}/mend",
    guards=[logged_in],
    include_in_schema=False,
    status_code=200,
)
async def mend_rows(request: Req, made: UUID) -> Response[Any]:
    """Fields are named "row.field"; "shown" lists the rows that the page had, for the ticks."""
    texts, _ = await fields_of(request)
    values: dict[int, dict[str, str]] = {}
    for name, words in texts.items():
        number, _, code = name.partition(".")
        if number.isdigit() and code and code != "out":
            values.setdefault(int(number), {})[code] = words
    rows = [int(n) for n in texts.get("shown", "").split(",") if n.isdigit()]
    out = {n: texts.get(f"{n}.out") == "yes" for n in rows}

    def ticked(name: str) -> bool | None:
        return texts.get(name) == "yes" if texts.get("settings") == name else None

    try:
        await mend(
            actor_in(request),
            made,
            values,
            left_out=out,
            add_delegations=ticked("add_delegations"),
            everywhere=ticked("everywhere"),
        )
    except JiangxinError as error:
        return await _draft_page(request, made, error)
    target = f"/console/imports/{made}"
    here = texts.get("show", "")
    return see_other(
        f"{target}?show={here}" if here in ("all", "warned", "changed", "out") else target,
        "Checked again.",
    )


@post(
    "/console/imports/{made:uuid}/carry-out",
    guards=[logged_in],
    include_in_schema=False,
    status_code=200,
)
async def carry_out_import(request: Req, made: UUID) -> Response[Any]:
    texts, _ = await fields_of(request)
    by = actor_in(request)
    try:
        counts = await carry_out(
            by,
            made,
            partial=texts.get("partial") == "yes",
            confirmed=texts.get("confirmed") == "yes",
        )
        found = await import_of(by, made)
    except JiangxinError as error:
        return await _draft_page(request, made, error)
    return see_other(
        f"{_home(found)}",
        "Imported: {made} new, {changed} changed, {back} back, {wrong} with mistakes not imported.",
        undo=f"/console/imports/{made}/undo",
        **{k: counts.get(k, 0) for k in ("made", "changed", "back", "wrong")},
    )


@post(
    "/console/imports/{made:uuid}/undo",
    guards=[logged_in],
    include_in_schema=False,
    status_code=200,
)
async def undo(request: Req, made: UUID) -> Response[Any]:
    by = actor_in(request)
    found = await import_of(by, made)
    try:
        await undo_import(by, made)
    except JiangxinError as error:
        return await _draft_page(request, made, error)
    return see_other(_home(found), "The import was taken back.")


@post(
    "/console/imports/{made:uuid}/drop",
    guards=[logged_in],
    include_in_schema=False,
    status_code=200,
)
async def drop(request: Req, made: UUID) -> Response[Any]:
    by = actor_in(request)
    found = await import_of(by, made)
    try:
        await drop_import(by, made)
    except JiangxinError as error:
        return await _draft_page(request, made, error)
    return see_other(_home(found), "The table was thrown away; nothing was imported.")


@get("/console/imports/{made:uuid}/file", guards=[logged_in], include_in_schema=False)
async def original(request: Req, made: UUID) -> Response[bytes]:
    name, data = await original_file(actor_in(request), made)
    return download(data, "application/octet-stream", name)


def download(data: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(data, media_type=media_type, headers=headers)


async def _start_page(
    request: Req,
    kind: str,
    *,
    contest: UUID | None = None,
    competition: UUID | None = None,
    error: JiangxinError | None = None,
    pasted: str = "",
) -> Response[bytes]:
    by = actor_in(request)
    made = [
        (one, await undo_hindered(one))
        for one in await imports_of(by, contest=contest, competition=competition)
        if one.kind == kind
    ]
    return await show(
        request,
        "people/start.html",
        room=_room(kind),
        contest=contest,
        competition=competition,
        error=error,
        kind=kind,
        title=KIND_TITLES[kind],
        fields=KINDS[kind],
        imports=made,
        states=STATES,
        pasted=pasted,
        action=request.url.path,
    )


async def _hand_in(
    request: Req, kind: str, *, contest: UUID | None = None, competition: UUID | None = None
) -> Response[Any]:
    texts, files = await fields_of(request)
    pasted = texts.get("pasted", "")
    file = files.get("file")
    data = await file.read() if file else b""
    try:
        made = await start_import(
            actor_in(request),
            kind,
            contest=contest,
            competition=competition,
            data=data,
            pasted="" if data else pasted,
            file_name=file.filename if file else "",
        )
    except JiangxinError as error:
        return await _start_page(
            request, kind, contest=contest, competition=competition, error=error, pasted=pasted
        )
    return see_other(f"/console/imports/{made}")


async def _draft_page(
    request: Req,
    made: UUID,
    error: JiangxinError | None = None,
    *,
    chosen: dict[int, str] | None = None,
) -> Response[bytes]:
    by, language, asked = actor_in(request), language_of(request), request.query_params
    found = await import_of(by, made)
    values: dict[str, Any] = {
        "found": found,
        "kind": found.kind,
        "home": _home(found),
        "error": error,
    }
    place: dict[str, Any] = (
        {"contest": found.contest, "competition": found.competition}
        if found.contest
        else {"competition": found.competition}
    )
    if found.state != "checking" or found.draft is None:
        hindered = await undo_hindered(found)
        return await show(
            request, "people/done.html", room=_room(found.kind), states=STATES,
            title=KIND_TITLES[found.kind], hindered=hindered, **place, **values,
        )  # fmt: skip
    checked = await check_import(found)
    known = (
        await known_for(found.contest) if found.kind == "entrants" and found.contest else Known()
    )
    scopes = await (
        scopes_of(found.contest) if found.contest else competition_scopes(found.competition)
    )
    view = shown_draft(
        found.draft,
        checked,
        known,
        language,
        show=asked.get("show", ""),
        page=int(asked["page"]) if asked.get("page", "").isdigit() else 1,
        edit=int(asked["edit"]) if asked.get("edit", "").isdigit() else 0,
        old_values=found.kind != "entrants" or by.may("identity.read", *scopes),
    )
    columns_ = field_words(found.draft)
    if chosen is not None:
        columns_ = [(at, words, chosen.get(at, ""), first) for at, words, _, first in columns_]
    return await show(
        request,
        "people/draft.html",
        room=_room(found.kind),
        title=KIND_TITLES[found.kind],
        draft=found.draft,
        checked=checked,
        view=view,
        columns=columns_,
        unread=unread_columns(found.draft),
        fields=KINDS[found.kind],
        kinds=UNIT_KINDS,
        verdicts=VERDICTS,
        may_see_names=by.may("identity.read", *scopes),
        may_share=by.may(
            "competition.configure", (await competition_scopes(found.competition))[-1]
        ),
        may_add=by.may("contest.configure", *await competition_scopes(found.competition)),
        permission=PERMISSIONS[found.kind],
        **place,
        **values,
    )


def _room(kind: str) -> str:
    return {"delegations": "delegations", "pool": "judges-pool"}.get(kind, "people")


def _home(found: Import) -> str:
    if found.kind == "pool":
        return f"/console/competitions/{found.competition}/judges"
    if found.kind == "delegations" or found.contest is None:
        return f"/console/competitions/{found.competition}/delegations"
    if found.kind == "staff":
        return f"/console/contests/{found.contest}/people/staff"
    return f"/console/contests/{found.contest}/people"


HANDLERS = [
    entrants_import, hand_in_entrants, staff_import, hand_in_staff, delegations_import,
    hand_in_delegations, pool_import, hand_in_pool, empty_table, one_import, columns, mend_rows, carry_out_import, undo, drop,
    original,
]  # fmt: skip
