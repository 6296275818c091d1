"""A rehearsal beside the real thing: started, filled with samples, opened, ended."""

import asyncio
from pathlib import Path
from typing import Any

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.rehearsal import running
from core import settings
from core.errors import JiangxinError
from core.security import actor_in, requires
from core.web import templates

HERE = Path(__file__).parent
ADDRESS = "/console/rehearsal"
_MANAGE = [requires("installation.manage")]


def register() -> None:
    templates.register("rehearsal", HERE / "templates")


@get(ADDRESS, guards=_MANAGE, include_in_schema=False)
async def rehearsal_page(request: Req) -> Response[bytes]:
    return await _page(request)


@post(f"{ADDRESS}/start", guards=_MANAGE, include_in_schema=False)
async def start(request: Req) -> Response[Any]:
    try:
        await running.start(actor_in(request))
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(ADDRESS, "The rehearsal is running.")


@post(f"{ADDRESS}/fill", guards=_MANAGE, include_in_schema=False)
async def fill(request: Req) -> Response[Any]:
    try:
        await running.fill(actor_in(request))
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(ADDRESS, "Sample contests are being played there; it takes a minute or two.")


@post(f"{ADDRESS}/enter", guards=_MANAGE, include_in_schema=False)
async def enter(request: Req) -> Response[Any]:
    """Shows the one-time link instead of following it: browsers send no form on to another server."""
    try:
        link = await running.enter(actor_in(request))
    except JiangxinError as error:
        return await _page(request, error)
    return await _page(request, link=link)


@post(f"{ADDRESS}/stop", guards=_MANAGE, include_in_schema=False)
async def stop(request: Req, data: Form) -> Response[Any]:
    try:
        await running.stop(actor_in(request), forget=data.get("forget") == "yes")
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(ADDRESS, "The rehearsal has ended.")


async def _page(
    request: Req, error: JiangxinError | None = None, *, link: str = ""
) -> Response[bytes]:
    now = settings.current()
    return await show(
        request,
        "rehearsal/rehearsal.html",
        room="rehearsal",
        error=error,
        running=running.running(),
        filling=await asyncio.to_thread(running.filling),
        there=running.place(now).exists(),
        inside=now.rehearsal,
        link=link,
    )


HANDLERS = [rehearsal_page, start, fill, enter, stop]
