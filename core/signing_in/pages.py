"""The second step of a log-in, and passkeys: what the browser posts between two pages.

Real imports throughout: litestar reads these annotations at run time.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.handlers.base import BaseRouteHandler
from litestar.params import Body
from litestar.response import Redirect

from core import sessions, settings
from core.errors import TooMany
from core.signing_in import logging_in, passkeys, steps
from core.signing_in.devices import device_of
from core.signing_in.factors import factors_of
from core.web.limits import rate_limit
from core.web.session import session_cookie
from core.web.templates import render

Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_SECONDS = int(steps.LIFE.total_seconds())


@get("/login/second", include_in_schema=False)
async def second_page(request: Req) -> Response[Any]:
    try:
        step = await steps.look(steps.SECOND, step_in(request))
    except steps.StepOver:
        return Redirect("/login", status_code=303)
    return await _second(request, step)


@post("/login/second", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def second_step(request: Req, data: Form) -> Response[Any]:
    token = step_in(request)
    try:
        found = await logging_in.finish_with_code(
            token, data.get("code", ""), device=device_of(request)
        )
    except (logging_in.WrongCode, TooMany) as error:
        return await _second(request, await steps.look(steps.SECOND, token), error)
    except steps.StepOver as error:
        shown = {"failed": error, "login": "", "target": "/", "passkeys": passkeys.possible()}
        return render(request, "core/login.html", status=error.status, **shown)
    return entered(found)


@post("/login/second/passkey/options", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def second_passkey_options(request: Req) -> dict[str, Any]:
    step = await steps.look(steps.SECOND, step_in(request))
    if step.account is None:
        raise steps.StepOver
    return await passkeys.options_for_second(step.account)


@post("/login/second/passkey", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def second_passkey(request: Req, data: dict[str, Any]) -> Response[Any]:
    found = await logging_in.finish_with_passkey(
        step_in(request), _credential(data), device=device_of(request)
    )
    return _entered_by_script(found)


@post("/login/passkey/options", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def passkey_options() -> dict[str, Any]:
    """The same for everybody: which accounts there are is nobody's to learn."""
    return await passkeys.options_for_log_in()


@post("/login/passkey", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def log_in_by_passkey(request: Req, data: dict[str, Any]) -> Response[Any]:
    target = data.get("target", "/")
    found = await logging_in.with_passkey(
        _credential(data),
        target=sessions.local(target) if isinstance(target, str) else "/",
        device=device_of(request),
    )
    return _entered_by_script(found)


HANDLERS: list[BaseRouteHandler] = [
    second_page,
    second_step,
    second_passkey_options,
    second_passkey,
    passkey_options,
    log_in_by_passkey,
]


def answer(found: logging_in.Entered | logging_in.Halfway) -> Response[Any]:
    """On to where the reader wanted to go, or to the second step."""
    if isinstance(found, logging_in.Entered):
        return entered(found)
    return Redirect("/login/second", status_code=303, cookies=[_step_cookie(found.token, _SECONDS)])


def entered(found: logging_in.Entered) -> Response[Any]:
    cookies = [session_cookie(found.token), _step_cookie("", 0)]
    return Redirect(found.target, status_code=303, cookies=cookies)


def step_in(request: Req) -> str:
    return request.cookies.get(_cookie_name(), "")


async def _second(
    request: Req, step: steps.Step, error: logging_in.WrongCode | TooMany | None = None
) -> Response[bytes]:
    held = await factors_of(step.account) if step.account else None
    return render(
        request,
        "core/second.html",
        status=error.status if error else 200,
        failed=error,
        app=held is not None and held.app,
        passkeys=held is not None and held.passkeys > 0 and passkeys.possible(),
    )


def _entered_by_script(found: logging_in.Entered) -> Response[Any]:
    cookies = [session_cookie(found.token), _step_cookie("", 0)]
    return Response({"to": found.target}, status_code=200, cookies=cookies)


def _credential(data: dict[str, Any]) -> dict[str, Any]:
    found = data.get("credential")
    if not isinstance(found, dict):
        raise passkeys.PasskeyRefused
    return found


def _cookie_name() -> str:
    return "__Host-jiangxin-step" if settings.current().secure else "jiangxin-step"


def _step_cookie(token: str, seconds: int) -> Cookie:
    return Cookie(
        _cookie_name(),
        "/",
        token,
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        max_age=seconds,
    )
