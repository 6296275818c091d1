"""The room "Papers": print, attach the signed scan, and what is still missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from admin.console.frame import Req, see_other, show
from admin.console.results.shared import PAPERS
from contests.papers.kinds import HANDLES
from contests.papers.printing import print_paper
from contests.papers.scans import MOST_BYTES, attach_scan, open_scan
from contests.papers.wanted import missing, papers_of
from contests.papers.words import STEPS, TITLES
from contests.preparing import appointments_of
from contests.routing import of_contest
from core import settings
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web.i18n import NAMES, translate
from core.web.language import language_of

HANDLING = [requires(HANDLES, of_contest)]


@get("/console/contests/{contest:uuid}/papers", guards=HANDLING, include_in_schema=False)
async def papers_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@get(
    "/console/contests/{contest:uuid}/papers/{kind:str}/print",
    guards=HANDLING,
    include_in_schema=False,
)
async def print_page(
    request: Req, contest: UUID, kind: str, part: str = "", seat: str = "", language: str = ""
) -> Response[bytes]:
    """The PDF, to be opened in the browser and printed from there."""
    try:
        made = await print_paper(
            actor_in(request),
            contest,
            kind,
            part=f"{part}/{seat}" if seat else part,
            language=language or language_of(request),
        )
    except JiangxinError as error:
        return await _page(request, contest, error)
    return _file(made.content, made.name, "application/pdf", shown="inline")


@post(
    "/console/contests/{contest:uuid}/papers/{kind:str}/scans",
    guards=HANDLING,
    include_in_schema=False,
)
async def attach(request: Req, contest: UUID, kind: str) -> Response[Any]:
    form = await request.form()
    sent = form.get("scan")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    part = str(form.get("part", ""))
    try:
        await attach_scan(
            actor_in(request), contest, kind, content, part=part, beside=form.get("beside") == "yes"
        )
    except JiangxinError as error:
        return await _page(request, contest, error, at=(kind, part))
    title = translate(TITLES[kind], language_of(request))
    return see_other(
        f"/console/contests/{contest}/papers", "The signed paper is kept: {title}.", title=title
    )


@get(
    "/console/contests/{contest:uuid}/papers/scans/{scan:uuid}",
    guards=HANDLING,
    include_in_schema=False,
)
async def scan_file(request: Req, contest: UUID, scan: UUID) -> Response[bytes]:
    try:
        found = await open_scan(actor_in(request), contest, scan)
    except JiangxinError as error:
        return await _page(request, contest, error)
    return _file(found.content, found.name, found.media_type, shown="attachment")


async def _page(
    request: Req,
    contest: UUID,
    error: JiangxinError | None = None,
    *,
    at: tuple[str, str] = ("", ""),
) -> Response[bytes]:
    language = language_of(request)
    found = await papers_of(contest, by=actor_in(request), language=language)
    return await show(
        request,
        "results/papers.html",
        room=PAPERS,
        contest=contest,
        error=error,
        at=at,
        steps=[
            (step, words, own)
            for step, words in STEPS.items()
            if (own := [paper for paper in found if paper.step == step])
        ],
        missing=missing(found),
        titles=TITLES,
        seats=sorted(set(await _seats(contest)), key=lambda s: (len(s), s)),
        paper_languages=[(code, NAMES[code]) for code in settings.current().languages],
        paper_language=language,
        most=f"{MOST_BYTES // 1024 // 1024} MB",
    )


async def _seats(contest: UUID) -> list[str]:
    return [one.seat for one in await appointments_of(contest) if one.seat]


def _file(content: bytes, name: str, media_type: str, *, shown: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


HANDLERS: list[Any] = [papers_page, print_page, attach, scan_file]
