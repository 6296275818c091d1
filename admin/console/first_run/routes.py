"""/setup while nobody has an account, and the welcome after it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from admin.console.first_run import demonstration
from admin.console.frame import Form, Req, problem_of, see_other, show
from core import first_run, sessions, set_up_first, settings
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.settings import DEFAULT_LANGUAGES
from core.signing_in.devices import device_of
from core.web import templates
from core.web.i18n import NAMES
from core.web.language import language_of
from core.web.limits import rate_limit
from core.web.session import session_cookie

HERE = Path(__file__).parent
WELCOME = "/console/welcome"
_MANAGE = [requires("installation.manage")]


def register() -> None:
    templates.register("first_run", HERE / "templates")
    demonstration.register()


@get(set_up_first.PATH, include_in_schema=False, guards=[rate_limit(60)])
async def set_up_page(request: Req) -> Response[bytes]:
    if not await first_run.pending():
        raise NotFoundException
    chosen = {f"language_{code}": "yes" for code in settings.current().languages}
    return _form(request, {"host": settings.current().origin, **chosen})


@post(set_up_first.PATH, include_in_schema=False, guards=[rate_limit(10, burst=5)])
async def set_up(request: Req, data: Form) -> Response[Any]:
    if not await first_run.pending():
        raise NotFoundException
    try:
        account = await first_run.set_up(_given(data))
    except JiangxinError as error:
        return _form(request, data, error)
    token = await sessions.create_session(account, device=device_of(request))
    wanted = first_run.differs(data.get("host", ""))
    query = f"?{urlencode({'address': wanted})}" if wanted else ""
    return Redirect(f"{WELCOME}{query}", status_code=303, cookies=[session_cookie(token)])


@get(WELCOME, guards=_MANAGE, include_in_schema=False)
async def welcome(request: Req) -> Response[bytes]:
    return await _welcome(request)


@post(f"{WELCOME}/demonstration", guards=_MANAGE, include_in_schema=False)
async def load_demonstration(request: Req) -> Response[Any]:
    try:
        job = await demonstration.load(actor_in(request))
    except JiangxinError as error:
        return await _welcome(request, error)
    return see_other(
        f"/console/jobs/{job}", "The demonstration is being played; you may leave this page."
    )


HANDLERS = [set_up_page, set_up, welcome, load_demonstration]


def _given(data: dict[str, str]) -> first_run.SetUp:
    titles = {code: data.get(f"title_{code}", "").strip() for code in DEFAULT_LANGUAGES}
    return first_run.SetUp(
        code=data.get("code", ""),
        organisation_code=data.get("organisation_code", "").strip(),
        organisation_title={code: title for code, title in titles.items() if title},
        label=data.get("label", "").strip(),
        login=data.get("login", ""),
        password=data.get("password", ""),
        repeated=data.get("repeated", ""),
        languages=[code for code in DEFAULT_LANGUAGES if data.get(f"language_{code}")],
        host=data.get("host", ""),
    )


def _form(
    request: Req, typed: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    """What was typed comes back, the passwords too: nobody else sees this page, and it is not kept."""
    return templates.render(
        request,
        "first_run/setup.html",
        status=error.status if error else 200,
        typed=typed,
        problem=problem_of(error, language_of(request)) if error else None,
        names=[(code, NAMES[code]) for code in DEFAULT_LANGUAGES],
    )


async def _welcome(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    return await show(
        request,
        "first_run/welcome.html",
        room="contests",
        error=error,
        wanted=first_run.differs(request.query_params.get("address", "")),
        served=settings.current().origin,
        demonstration=not await demonstration.is_there(),
        loadable=demonstration.possible(),
        command=demonstration.COMMAND,
    )
