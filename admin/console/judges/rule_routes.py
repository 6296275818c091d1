"""What is declared before a contest is ready: what a conflict of interest does, and how a judge may leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Form, Req, see_other, show
from admin.console.judges.typed import Typed, address_of
from admin.console.judges.words import HANDLINGS, INTERESTS, POLICIES, POLICY_HINTS
from contests.actions.common import contest_row
from contests.routing import of_contest
from contests.seating.handling import save_handling
from contests.seating.leaving import declare_leaving, leaving_rules
from contests.seating.queries import (
    conflict_handling,
)
from core.errors import Invalid, JiangxinError
from core.scoring.model import Finding, Trim
from core.security import actor_in, requires

ROOM = "judges"
_BASE = "/console/contests/{contest:uuid}/judges"
_CONFIGURE = [requires("contest.configure", of_contest)]


@get(_BASE + "/rules", guards=_CONFIGURE, include_in_schema=False)
async def rules(request: Req, contest: UUID) -> Response[bytes]:
    return await _rules_page(request, contest)


@post(_BASE + "/rules", guards=_CONFIGURE, include_in_schema=False)
async def save_leaving(request: Req, contest: UUID, data: Form) -> Response[Any]:
    try:
        await declare_leaving(
            actor_in(request),
            contest,
            [policy for policy in POLICIES if data.get(f"allow-{policy}") == "yes"],
            first=data.get("first", ""),
            trim=_trim(data),
            revision=_revision(data),
        )
    except JiangxinError as error:
        return await _rules_page(request, contest, typed=data, error=error)
    return see_other(address_of(contest, "rules"), "It is declared.")


@post(_BASE + "/conflicts", guards=_CONFIGURE, include_in_schema=False)
async def save_conflicts(request: Req, contest: UUID, data: Form) -> Response[Any]:
    handling = {kind: data[f"kind-{kind}"] for kind in INTERESTS if data.get(f"kind-{kind}")}
    try:
        await save_handling(actor_in(request), contest, handling, revision=_revision(data))
    except JiangxinError as error:
        return await _rules_page(request, contest, error=error)
    return see_other(address_of(contest, "rules"), "It is declared.")


async def _rules_page(
    request: Req,
    contest: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    error: JiangxinError | None = None,
) -> Response[bytes]:
    declared, row = await leaving_rules(contest), await contest_row(contest)
    trim = declared.recusal_trim
    before = {f"allow-{policy}": "yes" for policy in declared.leaving}
    before |= {
        "first": str(declared.leaving[0]) if declared.leaving else "",
        "trim": "own" if trim is None else "this",
        "high": str(trim.high if trim else 0),
        "low": str(trim.low if trim else 0),
        "minimum": str(trim.minimum if trim else 0),
    }
    return await show(
        request,
        "judges/rules.html",
        room=ROOM,
        contest=contest,
        error=error,
        address=address_of(contest),
        typed=Typed(typed or before),
        policies=POLICIES,
        hints=POLICY_HINTS,
        conflicts=await conflict_handling(contest),
        kinds=INTERESTS,
        handlings=HANDLINGS,
        revision=row["revision"],
        open=row["state"] == "draft",
    )


def _trim(data: Mapping[str, str]) -> Trim | None:
    if data.get("trim") != "this":
        return None
    values = []
    for name in ("high", "low", "minimum"):
        text = data.get(name, "").strip() or "0"
        if not (text.isascii() and text.isdecimal() and int(text) < 100):
            params = {"value": text[:20], "maximum": "99"}
            raise Invalid([Finding(f"/{name}", "number-out-of-range", params)])
        values.append(int(text))
    return Trim(*values)


def _revision(data: Mapping[str, str]) -> int:
    text = data.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


HANDLERS = [rules, save_leaving, save_conflicts]
