"""The leader's page: open to whoever has its address, until the end of the day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from contests.following import picture
from contests.following.glance import glance
from contests.following.links import followed
from contests.following.words import INCIDENTS
from core.web import assets, i18n, templates
from core.web.language import language_of
from core.web.limits import rate_limit

HERE = Path(__file__).parent
REFRESH_SECONDS = 20
_A_MINUTE, _AT_ONCE = 120, 40
"""Several leaders in one hall share an address."""
_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def register() -> None:
    assets.register("contests/following", HERE / "static")
    templates.register("following", HERE / "templates" / "following")
    i18n.register(HERE / "locale")
    picture.register()


@get(
    "/follow/{token:str}",
    guards=[rate_limit(_A_MINUTE, _AT_ONCE)],
    include_in_schema=False,
)
async def follow(request: Request[Any, Any, Any], token: str) -> Response[bytes]:
    """The same answer for a link that never was, that was ended and that is over."""
    contest = await followed(token)
    if contest is None:
        page = templates.render(request, "following/over.html", status=404)
        page.headers.update(_HEADERS)
        return page
    still = request.query_params.get("still") == "yes"
    shown = await glance(contest)
    page = templates.render(
        request,
        "following/glance.html",
        glance=shown,
        clock=lambda at: _clock(at, shown.at, language_of(request)),
        words=INCIDENTS,
        still=still,
        seconds=REFRESH_SECONDS,
    )
    page.headers.update(_HEADERS)
    if not still:
        # As a header it can be stood still by an address, and screen readers are not thrown about by
        # a page that replaces itself without having said so.
        page.headers["Refresh"] = str(REFRESH_SECONDS)
    return page


def _clock(at: datetime, now: datetime, language: str) -> str:
    """Hour and minute today, with the date on any other day."""
    local = at.astimezone(i18n.TIME_ZONE)
    if local.date() == now.astimezone(i18n.TIME_ZONE).date():
        return f"{local:%H:%M}"
    return i18n.show_moment(at, language)


HANDLERS = [follow]
