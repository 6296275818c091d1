"""What every page of a holder has in common: nobody keeps it, finds it, or learns from it where the
reader came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response

from core.errors import JiangxinError
from core.findings import render as render_finding
from core.web import assets, i18n, templates
from core.web.i18n import translate
from core.web.language import language_of
from credentials.holder.sessions import FIELD, Holder

HERE = Path(__file__).parent
Req = Request[Any, Any, Any]
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}
"""With `no-referrer` older browsers send no origin with a form, which would then be refused."""
ALONE = {**HEADERS, "Referrer-Policy": "no-referrer"}
"""Of pages without a form."""


def register() -> None:
    assets.register("credentials/holder", HERE / "static")
    templates.register("mine", HERE / "templates")
    i18n.register(HERE / "locale")


def show(
    request: Req,
    template: str,
    asked: Holder | None = None,
    *,
    status: int = 200,
    error: JiangxinError | None = None,
    alone: bool = False,
    **values: Any,
) -> Response[bytes]:
    """error: what a form was refused for; its page comes back as it was typed."""
    page = templates.render(
        request,
        f"mine/{template}",
        status=error.status if error else status,
        holder=asked,
        form_field=(FIELD, asked.token) if asked else None,
        problem=said_of(error, language_of(request)),
        **values,
    )
    page.headers.update(ALONE if alone else HEADERS)
    return page


def said_of(error: JiangxinError | None, language: str) -> list[tuple[str, str]]:
    """(field, sentence) of everything that is wrong."""
    if error is None:
        return []
    found = [(one.pointer.strip("/"), render_finding(one, language)) for one in error.findings]
    return found or [("", translate(error.title, language, **error.params))]
