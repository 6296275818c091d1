"""The kernel's few pages: home, log-in, and the button of a one-time link."""

from __future__ import annotations

from typing import Annotated, Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, head, post
from litestar.enums import RequestEncodingType
from litestar.handlers.base import BaseRouteHandler
from litestar.params import Body
from litestar.response import Redirect

from core import accounts, sessions, settings
from core.errors import TooMany
from core.security import Role, actor_if_any, logged_in
from core.signing_in import logging_in, passkeys
from core.signing_in import pages as signing_in
from core.signing_in.devices import device_of
from core.web.limits import rate_limit
from core.web.session import ended_cookie
from core.web.templates import render

Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
MARKING = frozenset({Role.JUDGE, Role.GROUP_LEADER, Role.CHIEF_REFEREE})
"""Who finds sheets at /judging/."""


@get("/", include_in_schema=False)
async def home(request: Req) -> Response[bytes]:
    """What this installation is, and the doors that are open to the reader."""
    actor = actor_if_any(request)
    roles = {grant.role for grant in actor.grants} if actor else set()
    return render(
        request,
        "core/home.html",
        judging=bool(roles & MARKING),
        tasting=Role.TASTER in roles,
        timing=Role.TIME_KEEPER in roles,
        employing=Role.EMPLOYER in roles,
        control=actor is not None and actor.may_somewhere("contest.control"),
        console=bool(roles - {Role.EMPLOYER, Role.TASTER, Role.TIME_KEEPER}),
        certificate_host=urlsplit(settings.current().certificate_origin).netloc,
    )


@get("/login", include_in_schema=False)
async def login_page(request: Req) -> Response[bytes]:
    target = sessions.local(request.query_params.get("next", "/"))
    return _login(request, target=target)


@post("/login", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def log_in(request: Req, data: Form) -> Response[Any]:
    login, target = data.get("login", ""), sessions.local(data.get("target", "/"))
    try:
        found = await logging_in.with_password(
            login, data.get("password", ""), target=target, device=device_of(request)
        )
    except (accounts.WrongLogin, TooMany) as error:
        return _login(request, failed=error, login=login[: accounts.LONGEST_LOGIN], target=target)
    return signing_in.answer(found)


@post("/logout", include_in_schema=False, guards=[logged_in])
async def log_out(request: Req) -> Response[Any]:
    await sessions.end_session(session_in(request))
    return Redirect("/", status_code=303, cookies=[ended_cookie()])


@get("/in/{token:str}", include_in_schema=False, guards=[rate_limit(60)])
async def look_at_link(request: Req, token: str) -> Response[bytes]:
    """Shows a button and uses nothing up: chat programs open links to preview them."""
    label = await sessions.look_at_link(token)
    return render(request, "core/link.html", label=label)


@head("/in/{token:str}", include_in_schema=False)
async def preview_link(token: str) -> None:
    """Some previews only ask for the headers; the answer says nothing about the link."""


@post("/in/{token:str}", include_in_schema=False, guards=[rate_limit(60)])
async def use_link(request: Req, token: str) -> Response[Any]:
    return signing_in.answer(await logging_in.with_link(token, device=device_of(request)))


def handlers() -> list[BaseRouteHandler]:
    return [
        home,
        login_page,
        log_in,
        log_out,
        look_at_link,
        preview_link,
        use_link,
        *signing_in.HANDLERS,
    ]


def session_in(request: Req) -> UUID:
    """The session's id; behind the guard `logged_in`."""
    return cast("UUID", request.scope["session"])


def _login(
    request: Req,
    *,
    target: str,
    login: str = "",
    failed: accounts.WrongLogin | TooMany | None = None,
) -> Response[bytes]:
    return render(
        request,
        "core/login.html",
        status=failed.status if failed else 200,
        failed=failed,
        login=login,
        target=target,
        passkeys=passkeys.possible(),
    )
