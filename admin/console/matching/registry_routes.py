"""The registry: craftsmen found and entered, their profiles and links, and service teams.

Real imports throughout: litestar reads these annotations at run time.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other
from admin.console.matching.shared import BASE, DISPATCHES, HOUSE, READS, links_page, room
from core.errors import Invalid, JiangxinError, NotFound
from core.privacy import names_of
from core.security import actor_in
from credentials.matching import consents, contacts, forms
from credentials.matching.craftsmen import (
    Profile,
    change_profile,
    craftsman_row,
    enter_craftsman,
    invite_craftsman,
    profile_of,
    read_profile,
    record_consent,
    suggested,
)
from credentials.matching.leaving import stop_being_found
from credentials.matching.searching import Wanted, found_of, known_trades, search, wrong_search
from credentials.matching.tables import Craftsman
from credentials.matching.teams import end_team, make_team, teams_of
from credentials.matching.words import DAYS

_PAGE, _FOR_TEAMS = 50, 200
_ASKED = ("trade", "level", "honour", "tier", "city", "day", "service")


def asked_search(request: Req) -> Wanted:
    told = {name: forms.plain(request.query_params.get(name)) for name in _ASKED}
    return Wanted(**{**told, "day": forms.narrow(told["day"])})


async def craftsmen_names(craftsmen: Sequence[UUID]) -> dict[UUID, str]:
    if not craftsmen:
        return {}
    rows = await Craftsman.select(Craftsman.id, Craftsman.person).where(
        Craftsman.id.is_in(list(craftsmen))
    )
    names = await names_of(row["person"] for row in rows)
    return {row["id"]: names.get(row["person"], "") for row in rows}


@get(f"{BASE}/craftsmen", guards=READS, include_in_schema=False)
async def craftsmen_page(
    request: Req, organisation: UUID, after: UUID | None = None
) -> Response[bytes]:
    return await _list(request, organisation, after=after)


@post(f"{BASE}/craftsmen", guards=DISPATCHES, include_in_schema=False)
async def enter(request: Req, organisation: UUID) -> Response[Any]:
    """Enters who is found by certificate number and name; the profile follows on the next page."""
    form = await request.form()
    number, name = forms.plain(form.get("number")), forms.plain(form.get("name"))
    try:
        craftsman = await enter_craftsman(actor_in(request), organisation, number=number, name=name)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _list(request, organisation, error, typed=(number, name))
    return see_other(
        f"{HOUSE}/{organisation}/craftsmen/{craftsman}",
        "Entered, and not found by anybody yet. Send the link, or enter the signed form.",
    )


@get(f"{BASE}/craftsmen/{{craftsman:uuid}}", guards=READS, include_in_schema=False)
async def one_craftsman(request: Req, organisation: UUID, craftsman: UUID) -> Response[bytes]:
    return await _one(request, organisation, craftsman)


@post(f"{BASE}/craftsmen/{{craftsman:uuid}}", guards=DISPATCHES, include_in_schema=False)
async def save(request: Req, organisation: UUID, craftsman: UUID) -> Response[Any]:
    """The profile; with `source`, the consent that was given on a signed form too."""
    by, form = actor_in(request), await request.form()
    many = {name: form.getall(name, []) for name in ("days", "services", "languages")}
    typed, source = read_profile(form, many), forms.plain(form.get("source"))
    row = await craftsman_row(craftsman, organisation)
    try:
        if row["listed_at"] is None:
            await record_consent(by, organisation, craftsman, typed, source=source)
        else:
            await change_profile(by, organisation, craftsman, typed)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _one(request, organisation, craftsman, error, typed=typed, source=source)
    return see_other(f"{HOUSE}/{organisation}/craftsmen/{craftsman}", "Saved.")


@post(f"{BASE}/craftsmen/{{craftsman:uuid}}/link", guards=DISPATCHES, include_in_schema=False)
async def link(request: Req, organisation: UUID, craftsman: UUID) -> Response[Any]:
    address = await invite_craftsman(actor_in(request), organisation, craftsman)
    names = await craftsmen_names([craftsman])
    back = f"{HOUSE}/{organisation}/craftsmen/{craftsman}"
    made = [(names.get(craftsman, ""), address)]
    return await links_page(request, organisation, "craftsmen", made, back=back)


@post(f"{BASE}/craftsmen/{{craftsman:uuid}}/contact", guards=DISPATCHES, include_in_schema=False)
async def contact(request: Req, organisation: UUID, craftsman: UUID) -> Response[Any]:
    """To hand a link over; every look is on record."""
    found = await contacts.for_office(actor_in(request), organisation, craftsman)
    return await _one(request, organisation, craftsman, contact=found)


@post(f"{BASE}/craftsmen/{{craftsman:uuid}}/withdraw", guards=DISPATCHES, include_in_schema=False)
async def withdraw(request: Req, organisation: UUID, craftsman: UUID) -> Response[Any]:
    """When the craftsman told the office so."""
    await craftsman_row(craftsman, organisation)
    await stop_being_found(actor_in(request), craftsman)
    return see_other(
        f"{HOUSE}/{organisation}/craftsmen/{craftsman}",
        "The consent is withdrawn; nobody finds this craftsman.",
    )


@get(f"{BASE}/teams", guards=READS, include_in_schema=False)
async def teams_page(request: Req, organisation: UUID) -> Response[bytes]:
    return await _teams(request, organisation)


@post(f"{BASE}/teams", guards=DISPATCHES, include_in_schema=False)
async def new_team(request: Req, organisation: UUID) -> Response[Any]:
    form = await request.form()
    title, leader = forms.plain(form.get("title")), _uuid(form.get("leader"))
    members = [one for sent in form.getall("members", []) if (one := _uuid(sent))]
    try:
        await make_team(
            actor_in(request), organisation, title=title, leader=leader, members=members
        )
    except NotFound:
        raise
    except JiangxinError as error:
        return await _teams(request, organisation, error, typed=(title, leader, members))
    return see_other(f"{HOUSE}/{organisation}/teams", "The team can be offered needs now.")


@post(f"{BASE}/teams/{{team:uuid}}/end", guards=DISPATCHES, include_in_schema=False)
async def ends_team(request: Req, organisation: UUID, team: UUID) -> Response[Any]:
    await end_team(actor_in(request), organisation, team)
    return see_other(
        f"{HOUSE}/{organisation}/teams", "The team is ended; what it has accepted goes on."
    )


async def _list(
    request: Req,
    organisation: UUID,
    error: JiangxinError | None = None,
    *,
    after: UUID | None = None,
    typed: tuple[str, str] = ("", ""),
) -> Response[bytes]:
    by, wanted = actor_in(request), asked_search(request)
    wrong = wrong_search(wanted)
    found = [] if wrong else await search(by, organisation, wanted, limit=_PAGE + 1, after=after)
    shown = found[:_PAGE]
    asked = [(name, getattr(wanted, name)) for name in _ASKED if getattr(wanted, name)]
    more = urlencode([*asked, ("after", shown[-1].id)]) if len(found) > _PAGE else ""
    return await room(
        request,
        "craftsmen.html",
        organisation,
        "craftsmen",
        error=error or (Invalid(wrong) if wrong else None),
        found=shown,
        wanted=wanted,
        trades=await known_trades(organisation),
        unlisted=await _unlisted(organisation),
        next=more,
        typed=typed,
        days=DAYS,
    )


async def _unlisted(organisation: UUID) -> dict[UUID, str]:
    """Entered, without a consent in force: the newest first."""
    rows = (
        await Craftsman.select(Craftsman.id)
        .where(Craftsman.organisation == organisation, Craftsman.listed_at.is_null())
        .order_by(Craftsman.made_at, ascending=False)
        .limit(_PAGE)
    )
    return await craftsmen_names([row["id"] for row in rows])


async def _one(
    request: Req,
    organisation: UUID,
    craftsman: UUID,
    error: JiangxinError | None = None,
    *,
    typed: Profile | None = None,
    source: str = "",
    contact: contacts.Contact | None = None,
) -> Response[bytes]:
    """The office sees no contact here unless it asks for it; what stands in the form is what it typed itself."""
    row = await craftsman_row(craftsman, organisation)
    stored = await profile_of(row)
    own = stored if stored.trades else await suggested(row)
    return await room(
        request,
        "craftsman.html",
        organisation,
        "craftsmen",
        error=error,
        craftsman=row,
        record=(await found_of([row]))[0],
        profile=typed or replace(own, telephone="", email=""),
        known_contact=bool(stored.telephone or stored.email),
        chosen_days=[str(bit) for bit, _ in DAYS if (typed or own).days & bit],
        source=source,
        history=await consents.history(craftsman),
        wording=consents.WORDING[1],
        contact=contact,
    )


async def _teams(
    request: Req,
    organisation: UUID,
    error: JiangxinError | None = None,
    *,
    typed: tuple[str, UUID | None, Sequence[UUID]] = ("", None, ()),
) -> Response[bytes]:
    by = actor_in(request)
    teams = await teams_of(by, organisation)
    return await room(
        request,
        "teams.html",
        organisation,
        "teams",
        error=error,
        teams=teams,
        names=await craftsmen_names(list({one for team in teams for one in team.members})),
        found=await search(by, organisation, Wanted(), limit=_FOR_TEAMS),
        typed=typed,
    )


def _uuid(sent: object) -> UUID | None:
    try:
        return UUID(str(sent))
    except ValueError:
        return None


HANDLERS = [
    craftsmen_page,
    enter,
    one_craftsman,
    save,
    link,
    contact,
    withdraw,
    teams_page,
    new_team,
    ends_team,
]
