"""The page that says whether this tablet trusts the server: reached by https, so seeing it is half the
answer; that a service worker may be registered is the other half, because a warning that was tapped
away looks the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers.base import BaseRouteHandler

from core import settings
from core.web import assets, templates

HERE = Path(__file__).parent
WORKER = b"// Only proves that this browser takes one from here.\n"


def register() -> None:
    """Names templates and files to the web layer; once is enough, twice does no harm."""
    assets.register("admin/venue", HERE / "static")
    templates.register("venue", HERE / "templates" / "venue")


@get("/venue/trusted", include_in_schema=False)
async def trusted(request: Request[Any, Any, Any]) -> Response[bytes]:
    _only_in_a_venue()
    return templates.render(request, "venue/trusted.html")


@get("/venue/worker.js", include_in_schema=False, sync_to_thread=False)
def worker() -> Response[bytes]:
    _only_in_a_venue()
    return Response(WORKER, media_type="text/javascript", headers={"Cache-Control": "no-store"})


def _only_in_a_venue() -> None:
    if not settings.current().venue:
        raise NotFoundException


HANDLERS: list[BaseRouteHandler] = [trusted, worker]
