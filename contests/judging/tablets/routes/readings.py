"""What an instrument's file says, for the judge who has it on his tablet."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, post
from msgspec import Meta, Struct

from contests.judging.instruments import ReadFile, read_file
from contests.judging.tablets.errors import NotServed
from contests.judging.tablets.guards import tablet, tablet_in
from contests.judging.tablets.routes.pictures import content_of
from contests.judging.tablets.routes.tablet import SECURITY, TAG
from contests.judging.tablets.serving import admitted_seats
from contests.routing import described
from core.findings import render
from core.problems import ProblemFinding
from core.web.i18n import translate
from core.web.language import language_of
from core.web.limits import rate_limit

Req = Request[Any, Any, Any]


class Figure(Struct):
    """A number that the file gives beside its marks."""

    name: Annotated[str, Meta(examples=["RMSE in plan (m)"])]
    value: str


class ReadFileOut(Struct):
    """Marks to take over; none as long as anything is wrong with the file."""

    sha256: Annotated[str, Meta(description="Of the bytes that were read, in hex.")]
    marks: Annotated[
        dict[str, Any],
        Meta(description="By aspect, as in a sheet.", examples=[{"C1.3": {"raw": "17"}}]),
    ]
    findings: list[ProblemFinding]
    figures: list[Figure]


@post(
    "/judging/tablet/readings/{contest:uuid}/{appointment:uuid}/{instrument:str}",
    guards=[tablet, rate_limit(60, burst=20)],
    status_code=200,
    security=SECURITY,
    operation_id="read_instrument_file",
    **described(
        "Read an instrument's file",
        TAG,
        *(403, 404, 413, 429),
        description="The raw content. Answers the marks that it gives to the aspects of this "
        "appointment, everything that is wrong with it, and figures to be shown. Nothing is kept.",
    ),
)
async def read_instrument(
    request: Req, contest: UUID, appointment: UUID, instrument: str
) -> ReadFileOut:
    seats = await admitted_seats(tablet_in(request))
    if (contest, appointment) not in {(seat.contest, seat.appointment) for seat in seats}:
        raise NotServed
    found = await read_file(contest, appointment, instrument, await content_of(request))
    return _out(found, language_of(request))


def _out(found: ReadFile, language: str) -> ReadFileOut:
    return ReadFileOut(
        sha256=found.sha256,
        marks=found.marks,
        findings=[
            ProblemFinding(f.pointer, f.code, render(f, language), dict(f.params))
            for f in found.findings
        ],
        figures=[Figure(translate(name, language), value) for name, value in found.figures],
    )


HANDLERS = [read_instrument]
