"""Needs: which are open, to whom each was offered, what came of it; offering one to craftsmen and taking it back.

Real imports throughout: litestar reads these annotations at run time.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from admin.console.frame import Req, see_other, show
from admin.console.matching import enterprise_routes, figure_routes, registry_routes, shared
from admin.console.matching.registry_routes import asked_search, craftsmen_names
from admin.console.matching.shared import BASE, DISPATCHES, HOUSE, READS, links_page, room
from core.errors import JiangxinError, NotFound
from core.security import Connection, Scope, actor_in, requires
from core.undo import address_of
from credentials.matching import forms, sealing, working
from credentials.matching.dispatching import (
    dispatch_need,
    link_again,
    offer_row,
    offers_of,
    take_back,
)
from credentials.matching.enterprises import enterprise_row
from credentials.matching.needs import close_need, names_of_enterprises, need_page, need_row
from credentials.matching.registry import READ, registries_for
from credentials.matching.searching import Wanted, search, wrong_search
from credentials.matching.states import CONFIRMED
from credentials.matching.teams import teams_of
from credentials.matching.words import NEED_WORDS

_PAGE, _SHOWN = 50, 30


async def anywhere(connection: Connection) -> Sequence[Scope]:
    """Wherever the reader has a role: the page shows only those registries."""
    return [grant.scope for grant in actor_in(connection).grants]


def register() -> None:
    shared.register()


@get(HOUSE, guards=[requires(READ, anywhere)], include_in_schema=False)
async def registries(request: Req) -> Response[Any]:
    """The only one at once; else which one."""
    found = await registries_for(actor_in(request))
    if len(found) == 1:
        return Redirect(f"{HOUSE}/{found[0]['id']}", status_code=303)
    return await show(request, "console-matching/registries.html", room=shared.ROOM, found=found)


@get(BASE, guards=READS, include_in_schema=False)
async def needs_page(
    request: Req, organisation: UUID, state_of: str = "", after: str = ""
) -> Response[bytes]:
    state = state_of if state_of in NEED_WORDS else ""
    rows = await need_page(
        actor_in(request), organisation, state=state, limit=_PAGE + 1, after=after
    )
    shown = rows[:_PAGE]
    return await room(
        request,
        "needs.html",
        organisation,
        "needs",
        rows=shown,
        names=await names_of_enterprises(shown),
        state=state,
        next=shown[-1]["id"] if len(rows) > _PAGE else "",
    )


@get(f"{BASE}/needs/{{need:uuid}}", guards=READS, include_in_schema=False)
async def one_need(request: Req, organisation: UUID, need: UUID) -> Response[bytes]:
    """With a search of whom to ask: at first by the need's own trade and city."""
    return await _page(request, organisation, need)


@post(f"{BASE}/needs/{{need:uuid}}/offers", guards=DISPATCHES, include_in_schema=False)
async def offer(request: Req, organisation: UUID, need: UUID) -> Response[Any]:
    by, form = actor_in(request), await request.form()
    craftsmen = [_uuid(one, "craftsman") for one in form.getall("craftsmen", [])]
    teams = [_uuid(one, "service team") for one in form.getall("teams", [])]
    try:
        sent = await dispatch_need(by, organisation, need, craftsmen=craftsmen, teams=teams)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, organisation, need, error, chosen=[*craftsmen, *teams])
    names = await craftsmen_names(list(sent.links))
    made = [(names.get(one, ""), address) for one, address in sent.links.items()]
    back, undo = f"{HOUSE}/{organisation}/needs/{need}", address_of(sent.undo)
    return await links_page(request, organisation, "needs", made, back=back, undo=undo)


@post(f"{BASE}/offers/{{offer:uuid}}/back", guards=DISPATCHES, include_in_schema=False)
async def offer_back(request: Req, organisation: UUID, offer: UUID) -> Response[Any]:
    need = await _need_of(organisation, offer)
    try:
        await take_back(actor_in(request), organisation, offer)
    except JiangxinError as error:
        return await _page(request, organisation, need, error)
    return see_other(
        f"{HOUSE}/{organisation}/needs/{need}", "The offer was taken back; its link is over."
    )


@post(f"{BASE}/offers/{{offer:uuid}}/link", guards=DISPATCHES, include_in_schema=False)
async def offer_link(request: Req, organisation: UUID, offer: UUID) -> Response[Any]:
    need = await _need_of(organisation, offer)
    try:
        address = await link_again(actor_in(request), organisation, offer)
    except JiangxinError as error:
        return await _page(request, organisation, need, error)
    row = next(one for one in await offers_of(need) if one["id"] == offer)
    names = await craftsmen_names([row["craftsman"]])
    back = f"{HOUSE}/{organisation}/needs/{need}"
    made = [(names.get(row["craftsman"], ""), address)]
    return await links_page(request, organisation, "needs", made, back=back)


@post(f"{BASE}/needs/{{need:uuid}}/close", guards=DISPATCHES, include_in_schema=False)
async def close(request: Req, organisation: UUID, need: UUID) -> Response[Any]:
    try:
        await close_need(actor_in(request), organisation, need)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, organisation, need, error)
    return see_other(f"{HOUSE}/{organisation}/needs/{need}", "The need is closed.")


async def _page(
    request: Req,
    organisation: UUID,
    need: UUID,
    error: JiangxinError | None = None,
    *,
    chosen: list[UUID] | None = None,
) -> Response[bytes]:
    by, row = actor_in(request), await need_row(need, organisation)
    enterprise = await enterprise_row(row["enterprise"])
    offers = await offers_of(need)
    teams = await teams_of(by, organisation)
    leaders = [team.leader for team in teams]
    wanted = _wanted(request, row)
    wrong = wrong_search(wanted)
    found = [] if wrong else await search(by, organisation, wanted, limit=_SHOWN)
    return await room(
        request,
        "need.html",
        organisation,
        "needs",
        error=error,
        need=row,
        enterprise_name=sealing.facts_of(enterprise).get("name", ""),
        told=sealing.words_of(enterprise, row),
        offers=offers,
        names=await craftsmen_names([*(one["craftsman"] for one in offers), *leaders]),
        team_titles={team.id: team.title for team in teams},
        teams=teams,
        found=found,
        wanted=wanted,
        chosen=chosen or [],
        offered={one["craftsman"] for one in offers if one["state"] in ("waiting", "accepted")},
        open_=row["state"] in ("filed", "dispatched", "accepted"),
        visits=await working.visits_of(need),
        benefits=[
            (forms.shown_amount(one["thousandths"]), one["unit"], one["evidence_hash"])
            for one in await working.benefits_of(need)
        ]
        if row["state"] == CONFIRMED
        else [],
    )


def _wanted(request: Req, need: dict[str, Any]) -> Wanted:
    if "trade" in request.query_params:
        return asked_search(request)
    return Wanted(trade=need["trade"], city=need["city"], day=need["from_day"])


async def _need_of(organisation: UUID, offer: UUID) -> UUID:
    row = await offer_row(offer)
    found: UUID = (await need_row(row["need"], organisation))["id"]
    return found


def _uuid(sent: object, what: str) -> UUID:
    try:
        return UUID(str(sent))
    except ValueError:
        raise NotFound(kind=what, id=str(sent)[:40]) from None


HANDLERS = [
    registries,
    needs_page,
    one_need,
    offer,
    offer_back,
    offer_link,
    close,
    *registry_routes.HANDLERS,
    *enterprise_routes.HANDLERS,
    *figure_routes.HANDLERS,
]
