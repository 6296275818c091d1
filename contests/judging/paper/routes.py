"""Pages that print and type sheets of paper, and what the typing page asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post, put

from contests.judging.paper.layout import pages
from contests.judging.paper.messages import install
from contests.judging.paper.scans import MOST_BYTES, keep_scan, scan_of
from contests.judging.paper.schemas import (
    DifferenceOut,
    PaperList,
    PaperSheetOut,
    ScanOut,
    TypedOut,
    TypingIn,
)
from contests.judging.paper.sheets import PaperSheet, chosen, paper_of
from contests.judging.paper.typists import Typed, settle, steps, type_sheet, typed
from contests.judging.sheet_view import aspect_view
from contests.judging.shell.precache import CSP
from contests.routing import described, of_contest
from core.errors import TooLarge, Unauthenticated
from core.security import actor_in, requires
from core.web import qr, templates
from core.web.assets import asset

TAG = "judging"
HERE = Path(__file__).parent
TYPES = [requires("contest.type_paper", of_contest)]
Req = Request[Any, Any, Any]


def register() -> None:
    """Names the templates and sentences to the web layer."""
    templates.register("paper", HERE / "templates")
    install()


# --- pages ------------------------------------------------------------------------------------


@get("/judging/paper/{contest:uuid}", guards=TYPES, include_in_schema=False)
async def print_page(
    request: Req,
    contest: UUID,
    module: str = "",
    seat: str = "",
    group: str = "",
    codes: str = "",
    stored: bool = False,
) -> Response[bytes]:
    """Every sheet of a session, one after the other; the browser prints them."""
    paper = await paper_of(contest)
    found = chosen(paper.sheets, module=module, seat=seat, group=group, codes=codes, stored=stored)
    laid_out = [
        (one, pages([aspect_view(a) for a in one.aspects], signers=len(one.together) or 1))
        for one in found
    ]
    return templates.render(
        request,
        "paper/print.html",
        paper=paper,
        sheets=laid_out,
        page_count=sum(len(each) for _, each in laid_out),
        wanted={"module": module, "seat": seat, "group": group, "codes": codes, "stored": stored},
        seats=list(dict.fromkeys(one.judge.seat for one in paper.sheets)),
        groups=sorted({one.judge.group for one in paper.sheets if one.judge.group}),
        qr=lambda sheet: qr.svg(str(sheet).upper()),
    )


@get("/judging/paper/{contest:uuid}/typing", guards=TYPES, include_in_schema=False)
async def typing_page(request: Req, contest: UUID) -> Response[bytes]:
    page = templates.render(
        request,
        "paper/typing.html",
        contest=contest,
        vendor=asset("vendor/README.md").removesuffix("README.md"),
    )
    page.headers["Content-Security-Policy"] = CSP
    return page


# --- API --------------------------------------------------------------------------------------


@get(
    "/judging/paper/{contest:uuid}/sheets",
    guards=TYPES,
    operation_id="list_paper_sheets",
    **described(
        "List the sheets that may be typed from paper",
        TAG,
        *(403, 404),
        description="With how far each has come: typed by nobody, by one, by two. No marks.",
    ),
)
async def list_sheets(request: Req, contest: UUID) -> PaperList:
    paper = await paper_of(contest)
    known = await steps(paper, actor_in(request))
    return PaperList(
        title=dict(paper.title),
        code=paper.code,
        open=paper.state == "judging" and not paper.ended,
        sheets=[_sheet(one, known.get(one.sheet, _untyped(one))) for one in paper.sheets],
    )


@get(
    "/judging/paper/{contest:uuid}/sheets/{sheet:uuid}",
    guards=TYPES,
    operation_id="get_paper_sheet",
    **described(
        "Get one sheet to type from paper",
        TAG,
        *(403, 404),
        description="Its aspects and what you typed yourself. Another person's values stand there "
        "only where they differ from yours, once both have typed.",
    ),
)
async def get_sheet(request: Req, contest: UUID, sheet: UUID) -> TypedOut:
    by = actor_in(request)
    found = await typed(contest, sheet, by=by)
    if found.step == "agreed":
        found = await settle(by, contest, sheet)
    return _typed(found)


@put(
    "/judging/paper/{contest:uuid}/sheets/{sheet:uuid}/typing",
    guards=TYPES,
    operation_id="type_paper_sheet",
    **described(
        "Type a sheet from paper",
        TAG,
        *(403, 404, 409, 422),
        description="Kept until another person has typed the same sheet without seeing this. Two "
        "that are alike become one signed revision, entered once however often this is sent; where "
        "they differ, whoever was wrong types again, and each version is kept.",
    ),
)
async def put_typing(request: Req, contest: UUID, sheet: UUID, data: TypingIn) -> TypedOut:
    by = actor_in(request)
    return _typed(await type_sheet(by, contest, sheet, data.marks, scan=data.scan))


@post(
    "/judging/paper/{contest:uuid}/scans",
    guards=TYPES,
    operation_id="upload_paper_scan",
    **described(
        "Upload a picture of a paper sheet",
        TAG,
        *(403, 404, 413, 422),
        description="The body is the JPEG or PNG itself, at most 8 MB. Its SHA-256 goes into the "
        "record with the marks.",
    ),
)
async def upload_scan(request: Req, contest: UUID) -> ScanOut:
    by = actor_in(request)
    if by.account is None:
        raise Unauthenticated
    content = await _at_most(request, MOST_BYTES)
    return ScanOut(await keep_scan(contest, content, account=by.account))


@get(
    "/judging/paper/{contest:uuid}/scans/{sha256:str}",
    guards=TYPES,
    operation_id="get_paper_scan",
    **described("Get the picture of a paper sheet", TAG, *(403, 404)),
)
async def get_scan(contest: UUID, sha256: str) -> Response[bytes]:
    content, media_type = await scan_of(contest, sha256)
    headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    return Response(content, media_type=media_type, headers=headers)


async def _at_most(request: Req, limit: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise TooLarge(limit="8 MB")
    return bytes(data)


def _untyped(sheet: PaperSheet) -> str:
    return "open" if sheet.state == "open" else "stored"


def _sheet(sheet: PaperSheet, step: str) -> PaperSheetOut:
    return PaperSheetOut(
        sheet=str(sheet.sheet),
        module=sheet.module.id,
        code=sheet.code,
        seat=sheet.judge.seat,
        attempt=sheet.attempt,
        round=sheet.round,
        state=sheet.state,
        step=step,  # type: ignore[arg-type]  # one of Step
    )


def _typed(found: Typed) -> TypedOut:
    return TypedOut(
        sheet=_sheet(found.sheet, found.step),
        module_title=dict(found.sheet.module.title),
        aspects=[aspect_view(aspect) for aspect in found.sheet.aspects],
        marks=dict(found.marks),
        differences=[DifferenceOut(d.aspect, d.mine, d.theirs) for d in found.different],
        scan=found.scan,
        answer=found.answer,
        seq=found.seq,
    )


API = Router("/api/v1", route_handlers=[list_sheets, get_sheet, put_typing, upload_scan, get_scan])
PAGES = [print_page, typing_page]
