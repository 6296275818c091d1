"""Results as files: Excel, CSV, the ceremony's columns, JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.results.shared import ROOM, tabs_for
from admin.console.results.standings import summary_if_any
from contests.actions.common import scopes_of
from contests.exports.taking import FORMATS, PERMISSION, is_large, start_taking, take_results
from contests.routing import of_contest
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web.language import language_of

READS = [requires(PERMISSION, of_contest)]


@get("/console/contests/{contest:uuid}/results/files", guards=READS, include_in_schema=False)
async def files_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(
    "/console/contests/{contest:uuid}/results/files/{format_:str}",
    guards=READS,
    include_in_schema=False,
)
async def take(request: Req, contest: UUID, format_: str) -> Response[Any]:
    """The file itself; what takes long is written in the background. A POST, because it is recorded."""
    actor, language = actor_in(request), language_of(request)
    try:
        if await is_large(contest, format_):
            job = await start_taking(actor, contest, format_, language=language)
            return see_other(f"/console/jobs/{job}")
        made = await take_results(actor, contest, format_, language=language)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return Response(
        made.content,
        status_code=200,
        media_type=made.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _page(request: Req, contest: UUID, error: JiangxinError | None = None) -> Response[bytes]:
    actor = actor_in(request)
    named = actor.may("identity.read", *await scopes_of(contest))
    return await show(
        request,
        "results/files.html",
        room=ROOM,
        contest=contest,
        error=error,
        tabs_shown=await tabs_for(contest, actor),
        found=await summary_if_any(contest),
        formats=[one for one in FORMATS.values() if named or not one.named],
        named=named,
    )


HANDLERS: list[Any] = [files_page, take]
