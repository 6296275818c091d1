"""Judges who are appointed: their groups and leaders, and the list to be signed when they arrive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.judges.typed import address_of
from contests.actions.common import contest_row
from contests.routing import of_contest
from contests.seating.appointing import (
    name_leader,
    regroup,
)
from contests.seating.queries import (
    attendance_list,
    groups_view,
)
from core.errors import JiangxinError
from core.security import actor_in, requires

ROOM = "judges"
_BASE = "/console/contests/{contest:uuid}/judges"
_APPOINT = [requires("contest.appoint", of_contest)]


@get(_BASE + "/groups", guards=_APPOINT, include_in_schema=False)
async def groups(request: Req, contest: UUID) -> Response[bytes]:
    return await _groups_page(request, contest)


@post(_BASE + "/groups", guards=_APPOINT, include_in_schema=False)
async def save_groups(request: Req, contest: UUID, data: Form) -> Response[Any]:
    wanted = {
        UUID(name.removeprefix("group-")): group
        for name, group in data.items()
        if name.startswith("group-") and len(name) == len("group-") + 36
    }
    try:
        moved = await regroup(actor_in(request), contest, wanted)
    except JiangxinError as error:
        return await _groups_page(request, contest, error=error)
    return see_other(address_of(contest, "groups"), "{count} judges changed place.", count=moved)


@post(_BASE + "/leaders/{appointment:uuid}", guards=_APPOINT, include_in_schema=False)
async def make_leader(request: Req, contest: UUID, appointment: UUID) -> Response[Any]:
    try:
        await name_leader(actor_in(request), contest, appointment)
    except JiangxinError as error:
        return await _groups_page(request, contest, error=error)
    return see_other(address_of(contest, "groups"), "This judge leads the group now.")


async def _groups_page(
    request: Req, contest: UUID, *, error: JiangxinError | None = None
) -> Response[bytes]:
    named, judges = await groups_view(contest)
    state = (await contest_row(contest))["state"]
    return await show(
        request,
        "judges/groups.html",
        room=ROOM,
        contest=contest,
        error=error,
        address=address_of(contest),
        groups=named,
        judges=judges,
        open=state in {"draft", "ready"},
    )


@get(_BASE + "/attendance", guards=_APPOINT, include_in_schema=False)
async def attendance(request: Req, contest: UUID) -> Response[bytes]:
    return await show(
        request,
        "judges/attendance.html",
        room=ROOM,
        contest=contest,
        address=address_of(contest),
        lines=await attendance_list(contest),
    )


HANDLERS = [groups, save_groups, make_leader, attendance]
