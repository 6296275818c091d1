"""The way in: a link that shows buttons, and the button, which uses it up. A link about an offer asks at once
whether it is accepted.

Real imports throughout: litestar reads these annotations at run time.
"""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, head, post
from litestar.response import Redirect

from core.db import transaction
from core.errors import JiangxinError
from core.security import Actor
from core.signing_in.devices import device_of
from core.web.limits import address_of, rate_limit
from credentials.limits import guesses
from credentials.matching import links, sealing
from credentials.matching.dispatching import accept_row, decline_row, offer_row
from credentials.matching.enterprises import enterprise_row
from credentials.matching.links import CRAFTSMAN, MatchingLinkOver
from credentials.matching.needs import need_row
from credentials.matching.pages import HEADERS, Req, show
from credentials.matching.party import enter
from credentials.matching.registry import title_of
from credentials.matching.states import WAITING
from credentials.matching.tables import Craftsman

_LIMIT = [rate_limit(60, burst=30)]
_BY = Actor(None, CRAFTSMAN)
Row = dict[str, Any]


@get("/matching/in/{token:str}", include_in_schema=False, guards=_LIMIT)
async def look(request: Req, token: str) -> Response[bytes]:
    """Uses nothing up and names nobody: chat programs open links to preview them."""
    guesses.check(address_of(request))
    row = await links.link_by(token, datetime.now(UTC))
    if row is None:
        guesses.miss(address_of(request))
        return show(request, "enter.html", status=404, link=None)
    return await _page(request, row)


@head("/matching/in/{token:str}", include_in_schema=False)
async def preview(token: str) -> None:
    """Some previews only ask for the headers; the answer says nothing about the link."""


@post("/matching/in/{token:str}", include_in_schema=False, guards=_LIMIT)
async def use(request: Req, token: str) -> Response[Any]:
    """`answer`: accept or decline, where the link is about an offer that waits; nothing else lets in then."""
    address = address_of(request)
    guesses.check(address)
    form, now = await request.form(), datetime.now(UTC)
    given = await links.link_by(token, now)
    waits = given is not None and await _waits(given)
    said = str(form.get("answer", ""))
    if given is not None and waits and said not in ("accept", "decline"):
        return await _page(request, given)
    try:
        async with transaction():
            row = await links.use(token, now)
            if waits:
                await _answer(row, said)
            cookie = await enter(
                row["side"],
                row["subject"],
                device=device_of(request),
                own_device=form.get("own_device") == "yes",
                now=now,
            )
    except MatchingLinkOver:
        guesses.miss(address)
        return show(request, "enter.html", status=404, link=None)
    except JiangxinError as error:  # taken back, or others went, between look and button
        return show(request, "enter.html", error=error, link=None)
    goes = (
        f"/matching/offers/{row['dispatch']}"
        if row["dispatch"] and said == "accept"
        else "/matching"
    )
    return Redirect(goes, status_code=303, cookies=[cookie], headers=HEADERS)


async def _answer(row: Row, said: str) -> None:
    offer = await offer_row(row["dispatch"])
    if said == "accept":
        await accept_row(_BY, offer)
    else:
        await decline_row(_BY, offer)


async def _waits(row: Row) -> bool:
    if row["dispatch"] is None:
        return False
    return bool((await offer_row(row["dispatch"]))["state"] == WAITING)


async def _page(request: Req, row: Row) -> Response[bytes]:
    need, problem = None, ""
    if await _waits(row):
        need = await need_row((await offer_row(row["dispatch"]))["need"])
        enterprise = await enterprise_row(need["enterprise"])
        problem = sealing.words_of(enterprise, need).get("problem", "")
    return show(
        request,
        "enter.html",
        link=row,
        need=need,
        described=problem,
        organisation=await title_of(await _organisation(row)),
    )


async def _organisation(row: Row) -> Any:
    if row["side"] == CRAFTSMAN:
        found = (
            await Craftsman.select(Craftsman.organisation)
            .where(Craftsman.id == row["subject"])
            .first()
        )
        return found["organisation"] if found else row["subject"]
    return (await enterprise_row(row["subject"]))["organisation"]


HANDLERS = [look, preview, use]
