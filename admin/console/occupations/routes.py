"""The room of occupations: what is loaded, a search in it, and a list that is looked at and then taken in."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from litestar import Response, get, post

from admin.console.competitions.forms import uploaded
from admin.console.frame import Form, Req, see_other, show
from admin.console.people.importing import XLSX, download
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web import templates
from credentials.occupations.loading import MAY, Look, load_list, look_at
from credentials.occupations.looking import find, lists
from credentials.occupations.reading import Line, read_list, table
from credentials.records.sheets import carried

HERE = Path(__file__).parent
ROOM = "/console/occupations"
FOUND, SHOWN = 100, 200
"""Of a search, and of the lines of a list that would change something."""
_GUARDS = [requires(MAY)]


def register() -> None:
    templates.register("console-occupations", HERE / "templates")


@get(ROOM, guards=_GUARDS, include_in_schema=False)
async def occupations_page(request: Req) -> Response[bytes]:
    return await _page(request, {})


@get(ROOM + "/empty.xlsx", guards=_GUARDS, include_in_schema=False)
async def empty(request: Req) -> Response[bytes]:
    return download(table(), XLSX, "occupations.xlsx")


@post(ROOM, guards=_GUARDS, include_in_schema=False, status_code=200)
async def look(request: Req) -> Response[bytes]:
    """What the list would do; nothing is changed and nothing kept."""
    try:
        _, content, data = await uploaded(request)
        lines = read_list(content)
    except JiangxinError as error:
        return await _page(request, {}, error)
    return await _page(request, data, lines=lines)


@post(ROOM + "/load", guards=_GUARDS, include_in_schema=False)
async def load(request: Req, data: Form) -> Response[Any]:
    """The list comes back as it was shown, and is looked at again."""
    lines = list[Line]()
    try:
        lines = carried(data.get("lines", ""), Line)
        taken_in, taken_out = await load_list(
            actor_in(request),
            lines,
            data.get("list_name", ""),
            only_right=data.get("only_right") == "yes",
            whole=data.get("whole") == "yes",
        )
    except JiangxinError as error:
        return await _page(request, data, error, lines=lines)
    return see_other(
        ROOM,
        "The list is loaded: {count} occupations taken in, {gone} taken out.",
        count=taken_in,
        gone=taken_out,
    )


async def _page(
    request: Req,
    data: dict[str, str],
    error: JiangxinError | None = None,
    *,
    lines: list[Line] | None = None,
) -> Response[bytes]:
    asked = request.query_params.get("q", "")
    looked = await look_at(actor_in(request), lines) if lines else Look((), ())
    telling = [one for one in looked.lines if one.state != "same"]
    telling.sort(key=lambda one: (one.state != "wrong", one.line.at))
    return await show(
        request,
        "console-occupations/occupations.html",
        room="occupations",
        error=error,
        lists=await lists(),
        asked=asked,
        found=await find(asked, FOUND),
        typed=data,
        telling=telling[:SHOWN],
        more=max(0, len(telling) - SHOWN),
        counts={
            state: sum(one.state == state for one in looked.lines)
            for state in ("new", "changed", "same", "wrong")
        },
        gone=len(looked.gone),
        looked=bool(lines),
        kept=json.dumps([asdict(line) for line in lines or ()], ensure_ascii=False),
    )


HANDLERS = [occupations_page, empty, look, load]
