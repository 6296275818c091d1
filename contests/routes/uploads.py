"""Files that are read and answered, without storing anything: a workbook, a contest package."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from litestar import Request, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from contests.importing import messages as workbook_messages
from contests.importing.book import place as place_in_book
from contests.importing.scheme_workbook import read_scheme_workbook, summary
from contests.packages import messages as package_messages
from contests.packages.reading import place as place_in_package
from contests.packages.reading import read_package_bytes
from contests.packages.score import Scored, score_json, score_package
from contests.routing import described
from contests.schemas import MarkCount, PackageScored, SchemeImported, UploadFinding
from core.errors import TooLarge
from core.findings import render
from core.scoring.codec import to_json
from core.scoring.model import Finding
from core.security import logged_in
from core.web.language import language_of

TAG = "contests"
LIMIT = 20 * 1024 * 1024
Upload = Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]

workbook_messages.install()
package_messages.install()


@post(
    "/schemes/import",
    guards=[logged_in],
    status_code=200,
    operation_id="import_scheme",
    **described(
        "Read a marking scheme workbook",
        TAG,
        *(400, 413),
        description="An .xlsx of WorldSkills' information system. Every sum is recomputed; all "
        "findings come at once with sheet and cell. Nothing is saved.",
    ),
)
async def import_scheme(request: Request[Any, Any, Any], data: Upload) -> SchemeImported:
    content = await _content(data)
    read = await asyncio.to_thread(read_scheme_workbook, content)
    figures = summary(read)
    return SchemeImported(
        title=figures["title"],
        criteria=figures["criteria"],
        sub_criteria=figures["sub_criteria"],
        judgement=MarkCount(**figures["judgement"]),
        measurement=MarkCount(**figures["measurement"]),
        total=figures["total"],
        typed_variation=figures["typed_variation"],
        variation=figures["variation"],
        calculators=figures["calculators"],
        findings=_told(read.findings, place_in_book, language_of(request)),
        scheme=to_json(read.scheme) if read.scheme else None,
    )


@post(
    "/packages/score",
    guards=[logged_in],
    status_code=200,
    operation_id="score_package",
    **described(
        "Score a contest package",
        "results",
        *(400, 413, 503),
        description="The standings of an uploaded zip, computed without any database.",
    ),
)
async def score_upload(request: Request[Any, Any, Any], data: Upload) -> PackageScored:
    content = await _content(data)
    scored = await asyncio.to_thread(_score, content)
    answer = score_json(scored.results) if scored.results else {"standings": [], "aspects": []}
    findings = _told((*scored.findings, *scored.notes), place_in_package, language_of(request))
    return PackageScored(answer["standings"], answer["aspects"], findings)


def _score(content: bytes) -> Scored:
    return score_package(read_package_bytes(content))


async def _content(upload: UploadFile) -> bytes:
    content = await upload.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise TooLarge(limit="20 MB")
    return content


def _told(
    findings: Iterable[Finding], place: Callable[[Finding], str], language: str
) -> list[UploadFinding]:
    return [
        UploadFinding(
            place(finding),
            finding.code,
            "warning" if finding.is_warning else "error",
            render(finding, language),
        )
        for finding in findings
    ]


HANDLERS = [import_scheme, score_upload]
