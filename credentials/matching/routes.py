"""The pages of an enterprise and of a craftsman: one address, each sees his own side.

Real imports throughout: litestar reads these annotations at run time.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from core.errors import JiangxinError, NotFound
from core.web.limits import rate_limit
from credentials.matching import consents, contacts, forms, sealing, working
from credentials.matching.craftsmen import (
    Profile,
    agree,
    craftsman_row,
    profile_of,
    read_profile,
    suggested,
)
from credentials.matching.dispatching import (
    accept as accept_offer,
)
from credentials.matching.dispatching import (
    decline as decline_offer,
)
from credentials.matching.dispatching import (
    leave as leave_offer,
)
from credentials.matching.dispatching import (
    offer_row,
    offers_for,
    offers_of,
)
from credentials.matching.enterprises import enterprise_row
from credentials.matching.leaving import stop_being_found
from credentials.matching.links import CRAFTSMAN, ENTERPRISE
from credentials.matching.needs import (
    NeedDraft,
    file_need,
    need_row,
    needs_of_enterprises,
    read_need,
    withdraw_need,
)
from credentials.matching.pages import HEADERS, Req, show
from credentials.matching.party import FIELD, Party, check_form, cookie_name, leave, party, party_in
from credentials.matching.registry import title_of
from credentials.matching.states import WAITING
from credentials.matching.working import Gained

OWN = [party]
WRITES = [party, rate_limit(60, burst=30)]
_LINES = 4
"""Benefits on one form."""


@get("/matching", guards=OWN, include_in_schema=False)
async def home(request: Req) -> Response[bytes]:
    asked = party_in(request)
    return await (_enterprise_page if asked.side == ENTERPRISE else _craftsman_page)(request, asked)


@post("/matching/leave", guards=OWN, include_in_schema=False)
async def leave_page(request: Req) -> Response[Any]:
    asked, _ = await _form(request)
    await leave(asked)
    page = show(request, "gone.html")
    page.delete_cookie(cookie_name(), "/")
    return page


# --- the enterprise ------------------------------------------------------------------------------


@post("/matching/needs", guards=WRITES, include_in_schema=False)
async def new_need(request: Req) -> Response[Any]:
    asked, form = await _form(request)
    draft = read_need(form)
    subject = _subject(asked, ENTERPRISE, form.get("enterprise"))
    try:
        need = await file_need(asked.actor, subject, draft)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _enterprise_page(request, asked, error, draft=draft, chosen=subject)
    return _to(f"/matching/needs/{need}")


@get("/matching/needs/{need:uuid}", guards=OWN, include_in_schema=False)
async def one_need(request: Req, need: UUID) -> Response[bytes]:
    return await _need_page(request, party_in(request), need)


@post("/matching/needs/{need:uuid}/withdraw", guards=WRITES, include_in_schema=False)
async def withdraw(request: Req, need: UUID) -> Response[Any]:
    asked, _ = await _form(request)
    await _own_need(asked, need)
    try:
        await withdraw_need(asked.actor, need)
    except JiangxinError as error:
        return await _need_page(request, asked, need, error)
    return _to(f"/matching/needs/{need}")


@post("/matching/needs/{need:uuid}/object", guards=WRITES, include_in_schema=False)
async def objects(request: Req, need: UUID) -> Response[Any]:
    asked, _ = await _form(request)
    await _own_need(asked, need)
    try:
        await working.object_to(asked.actor, need)
    except JiangxinError as error:
        return await _need_page(request, asked, need, error)
    return _to(f"/matching/needs/{need}")


@post("/matching/needs/{need:uuid}/confirm", guards=WRITES, include_in_schema=False)
async def confirms(request: Req, need: UUID) -> Response[Any]:
    """`figure-N`, `unit-N`, and a file `evidence-N`, of which only the fingerprint is kept."""
    asked, form = await _form(request)
    await _own_need(asked, need)
    gained = [one for n in range(_LINES) if (one := await _gained(form, n))]
    try:
        await working.confirm(asked.actor, need, gained)
    except JiangxinError as error:
        return await _need_page(request, asked, need, error, gained=gained)
    return _to(f"/matching/needs/{need}")


async def _gained(form: Any, n: int) -> Gained | None:
    file = form.get(f"evidence-{n}")
    content = b""
    if isinstance(file, UploadFile):
        content = await file.read()
    figure, unit = forms.decimal(form.get(f"figure-{n}")), str(form.get(f"unit-{n}") or "")
    return Gained(figure, unit, content) if figure or content else None


async def _own_need(asked: Party, need: UUID) -> dict[str, Any]:
    row = await need_row(need)
    if asked.side != ENTERPRISE or row["enterprise"] not in asked.subjects:
        raise NotFound(kind="need", id=need)
    return row


async def _enterprise_page(
    request: Req,
    asked: Party,
    error: JiangxinError | None = None,
    *,
    draft: NeedDraft | None = None,
    chosen: UUID | None = None,
) -> Response[bytes]:
    rows = [await enterprise_row(one) for one in asked.subjects]
    needs = await needs_of_enterprises(asked.subjects)
    by_id = {row["id"]: row for row in rows}
    return show(
        request,
        "enterprise.html",
        asked,
        error=error,
        enterprises=[
            (row["id"], sealing.facts_of(row).get("name", ""), await title_of(row["organisation"]))
            for row in rows
        ],
        chosen=chosen,
        needs=needs,
        problems={
            need["id"]: sealing.words_of(by_id[need["enterprise"]], need).get("problem", "")
            for need in needs
        },
        draft=draft or await _last_contact(rows, needs),
    )


async def _last_contact(rows: list[dict[str, Any]], needs: list[dict[str, Any]]) -> NeedDraft:
    """The next need begins with the contact of the newest one."""
    if not needs:
        return NeedDraft()
    row = next(row for row in rows if row["id"] == needs[0]["enterprise"])
    told = sealing.words_of(row, needs[0])
    kept = {name: told.get(name, "") for name in ("address", "person", "telephone", "email")}
    return NeedDraft(city=needs[0]["city"], **kept)


async def _need_page(
    request: Req,
    asked: Party,
    need: UUID,
    error: JiangxinError | None = None,
    *,
    gained: list[Gained] | None = None,
) -> Response[bytes]:
    row = await _own_need(asked, need)
    enterprise, now = await enterprise_row(row["enterprise"]), datetime.now(UTC)
    offers = await offers_of(need)
    return show(
        request,
        "need.html",
        asked,
        error=error,
        need=row,
        told=sealing.words_of(enterprise, row),
        waiting=sum(one["state"] == WAITING for one in offers),
        contacts=await contacts.of_craftsmen(row, now),
        contact_days=enterprise["contact_days"],
        visits=await working.visits_of(need),
        benefits=[
            (forms.shown_amount(one["thousandths"]), one["unit"], one["evidence_hash"])
            for one in await working.benefits_of(need)
        ],
        typed=[*(gained or []), *[Gained("", "")] * _LINES][:_LINES],
    )


# --- the craftsman -------------------------------------------------------------------------------


@post("/matching/profile", guards=WRITES, include_in_schema=False)
async def profile(request: Req) -> Response[Any]:
    asked, form = await _form(request)
    subject = _subject(asked, CRAFTSMAN, form.get("craftsman"))
    typed = read_profile(
        form, {name: form.getall(name, []) for name in ("days", "services", "languages")}
    )
    agrees = form.get("agrees") == "yes"
    try:
        await agree(asked.actor, subject, typed, agrees=agrees)
    except JiangxinError as error:
        return await _craftsman_page(
            request, asked, error, typed=typed, chosen=subject, agrees=agrees
        )
    return _to("/matching")


@post("/matching/withdraw", guards=WRITES, include_in_schema=False)
async def withdraw_consent(request: Req) -> Response[Any]:
    asked, form = await _form(request)
    await stop_being_found(asked.actor, _subject(asked, CRAFTSMAN, form.get("craftsman")))
    return _to("/matching")


@get("/matching/offers/{offer:uuid}", guards=OWN, include_in_schema=False)
async def one_offer(request: Req, offer: UUID) -> Response[bytes]:
    return await _offer_page(request, party_in(request), offer)


@post("/matching/offers/{offer:uuid}/{step:str}", guards=WRITES, include_in_schema=False)
async def offer_step(request: Req, offer: UUID, step: str) -> Response[Any]:
    """accept, decline, leave, visit, unvisit or report."""
    asked, form = await _form(request)
    await _own_offer(asked, offer)
    try:
        await _step(asked, offer, step, form)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _offer_page(request, asked, offer, error, typed=_typed(form))
    return _to(f"/matching/offers/{offer}")


async def _step(asked: Party, offer: UUID, step: str, form: Any) -> None:
    simple = {"accept": accept_offer, "decline": decline_offer, "leave": leave_offer}
    if step in simple:
        await simple[step](asked.actor, offer)
    elif step == "visit":
        day, hours = forms.narrow(form.get("day")), forms.decimal(form.get("hours"))
        await working.enter_visit(asked.actor, offer, day=day, hours=hours)
    elif step == "unvisit":
        await working.remove_visit(asked.actor, offer, _uuid(form.get("visit"), "visit"))
    elif step == "report":
        result, text = str(form.get("result", "")), forms.plain(form.get("report"))
        await working.report(asked.actor, offer, result=result, text=text)
    else:
        raise NotFound(kind="step", id=step[:20])


def _typed(form: Any) -> dict[str, str]:
    return {name: str(form.get(name, "")) for name in ("day", "hours", "result", "report")}


async def _own_offer(asked: Party, offer: UUID) -> dict[str, Any]:
    row = await offer_row(offer)
    if asked.side != CRAFTSMAN or row["craftsman"] not in asked.subjects:
        raise NotFound(kind="offer", id=offer)
    return row


async def _craftsman_page(
    request: Req,
    asked: Party,
    error: JiangxinError | None = None,
    *,
    typed: Profile | None = None,
    chosen: UUID | None = None,
    agrees: bool = False,
) -> Response[bytes]:
    places = []
    for subject in asked.subjects:
        row = await craftsman_row(subject)
        listed = row["listed_at"] is not None
        stored = await profile_of(row)
        own = stored if stored.trades else await suggested(row)
        places.append(
            {
                "id": subject,
                "organisation": await title_of(row["organisation"]),
                "listed": listed,
                "profile": typed if typed and subject == chosen else own,
                "problem_here": subject == chosen,
                "history": await consents.history(subject),
                "agrees": agrees,
            }
        )
    offers = await offers_for(asked.subjects)
    return show(
        request,
        "craftsman.html",
        asked,
        error=error,
        places=places,
        offers=[(one, await need_row(one["need"])) for one in offers],
        wording=consents.WORDING[1],
    )


async def _offer_page(
    request: Req,
    asked: Party,
    offer: UUID,
    error: JiangxinError | None = None,
    *,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    row = await _own_offer(asked, offer)
    need, now = await need_row(row["need"]), datetime.now(UTC)
    enterprise = await enterprise_row(need["enterprise"])
    told = sealing.words_of(enterprise, need)
    live = row["state"] in ("waiting", "accepted")
    return show(
        request,
        "offer.html",
        asked,
        error=error,
        offer=row,
        need=need,
        described=told.get("problem", "") if live else "",
        report=told.get("report", "") if row["state"] == "accepted" else "",
        reach=await contacts.of_enterprise(need, row, now),
        contact_days=enterprise["contact_days"],
        visits=[one for one in await working.visits_of(need["id"]) if one["dispatch"] == offer],
        typed=typed or {"day": "", "hours": "", "result": "", "report": ""},
        today=working.local_day(now),
    )


# --- both ----------------------------------------------------------------------------------------


async def _form(request: Req) -> tuple[Party, Any]:
    asked, form = party_in(request), await request.form()
    check_form(asked, form.get(FIELD))
    return asked, form


def _subject(asked: Party, side: str, sent: object) -> UUID:
    """The one that the form names, or the only one there is."""
    if asked.side == side and not sent and len(asked.subjects) == 1:
        return asked.subjects[0]
    found = _uuid(sent, side)
    asked.check_own(side, found, side)
    return found


def _uuid(sent: object, what: str) -> UUID:
    try:
        return UUID(str(sent))
    except ValueError:
        raise NotFound(kind=what, id=str(sent)[:40]) from None


def _to(address: str) -> Redirect:
    return Redirect(address, status_code=303, headers=HEADERS)


HANDLERS = [
    home,
    leave_page,
    new_need,
    one_need,
    withdraw,
    objects,
    confirms,
    profile,
    withdraw_consent,
    one_offer,
    offer_step,
]
