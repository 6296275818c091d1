"""The table of the marking scheme: shown, changed cell by cell, taken back, compared.

A change names the version that it was made on. With a script the table sends only what was typed and gets
its pieces back; without one each button is a form of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.schemes import row_routes, rules_routes, sheet_routes
from admin.console.schemes.view import change_words, choices, table_page, values_of
from admin.console.schemes.words import VERSIONS
from contests.actions.common import scopes_of
from contests.routing import of_contest
from contests.schemes import actions, editing
from contests.schemes.differences import beside, differences
from contests.schemes.document import Document
from contests.schemes.pasting import pasted
from contests.schemes.queries import (
    SCHEME,
    aside_of,
    asides_of,
    contest_of,
    document_at,
    draft_of,
    frozen_of,
    history_of,
    judged_in,
    made_on,
)
from contests.schemes.versions import Draft, labels_of
from contests.schemes.words import COLUMNS, KINDS, LEVELS
from core.errors import JiangxinError, NotFound, Stale
from core.scoring.numbers import decimal_text
from core.security import actor_in, requires
from core.web import assets, templates
from core.web.language import language_of

HERE = Path(__file__).parent
READ = [requires("contest.read", of_contest)]
CONFIGURE = [requires("contest.configure", of_contest)]
BASE = "/console/contests/{contest:uuid}/scheme"


def register() -> None:
    assets.register("admin/schemes", HERE / "static")
    templates.register("schemes", HERE / "templates")


@get(BASE, guards=READ, include_in_schema=False)
async def table(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(f"{BASE}/save", guards=CONFIGURE, include_in_schema=False, status_code=200)
async def save(request: Req, contest: UUID) -> Response[Any]:
    """Cells ("cell:<row>:<column>") and what to do ("do"), both optional."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    base, do = form.get("base", ""), form.get("do", "")
    draft = await draft_of(contest)
    on, number = await made_on(contest, draft, base)
    edited = _edit(on, form, language_of(request))
    try:
        if do in ("undo", "redo"):
            verb = actions.undo if do == "undo" else actions.redo
            saved = await verb(actor_in(request), contest, part=SCHEME, base=base)
        else:
            saved = await actions.save_table(actor_in(request), contest, edited.document, base=base)
    except Stale as error:
        if do in ("undo", "redo") or edited.document == on:
            return await _answer(request, contest, error=error)
        return await _set_aside(request, contest, edited.document, number)
    except JiangxinError as error:
        return await _answer(request, contest, error=error)
    return await _answer(request, contest, saved=saved, edited=edited)


def _edit(document: Document, form: dict[str, str], language: str) -> editing.Edited:
    """First the cells, then what is done with the rows."""
    cells: dict[str, dict[str, str]] = {}
    for name, text in form.items():
        kind, _, place = name.partition(":")
        if kind == "cell" and ":" in place:
            key, _, column = place.partition(":")
            cells.setdefault(key, {})[column] = text
    first = editing.with_cells(document, cells, language)
    verb, _, rest = form.get("do", "").partition(":")
    one, _, other = rest.partition(":")
    verbs: dict[str, Callable[[Document], editing.Edited]] = {
        "add": lambda doc: editing.added(doc, other or form.get("below", ""), one),
        "copy": lambda doc: editing.duplicated(doc, one),
        "remove": lambda doc: editing.removed(doc, one),
        "up": lambda doc: editing.moved(doc, one, -1),
        "down": lambda doc: editing.moved(doc, one, 1),
        "place": lambda doc: editing.placed(doc, one, other),
        "paste": lambda doc: pasted(doc, one, other, form.get("text", ""), language),
    }
    if verb not in verbs:
        return first
    then = verbs[verb](first.document)
    return editing.Edited(
        then.document, first.understood + then.understood, then.key, then.filled, then.added
    )


async def _answer(
    request: Req,
    contest: UUID,
    *,
    saved: Draft[Document] | None = None,
    edited: editing.Edited | None = None,
    error: JiangxinError | None = None,
) -> Response[Any]:
    """The table's pieces for the script; for a plain form the page again."""
    if request.headers.get("HX-Request") == "true":
        return await _pieces(request, contest, edited, error)
    if error is not None or (edited and edited.understood):
        return await _page(request, contest, error=error, edited=edited)
    place = f"#row-{edited.key}" if edited and edited.key else ""
    return see_other(f"/console/contests/{contest}/scheme{place}")


