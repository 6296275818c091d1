"""Lending a contest to a venue's server, and taking it back."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from contests.chain import instant
from contests.lending.borrowing import borrow_contest
from contests.lending.giving_back import give_back
from contests.lending.home import take_back
from contests.lending.out import LoanPackage, lend_contest, loans_of
from contests.packages.archive import Files, read_zip, write_zip
from contests.packages.reading import place as place_in_package
from contests.routing import described, of_contest
from contests.schemas.loans import BorrowedOut, LoanIn, LoanOut, TakenBackOut
from contests.schemas.uploads import UploadFinding
from core.errors import TooLarge
from core.findings import render
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.web.language import language_of

TAG = "contests"
LIMIT = 30 * 1024 * 1024
Upload = Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]
Head = Annotated[
    str,
    Parameter(
        description="The hash that the venue shows: its first 8 characters or more.", max_length=64
    ),
]


@post(
    "/contests/{contest:uuid}/loans",
    guards=[requires("contest.lend", of_contest)],
    status_code=200,
    media_type="application/zip",
    operation_id="lend_contest",
    **described(
        "Lend a contest to a venue's server",
        TAG,
        *(403, 404, 409, 422),
        description="From here on only that installation writes the contest's log. The answer is the "
        "package that it takes in; X-Log-Length and X-Log-Head are what it must show. Names, codes' "
        "owners, passwords, PINs and issuers' keys are not in it. Asked again, it gives the same "
        "contest again. What tablets send here meanwhile is kept, unopened.",
    ),
)
async def lend(request: Request[Any, Any, Any], contest: UUID, data: LoanIn) -> Response[bytes]:
    package = await lend_contest(actor_in(request), contest, data.installation)
    return _zip(package, "loan")


@get(
    "/contests/{contest:uuid}/loans",
    guards=[requires("contest.lend", of_contest)],
    operation_id="list_loans",
    **described("List the loans of a contest", TAG, *(403, 404)),
)
async def list_loans(request: Request[Any, Any, Any], contest: UUID) -> list[LoanOut]:
    rows: Sequence[Any] = await loans_of(actor_in(request), contest)
    return [
        LoanOut(
            row["installation"],
            row["length"],
            row["head"],
            instant(row["lent_at"]),
            instant(row["returned_at"]) if row["returned_at"] else None,
            row["returned_head"],
        )
        for row in rows
    ]


@post(
    "/loans",
    guards=[requires("competition.create")],
    operation_id="borrow_contest",
    **described(
        "Take a lent contest in",
        TAG,
        *(400, 403, 409, 413, 422, 503),
        description="At the venue: the package that `lend_contest` made for this installation. "
        "Whole or not at all; the same package again changes nothing.",
    ),
)
async def borrow(request: Request[Any, Any, Any], data: Upload) -> BorrowedOut:
    taken = await borrow_contest(actor_in(request), await _files(data))
    return BorrowedOut(
        taken.contest, taken.code, taken.length, taken.head, taken.accounts, taken.devices
    )


@post(
    "/contests/{contest:uuid}/return",
    guards=[requires("contest.lend", of_contest)],
    status_code=200,
    media_type="application/zip",
    operation_id="give_contest_back",
    **described(
        "Give a borrowed contest back",
        TAG,
        *(403, 404, 409),
        description="At the venue: ends its writing, and answers with the package for home. "
        "X-Log-Length and X-Log-Head are what home must show. Asked again, it gives it again, with "
        "whatever tablets have sent here since.",
    ),
)
async def return_(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    return _zip(await give_back(actor_in(request), contest), "return")


@post(
    "/contests/{contest:uuid}/homecoming",
    guards=[requires("contest.lend", of_contest)],
    status_code=200,
    operation_id="take_contest_back",
    **described(
        "Take a lent contest back",
        TAG,
        *(400, 403, 404, 409, 413, 422, 503),
        description="At home: the package that `give_contest_back` made. Its log must go on from the "
        "one that was lent; then what tablets sent here meanwhile is opened, each sheet once. The "
        "same package again is harmless.",
    ),
)
async def homecoming(
    request: Request[Any, Any, Any], contest: UUID, head: Head, data: Upload
) -> TakenBackOut:
    files = await _files(data)
    taken = await take_back(actor_in(request), files, head=head, contest=contest)
    notes = _told(taken.notes, place_in_package, language_of(request))
    return TakenBackOut(
        taken.contest, taken.code, taken.length, taken.head, taken.added, taken.sheets,
        taken.again, list(taken.left), notes,
    )  # fmt: skip


async def _files(upload: UploadFile) -> Files:
    content = await upload.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise TooLarge(limit="30 MB")
    return await asyncio.to_thread(read_zip, content)


def _zip(package: LoanPackage, kind: str) -> Response[bytes]:
    return Response(
        write_zip(package.files),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{package.code}-{kind}.zip"',
            "X-Log-Length": str(package.length),
            "X-Log-Head": package.head,
        },
    )


def _told(
    findings: Iterable[Finding], place: Callable[[Finding], str], language: str
) -> list[UploadFinding]:
    return [UploadFinding(place(f), f.code, "warning", render(f, language)) for f in findings]


HANDLERS = [lend, list_loans, borrow, return_, homecoming]
