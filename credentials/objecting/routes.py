"""The public page of a notice. No account, no script; a few objections a minute from one address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from core.errors import Invalid, JiangxinError, NotFound
from core.findings import render as render_finding
from core.web import assets, templates
from core.web.i18n import translate
from core.web.language import language_of
from core.web.limits import rate_limit
from credentials.objecting.messages import STATES
from credentials.objecting.notices import (
    PublicNotice,
    Typed,
    notice_of,
    object_publicly,
    state_of,
)

HERE = Path(__file__).parent
NOTICE = "/notices/{notice:uuid}"
READ, FILED, ASKED = 60, 3, 10
"""Requests a minute from one address."""
BODY_LIMIT = 64 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
Req = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def register() -> None:
    assets.register("credentials/objecting", HERE / "static")
    templates.register("objecting", HERE / "templates")


@get(NOTICE, guards=[rate_limit(READ)], include_in_schema=False)
async def notice_page(request: Req, notice: UUID) -> Response[bytes]:
    """Without a notice that runs, only what became of an objection can still be asked."""
    return _page(request, notice, await _running(notice))


@post(
    NOTICE,
    guards=[rate_limit(FILED)],
    include_in_schema=False,
    status_code=200,
    request_max_body_size=BODY_LIMIT,
)
async def file(request: Req, notice: UUID, data: Form) -> Response[bytes]:
    """Answers with the receipt at once: nothing that could be looked at again names it."""
    typed = Typed(data.get("objection", ""), data.get("name", ""), data.get("contact", ""))
    try:
        receipt = await object_publicly(notice, typed)
    except NotFound:
        raise
    except JiangxinError as error:
        return _page(request, notice, await _running(notice), typed, error=error)
    shown = f"{receipt[:5]}-{receipt[5:]}"
    return _page(request, notice, await _running(notice), receipt=shown)


@post(
    NOTICE + "/receipt",
    guards=[rate_limit(ASKED)],
    include_in_schema=False,
    status_code=200,
    request_max_body_size=BODY_LIMIT,
)
async def ask(request: Req, notice: UUID, data: Form) -> Response[bytes]:
    asked = data.get("receipt", "")[:40]
    state = STATES[await state_of(notice, asked)]
    return _page(request, notice, await _running(notice), state=state, asked=asked)


async def _running(id: UUID) -> PublicNotice | None:
    try:
        return await notice_of(id)
    except NotFound:
        return None


def _page(
    request: Req,
    id: UUID,
    notice: PublicNotice | None,
    typed: Typed | None = None,
    *,
    error: JiangxinError | None = None,
    receipt: str = "",
    state: str = "",
    asked: str = "",
) -> Response[bytes]:
    language = language_of(request)
    page = templates.render(
        request,
        "objecting/notice.html",
        status=error.status if error else 200 if notice or state else 404,
        id=id,
        notice=notice,
        typed=typed or Typed(""),
        wrong={one.pointer: render_finding(one, language) for one in error.findings}
        if isinstance(error, Invalid)
        else {},
        problem=translate(error.title, language, **error.params) if error else "",
        receipt=receipt,
        state=state,
        asked=asked,
    )
    page.headers.update(HEADERS)
    return page


HANDLERS = [notice_page, file, ask]
