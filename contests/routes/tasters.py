"""Places for tasters: the organiser's page, its papers to print, and the same over the API."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from contests.actions.common import contest_row
from contests.actions.tasters import (
    TasterPlace,
    add_tasters,
    renew_codes,
    shut_out,
    tasters_of,
)
from contests.routing import described, loaded, of_contest
from contests.schemas.tasters import TasterCodeOut, TasterOut, TastersIn
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import actor_in, requires
from core.settings import current
from core.web import qr, templates

TAG = "contests"
PLACES = [requires("contest.tablets", of_contest)]
Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_PAGE = "/judging/tasting/{contest:uuid}"


def register() -> None:
    templates.register("tasters", Path(__file__).parent / "templates" / "tasters")


# --- API --------------------------------------------------------------------------------------


@get(
    "/contests/{contest:uuid}/tasters",
    guards=PLACES,
    operation_id="list_tasters",
    **described("List the tasters' places", TAG, *(403, 404)),
)
async def list_tasters(request: Req, contest: UUID) -> list[TasterOut]:
    return [_place(one) for one in await tasters_of(actor_in(request), contest)]


@post(
    "/contests/{contest:uuid}/tasters",
    guards=PLACES,
    operation_id="add_tasters",
    **described(
        "Add tasters' places",
        TAG,
        *(403, 404, 409, 422),
        description="Each gets an account that may only taste, a seat (T1, T2 …) and a paper code. "
        "The codes are told here and never again: only a keyed hash of each is stored.",
    ),
)
async def post_tasters(request: Req, contest: UUID, data: TastersIn) -> list[TasterCodeOut]:
    made = await add_tasters(actor_in(request), contest, data.count)
    return [_code(one) for one in made]


# --- pages ------------------------------------------------------------------------------------


@get(_PAGE, guards=PLACES, include_in_schema=False)
async def tasters_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _shown(request, contest)


@post(_PAGE, guards=PLACES, include_in_schema=False, status_code=200)
async def make_places(request: Req, contest: UUID, data: Form) -> Response[bytes]:
    """New places, printed at once: nobody can show these codes again."""
    text = data.get("count", "").strip()
    try:
        if not text.isascii() or not text.isdecimal() or len(text) > 4:
            params = {"value": text[:20], "maximum": "100"}
            raise Invalid([Finding("/count", "number-out-of-range", params)])
        made = await add_tasters(actor_in(request), contest, int(text))
    except Invalid as error:
        return await _shown(request, contest, findings=list(error.findings), count=text)
    return await _papers(request, contest, made)


@post(f"{_PAGE}/codes", guards=PLACES, include_in_schema=False, status_code=200)
async def new_codes(request: Req, contest: UUID, data: Form) -> Response[bytes]:
    """Papers again: for one seat, or for every place that nobody has used."""
    seats = [seat] if (seat := data.get("seat", "")) else None
    made = await renew_codes(actor_in(request), contest, seats)
    return await _papers(request, contest, made)


@post(f"{_PAGE}/shut-out", guards=PLACES, include_in_schema=False)
async def shut(request: Req, contest: UUID, data: Form) -> Redirect:
    await shut_out(actor_in(request), contest, data.get("seat", ""))
    return Redirect(f"/judging/tasting/{contest}", status_code=303)


async def _shown(
    request: Req, contest: UUID, *, findings: list[Finding] | None = None, count: str = ""
) -> Response[bytes]:
    row = await contest_row(contest)
    return templates.render(
        request,
        "tasters/places.html",
        status=422 if findings else 200,
        contest=contest,
        title=loaded(row["title"]),
        places=await tasters_of(actor_in(request), contest),
        findings=findings or [],
        count=count,
    )


async def _papers(request: Req, contest: UUID, made: list[TasterPlace]) -> Response[bytes]:
    row = await contest_row(contest)
    papers = [(one, f"{one.code[:5]} {one.code[5:]}", qr.svg(_address(one.code))) for one in made]
    return templates.render(
        request,
        "tasters/papers.html",
        contest=contest,
        title=loaded(row["title"]),
        papers=papers,
        address=f"{current().origin}/taste".removeprefix("https://").removeprefix("http://"),
    )


def _address(code: str) -> str:
    return f"{current().origin}/taste#{code}"


def _place(one: TasterPlace) -> TasterOut:
    entered = one.entered_at.isoformat() if one.entered_at else ""
    return TasterOut(one.account, one.seat, entered, one.has_code)


def _code(one: TasterPlace) -> TasterCodeOut:
    return TasterCodeOut(one.account, one.seat, one.code, _address(one.code))


HANDLERS = [list_tasters, post_tasters]
PAGES = [tasters_page, make_places, new_codes, shut]
