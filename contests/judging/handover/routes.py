"""The page that takes a tablet's file in, beside the control room."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from contests.judging.handover import messages
from contests.judging.handover.reading import LARGEST, HandedOver, read_file
from contests.judging.handover.taking import Row, take_photos, take_revisions, title_of
from contests.routing import of_contest
from core.findings import render
from core.security import actor_in, requires
from core.web import i18n, templates
from core.web.language import language_of

HERE = Path(__file__).parent
_RUNS = [requires("contest.run", of_contest)]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


def register() -> None:
    """Names the page and its sentences to the web layer."""
    templates.register("handover", HERE / "templates" / "handover")
    i18n.register(HERE / "locale")
    messages.install()


@get("/judging/control/{contest:uuid}/file", guards=_RUNS, include_in_schema=False)
async def file_page(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return await _page(request, contest)


@post(
    "/judging/control/{contest:uuid}/file",
    guards=_RUNS,
    status_code=200,
    include_in_schema=False,
)
async def take_file(request: Request[Any, Any, Any], contest: UUID, data: Form) -> Response[bytes]:
    """Answers with the rows themselves: sending the form again is safe, each row is stored once."""
    upload = data.get("file")
    content = await upload.read(LARGEST + 1) if isinstance(upload, UploadFile) else b""
    handed_over = read_file(content)
    rows = await take_revisions(
        handed_over.revisions,
        account=actor_in(request).account,
        contest=contest,
        language=language_of(request),
    )
    photos = await take_photos(
        handed_over.photos,
        handed_over.revisions,
        rows,
        account=actor_in(request).account,
        contest=contest,
    )
    return await _page(request, contest, handed_over, rows, photos)


async def _page(
    request: Request[Any, Any, Any],
    contest: UUID,
    handed_over: HandedOver | None = None,
    rows: list[Row] | None = None,
    photos: int = 0,
) -> Response[bytes]:
    findings = handed_over.findings if handed_over else ()
    return templates.render(
        request,
        "handover/file.html",
        contest=contest,
        title=await title_of(contest),
        label=handed_over.label if handed_over else "",
        problems=[render(finding, language_of(request)) for finding in findings],
        rows=rows or [],
        photos=photos,
    )


HANDLERS = [file_page, take_file]
