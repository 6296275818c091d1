"""What was done to many at once and can be taken back, for every room of the console."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.naming import labels_of, titles_of
from core.errors import JiangxinError, NotFound
from core.security import actor_in, logged_in
from core.undo import take_back, undoable_for
from core.web import templates

HERE = Path(__file__).parent


def register() -> None:
    templates.register("undoing", HERE / "templates")


@get("/console/undo", guards=[logged_in], include_in_schema=False)
async def undo_page(request: Req) -> Response[bytes]:
    return await _page(request)


@post("/console/undo/{undo:uuid}", guards=[logged_in], include_in_schema=False)
async def undo_one(request: Req, undo: UUID) -> Response[Any]:
    """The permission is that of what was done: `take_back` asks for it."""
    try:
        await take_back(actor_in(request), undo)
    except NotFound:
        raise
    except JiangxinError as error:
        return await _page(request, error)
    return see_other("/console/undo", "It was taken back.")


async def _page(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    found = await undoable_for(actor_in(request))
    return await show(
        request,
        "undoing/list.html",
        room="undo",
        error=error,
        found=found,
        now=datetime.now(UTC),
        titles=await titles_of(one.scope for one in found),
        labels=await labels_of(one.account for one in found),
    )


HANDLERS = [undo_page, undo_one]
