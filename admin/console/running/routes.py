"""The rooms of a running contest together, and the one for what waits for the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.running import (
    duty_routes,
    hall_routes,
    inbox,
    publication_routes,
    signing_routes,
)
from admin.console.running.places import HIDDEN
from admin.console.running.words import FINDINGS
from contests.actions.approvals import decide_approval
from core.errors import JiangxinError
from core.findings import register as register_findings
from core.security import actor_in, logged_in, requires
from core.web import assets, templates
from core.words import ROLES

HERE = Path(__file__).parent


def register() -> None:
    assets.register("admin/running", HERE / "static")
    templates.register("running", HERE / "templates" / "running")
    register_findings(FINDINGS)


@get("/console/approvals", guards=[logged_in], **HIDDEN)
async def approvals_page(request: Req) -> Response[bytes]:
    """Everything that waits for the reader, over all contests."""
    return await approvals_of(request)


@post(
    "/console/approvals/{approval:uuid}",
    guards=[requires("contest.read", inbox.of_approval)],
    **HIDDEN,
)
async def approve(request: Req, approval: UUID, data: Form) -> Response[Any]:
    wanted = data.get("approve") == "yes"
    try:
        await decide_approval(actor_in(request), approval, wanted)
    except JiangxinError as error:
        return await approvals_of(request, error)
    return see_other("/console/approvals", "Approved and carried out." if wanted else "Declined.")


async def approvals_of(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    """The page, also for what else waits there: links that a second person releases."""
    by = actor_in(request)
    return await show(
        request,
        "running/inbox.html",
        room="approvals",
        error=error,
        waiting=await inbox.waiting(by),
        links=await inbox.links(by),
        role_words=ROLES,
    )


HANDLERS = [
    *duty_routes.HANDLERS,
    *hall_routes.HANDLERS,
    *signing_routes.HANDLERS,
    *publication_routes.HANDLERS,
    approvals_page,
    approve,
]
