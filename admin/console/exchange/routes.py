"""The room of earlier records: lists with their scans, each looked at before it is taken in, and taken back; a
body's records as a file."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from admin.console.exchange import database_routes
from admin.console.frame import Form, Req, see_other, show
from admin.console.honours.guards import somewhere
from admin.console.honours.typed import chosen
from admin.console.naming import labels_of
from admin.console.people.importing import XLSX, download
from core.errors import Invalid, JiangxinError, NotFound
from core.scoring.model import Finding
from core.security import actor_in
from core.web import templates
from core.web.language import language_of
from credentials.records.bodies import ACTS, READS, acting_bodies, titles_of
from credentials.records.exchange import evidence, importing, undoing, words
from credentials.records.exchange.exporting import EXCEL, export
from credentials.records.exchange.listing import lists_for
from credentials.records.exchange.reading import LARGEST_MB, place_of, table

HERE = Path(__file__).parent
ROOM = "/console/exchange"
ONE = ROOM + "/{made:uuid}"
SHOWN = 200
"""Lines of a list on its page, those with mistakes first."""
_BODY_LIMIT = (LARGEST_MB + evidence.LARGEST_MB + 2) * 1024 * 1024
_READS, _ACTS = [somewhere(READS)], [somewhere(ACTS)]


def register() -> None:
    templates.register("console-exchange", HERE / "templates")


@get(ROOM, guards=_READS, include_in_schema=False)
async def lists(request: Req) -> Response[bytes]:
    return await _lists(request, {})


@get(ROOM + "/empty.xlsx", guards=_ACTS, include_in_schema=False)
async def empty(request: Req) -> Response[bytes]:
    return download(table(language_of(request)), XLSX, "earlier-records.xlsx")


@post(ROOM, guards=_ACTS, include_in_schema=False, request_max_body_size=_BODY_LIMIT)
async def look(request: Req) -> Response[Any]:
    """Nothing is put on record by it."""
    form = await request.form()
    data = {name: str(form.get(name, "")) for name in ("body", "origin")}
    try:
        content = await _file(form.get("file"), LARGEST_MB)
        if not content:
            raise Invalid([Finding("/file", "file-missing", {})])
        scan = await _file(form.get("evidence"), evidence.LARGEST_MB)
        made = await importing.look_at(
            actor_in(request), data["body"], data["origin"], content, scan
        )
    except JiangxinError as error:
        return await _lists(request, data, error)
    return see_other(f"{ROOM}/{made}")


@get(ONE, guards=_READS, include_in_schema=False)
async def one_list(request: Req, made: UUID) -> Response[bytes]:
    return await _one(request, made)


@get(ONE + "/scan", guards=_ACTS, include_in_schema=False)
async def scan(request: Req, made: UUID) -> Response[bytes]:
    row, content = await importing.open_scan(actor_in(request), made)
    ending = evidence.ENDINGS[row["evidence_media"]]
    return download(content, row["evidence_media"], f"list-{row['evidence_hash'][:12]}.{ending}")


@post(ONE + "/take-in", guards=_ACTS, include_in_schema=False)
async def take_in(request: Req, made: UUID, data: Form) -> Response[Any]:
    only_right = data.get("only_right") == "yes"
    try:
        job = await importing.take_in(actor_in(request), made, only_right=only_right)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _one(request, made, error)
    return see_other(f"/console/jobs/{job}", "The list is being taken in.")


@post(ONE + "/away", guards=_ACTS, include_in_schema=False)
async def away(request: Req, made: UUID) -> Response[Any]:
    try:
        await importing.throw_away(actor_in(request), made)
    except importing.ListState as error:
        return await _one(request, made, error)
    return see_other(ROOM, "The list is thrown away. Nothing of it is kept.")


@post(ONE + "/back", guards=_ACTS, include_in_schema=False)
async def back(request: Req, made: UUID) -> Response[Any]:
    try:
        await undoing.take_back(actor_in(request), made)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _one(request, made, error)
    return see_other(f"{ROOM}/{made}", "The list is taken back. Its records are gone.")


@post(ROOM + "/file", guards=_ACTS, include_in_schema=False, status_code=200)
async def hand_out(request: Req, data: Form) -> Response[bytes]:
    form = data.get("format", "")
    try:
        content = await export(actor_in(request), data.get("from", ""), form, language_of(request))
    except JiangxinError as error:
        return await _lists(request, data, error)
    media = XLSX if form == EXCEL else "application/json"
    return download(content, media, f"records-{data.get('from', '')}.{form}")


async def _file(file: Any, most: int) -> bytes:
    """A little more than allowed of a larger one: enough to say that it is too large."""
    return await file.read(most * 1024 * 1024 + 1) if isinstance(file, UploadFile) else b""


async def _lists(
    request: Req, typed: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    bodies = await acting_bodies(by) if by.may_somewhere(ACTS) else []
    found = await lists_for(by)
    return await show(
        request,
        "console-exchange/lists.html",
        room="exchange",
        error=error,
        found=found,
        keepers=await titles_of(row["keeper"] for row in found),
        typed=typed,
        bodies=bodies,
        body=chosen(bodies, typed),
        origins=words.ORIGINS,
        states=words.STATES,
        scan_mb=evidence.LARGEST_MB,
        list_mb=LARGEST_MB,
    )


async def _one(request: Req, made: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    by = actor_in(request)
    row = await importing.list_for(by, made)
    may_act = await importing.may_act(by, row)
    checked = await importing.checked_list(by, made) if may_act else []
    ordered = sorted(checked, key=lambda one: (not one.wrong, not one.odd))
    return await show(
        request,
        "console-exchange/one.html",
        room="exchange",
        error=error,
        row=row,
        keeper=(await titles_of([row["keeper"]])).get(row["keeper"]),
        labels=await labels_of(one for one in (row["account"], row["undone_by"]) if one),
        may_act=may_act,
        checked=ordered[:SHOWN],
        hidden=max(0, len(ordered) - SHOWN),
        counts={
            "right": sum(one.right for one in checked),
            "new": sum(one.right and one.new for one in checked),
            "done": sum(one.done and not one.wrong for one in checked),
            "wrong": sum(bool(one.wrong) for one in checked),
        },
        place_of=place_of,
        kinds=words.KINDS,
        origins=words.ORIGINS,
        states=words.STATES,
        kept_days=importing.KEPT // timedelta(days=1),
        paper=words.PAPER,
    )


HANDLERS = [
    lists, empty, look, one_list, scan, take_in, away, back, hand_out, *database_routes.HANDLERS,
]  # fmt: skip
