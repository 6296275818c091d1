"""A judge leaves in the middle: the chief referee decides how the contest goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.judges.typed import Typed, address_of
from admin.console.judges.words import POLICIES, POLICY_HINTS
from contests.actions.common import contest_row
from contests.routing import of_contest
from contests.seating.leaving import judge_left
from contests.seating.queries import (
    leave_of,
)
from core.errors import JiangxinError
from core.security import actor_in, requires

ROOM = "judges"
_BASE = "/console/contests/{contest:uuid}/judges"
_REPLACE = [requires("contest.replace_judge", of_contest)]


@get(_BASE + "/leaving", guards=_REPLACE, include_in_schema=False)
async def leaving(request: Req, contest: UUID) -> Response[bytes]:
    return await _leaving_page(request, contest)


@post(_BASE + "/leaving", guards=_REPLACE, include_in_schema=False)
async def leave(request: Req, contest: UUID, data: Form) -> Response[Any]:
    policy = data.get("policy", "")
    try:
        await judge_left(
            actor_in(request),
            contest,
            _uuid(data.get("judge", "")),
            policy,
            reason=data.get("reason", ""),
            substitute=_chosen(data.get("substitute", "")) if policy == "substitute" else None,
        )
    except JiangxinError as error:
        return await _leaving_page(request, contest, typed=data, error=error)
    return see_other(address_of(contest, "leaving"), "It is decided and stands in the record.")


async def _leaving_page(
    request: Req,
    contest: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    view = await leave_of(contest)
    state = (await contest_row(contest))["state"]
    return await show(
        request,
        "judges/leaving.html",
        room=ROOM,
        contest=contest,
        error=error,
        address=address_of(contest),
        view=view,
        typed=Typed(typed or {"policy": view.policies[0] if view.policies else ""}),
        policies=POLICIES,
        hints=POLICY_HINTS,
        running=state == "judging",
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _chosen(text: str) -> UUID | None:
    return _uuid(text) if text else None


HANDLERS = [leaving, leave]
