"""The room where an office makes links for employers who want a stack of certificates checked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.organisations.routes import describes_some
from core.errors import Forbidden, Invalid, JiangxinError, NotFound
from core.scoring.model import Finding, Text
from core.security import INSTALLATION, Actor, Scope, actor_in
from core.web import templates
from credentials.files.faces import issuer_title
from credentials.keyring import issuers_with_keys
from credentials.stacks.invitations import (
    end_invitation,
    invitations_for,
    invite,
    is_open,
    office_of,
    offices_for,
)

HERE = Path(__file__).parent
ROOM = "/console/stacks"
DAYS, USES = 30, 1
_GUARDS = [describes_some]


def register() -> None:
    templates.register("stack-links", HERE / "templates")


@get(ROOM, guards=_GUARDS, include_in_schema=False)
async def links_page(request: Req) -> Response[bytes]:
    return await _page(request)


@post(ROOM, guards=_GUARDS, include_in_schema=False)
async def make_link(request: Req, data: Form) -> Response[Any]:
    """The address is shown on the answer and nowhere else."""
    by = actor_in(request)
    try:
        office, days, uses = _typed(data, await _offices(by))
        employer = data.get("employer", "")
        address = await invite(by, office, employer=employer, days=days, uses=uses)
    except JiangxinError as error:
        return await _page(request, error, data)
    return await _page(request, made=address, employer=employer.strip())


@post(f"{ROOM}/{{link:uuid}}/end", guards=_GUARDS, include_in_schema=False)
async def end_link(request: Req, link: UUID) -> Response[Any]:
    try:
        await end_invitation(actor_in(request), link)
    except NotFound as error:
        return await _page(request, error)
    return see_other(ROOM, "The link is ended; nobody begins another stack with it.")


def _typed(data: dict[str, str], offices: dict[str, Any]) -> tuple[Scope, int, int]:
    """Raises Invalid with everything that is no number, Forbidden for another's office."""
    wrong: list[Finding] = []
    numbers = []
    for name in ("days", "uses"):
        given = data.get(name, "").strip()
        if given.isascii() and given.isdigit() and len(given) < 6:
            numbers.append(int(given))
        else:
            wrong.append(Finding(f"/{name}", "stacks.number", {"given": given[:20]}))
    office = data.get("office", "")
    if office not in offices and not (office == "" and not offices):
        wrong.append(Finding("/office", "stacks.office", {}))
    if wrong:
        raise Invalid(wrong)
    if not offices:
        raise Forbidden(permission="certificate.issue")
    return offices[office][0], numbers[0], numbers[1]


async def _offices(by: Actor) -> dict[str, tuple[Scope, Text]]:
    """By the value of the choice."""
    found = await offices_for(by, sorted(await issuers_with_keys()))
    return {
        office.id: (office, {} if office == INSTALLATION else await issuer_title(office.id))
        for office in found
    }


async def _page(
    request: Req,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
    *,
    made: str = "",
    employer: str = "",
) -> Response[bytes]:
    by, now = actor_in(request), datetime.now(UTC)
    offices = await _offices(by)
    links = await invitations_for(by)
    return await show(
        request,
        "stack-links/links.html",
        room="stacks",
        error=error,
        links=[(row, office_of(row).id, is_open(row, now)) for row in links],
        offices=offices,
        typed=typed or {"days": str(DAYS), "uses": str(USES)},
        made=made,
        employer=employer,
    )


HANDLERS = [links_page, make_link, end_link]
