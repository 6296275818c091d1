"""The room of employers: who comes in, by which link, and who goes. What one may do to whom is decided in
`credentials.employers.invitations`."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers.base import BaseRouteHandler
from markupsafe import Markup

from admin.console.frame import Form, Req, see_other, show
from core.errors import Forbidden, JiangxinError, NotFound
from core.security import Connection, actor_in
from core.web import qr, templates
from core.web.language import language_of
from credentials.employers.invitations import (
    DAYS,
    PERMISSION,
    employers_for,
    end_employer,
    invite_again,
    invite_employer,
)

HERE = Path(__file__).parent
ROOM = "/console/employers"


async def invites_employers(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: the permission somewhere; the actions ask for whom."""
    if not actor_in(connection).may_somewhere(PERMISSION):
        raise Forbidden(permission=PERMISSION)


_INVITES = [invites_employers]


def register() -> None:
    templates.register("console-employers", HERE / "templates")


@get(ROOM, guards=_INVITES, include_in_schema=False)
async def employers_page(request: Req) -> Response[bytes]:
    return await _page(request)


@post(ROOM, guards=_INVITES, include_in_schema=False)
async def invite(request: Req, data: Form) -> Response[Any]:
    """The link is on this answer and nowhere else."""
    title = {language_of(request): data.get("title", "")}
    try:
        address = await invite_employer(actor_in(request), title)
    except JiangxinError as error:
        return await _page(request, error, data.get("title", ""))
    return await _link(request, address)


@post(f"{ROOM}/{{employer:uuid}}/link", guards=_INVITES, include_in_schema=False)
async def another_link(request: Req, employer: UUID) -> Response[Any]:
    return await _link(request, await invite_again(actor_in(request), employer))


@post(f"{ROOM}/{{employer:uuid}}/end", guards=_INVITES, include_in_schema=False)
async def end(request: Req, employer: UUID) -> Response[Any]:
    try:
        await end_employer(actor_in(request), employer)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(
        ROOM, "The employer's access ended: its keys are refused, and its people see nothing more."
    )


async def _page(
    request: Req, error: JiangxinError | None = None, typed: str = ""
) -> Response[bytes]:
    return await show(
        request,
        "console-employers/list.html",
        room="employers",
        error=error,
        found=await employers_for(actor_in(request)),
        typed=typed,
    )


async def _link(request: Req, address: str) -> Response[bytes]:
    picture = Markup(qr.svg(address))  # noqa: S704 - drawn by ourselves
    return await show(
        request,
        "console-employers/link.html",
        room="employers",
        address=address,
        days=DAYS,
        picture=picture,
    )


HANDLERS = [employers_page, invite, another_link, end]
