"""The tasters' page, the same for everybody, and logging in on it with a paper code."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec import Meta, Struct

from contests.judging.shell import precache
from contests.judging.tasting.codes import enter_with
from contests.routing import described
from core.openapi import problems
from core.sessions import csrf_token, session_of
from core.web.compress import answer
from core.web.limits import rate_limit
from core.web.session import session_cookie

TAG = "judging"
PAGE = "/judging/taste"
Req = Request[Any, Any, Any]


class PaperCode(Struct, forbid_unknown_fields=True):
    """What stands on the taster's paper."""

    code: Annotated[str, Meta(max_length=40, examples=["7K3M9-QXT2F"])]


class TasterSession(Struct):
    """Who has come in; the session is a cookie."""

    account: str
    label: Annotated[str, Meta(examples=["T7"])]
    csrf: Annotated[str, Meta(description="For X-CSRF-Token of this session's requests.")]


@get("/taste", include_in_schema=False, sync_to_thread=False)
def short_address() -> Redirect:
    """What stands on paper; the browser carries the code behind # along."""
    return Redirect(PAGE, status_code=302)


@get(PAGE, include_in_schema=False, sync_to_thread=False)
def page(request: Req) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": precache.CSP}
    return answer(request, precache.page("tasting"), "text/html; charset=utf-8", headers)


@post(
    "/api/v1/judging/taste/session",
    guards=[rate_limit(600, burst=300)],
    status_code=200,
    operation_id="enter_with_paper_code",
    **(
        described(
            "Log in as a taster with a paper code",
            TAG,
            description="Ten characters; small letters, hyphens and O for 0 are forgiven. The same "
            "code logs in again on another phone when the first has died.",
        )
        | {"responses": problems(400, 401, 429), "security": [{}]}
    ),
)
async def enter(data: PaperCode) -> Response[TasterSession]:
    entered = await enter_with(data.code)
    found = await session_of(entered.token)
    told = TasterSession(str(entered.account), entered.label, csrf_token(found[0]) if found else "")
    return Response(
        told,
        status_code=200,
        cookies=[session_cookie(entered.token)],
        headers={"Cache-Control": "no-store"},
    )


HANDLERS = [short_address, page, enter]