async def _set_aside(request: Req, contest: UUID, mine: Document, base: int) -> Response[Any]:
    aside = await actions.keep_aside(actor_in(request), contest, mine, base=base)
    address = f"/console/contests/{contest}/scheme/aside/{aside}"
    if request.headers.get("HX-Request") != "true":
        return see_other(address)
    page = await _values(request, contest)
    answer = templates.render(request, "schemes/conflict.html", status=409, **page, address=address)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _pieces(
    request: Req, contest: UUID, edited: editing.Edited | None, error: JiangxinError | None
) -> Response[bytes]:
    values = await _values(request, contest, edited)
    return templates.render(
        request, "schemes/pieces.html", status=error.status if error else 200, error=error, **values
    )


async def _page(
    request: Req,
    contest: UUID,
    *,
    error: JiangxinError | None = None,
    edited: editing.Edited | None = None,
) -> Response[bytes]:
    values = await _values(request, contest, edited)
    return await show(request, "schemes/scheme.html", room="schemes", error=error, **values)


async def _values(
    request: Req, contest: UUID, edited: editing.Edited | None = None
) -> dict[str, Any]:
    language, actor = language_of(request), actor_in(request)
    row, draft = await contest_of(contest), await draft_of(contest)
    page = table_page(
        draft,
        judged_in(row, draft.document),
        language,
        history=await history_of(contest),
        may_edit=actor.may("contest.configure", *await scopes_of(contest)),
        edited=edited,
        frozen=await frozen_of(contest),
        asides=await asides_of(contest, actor.account) if draft.editable else [],
    )
    return {
        "page": page,
        "num": decimal_text,
        "contest": contest,
        "columns": COLUMNS,
        "levels": LEVELS,
        "kinds": choices(KINDS, language),
        "sections": [str(one.get("id", "")) for one in draft.document.sections],
    }


# --- history --------------------------------------------------------------------------------------


@get(f"{BASE}/history", guards=READ, include_in_schema=False)
async def history(request: Req, contest: UUID, before: int = 0) -> Response[bytes]:
    draft = await draft_of(contest)
    versions = await history_of(contest, before=before)
    return await show(
        request,
        "schemes/history.html",
        room="schemes",
        contest=contest,
        part="scheme",
        draft=draft,
        versions=versions,
        kinds=VERSIONS,
        change_text=lambda finding: change_words(finding, language_of(request)),
        may_edit=actor_in(request).may("contest.configure", *await scopes_of(contest))
        and draft.editable,
    )


@post(f"{BASE}/history/{{number:int}}", guards=CONFIGURE, include_in_schema=False)
async def back(request: Req, contest: UUID, number: int) -> Response[Any]:
    form = await request.form()
    try:
        base = str(form.get("base", ""))
        await actions.back_to(actor_in(request), contest, number, part=SCHEME, base=base)
    except JiangxinError as error:
        return await _page(request, contest, error=error)
    address = f"/console/contests/{contest}/scheme"
    return see_other(address, "The table is as it was in version {number}.", number=number)


# --- two at once ----------------------------------------------------------------------------------


@get(f"{BASE}/aside/{{aside:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def compare(request: Req, contest: UUID, aside: UUID) -> Response[bytes]:
    return await _compare(request, contest, aside)


async def _compare(
    request: Req, contest: UUID, aside: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    language = language_of(request)
    draft, kept = await draft_of(contest), await aside_of(contest, aside)
    try:
        common = await document_at(contest, kept.base)
    except NotFound:
        common = draft.document
    versions = [one for one in await history_of(contest) if one.number > kept.base]
    labels = await labels_of([kept.account])
    return await show(
        request,
        "schemes/aside.html",
        room="schemes",
        contest=contest,
        error=error,
        draft=draft,
        aside=kept,
        mine_by=labels.get(kept.account, ""),
        theirs=versions,
        both=beside(common, kept.document, draft.document),
        mine_changes=[change_words(one, language) for one in differences(common, kept.document)],
        their_changes=[change_words(one, language) for one in differences(common, draft.document)],
        values=lambda row: values_of(row, language),
        levels=LEVELS,
    )


@post(f"{BASE}/aside/{{aside:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def settle(request: Req, contest: UUID, aside: UUID) -> Response[Any]:
    """Both together, or mine dropped."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    actor, address = actor_in(request), f"/console/contests/{contest}/scheme"
    try:
        if form.get("do") == "drop":
            await actions.drop_aside(actor, contest, aside)
            return see_other(address, "Your change was dropped; the table stays as it is.")
        mine = frozenset(name.removeprefix("row:") for name, side in form.items() if side == "mine")
        await actions.put_together(actor, contest, aside, mine=mine, base=form.get("base", ""))
    except JiangxinError as error:
        return await _compare(request, contest, aside, error)
    return see_other(address, "Both changes are in the table now.")


HANDLERS = [
    table,
    save,
    history,
    back,
    compare,
    settle,
    *row_routes.HANDLERS,
    *rules_routes.HANDLERS,
    *sheet_routes.HANDLERS,
]
