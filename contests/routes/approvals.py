"""Steps that take two persons: one asks, another decides."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post

from contests.actions.approvals import decide_approval, request_approval, shown_body
from contests.chain import instant
from contests.routing import described, of_contest, own_scopes
from contests.schemas import ApprovalIn, ApprovalOut, Created, Decided, DecisionIn
from contests.tables import Approval
from core.security import actor_in, requires

TAG = "contests"


@post(
    "/contests/{contest:uuid}/approvals",
    guards=[requires("contest.read", of_contest)],
    operation_id="request_approval",
    **described(
        "Ask for a step that takes two persons",
        TAG,
        *(403, 404, 409, 422),
        description="Drawing or opening codes, a late entrant, an absence, a reserve, a correction. "
        "Nothing happens before another person with the permission approves.",
    ),
)
async def ask(request: Request[Any, Any, Any], contest: UUID, data: ApprovalIn) -> Created:
    return Created(await request_approval(actor_in(request), contest, data.verb, data.body))


@get(
    "/contests/{contest:uuid}/approvals",
    guards=[requires("contest.read", of_contest)],
    operation_id="list_approvals",
    **described(
        "List the steps asked for",
        TAG,
        *(403, 404),
        description="What exactly is asked for is shown to those who may take the step themselves.",
    ),
)
async def list_approvals(request: Request[Any, Any, Any], contest: UUID) -> list[ApprovalOut]:
    by = actor_in(request)
    rows = (
        await Approval.select()
        .where(Approval.contest == contest)
        .order_by(Approval.requested_at, ascending=False)
    )
    return [
        ApprovalOut(
            id=row["id"],
            verb=row["verb"],
            body=await shown_body(by, row),
            requested_by=row["requested_by"],
            requested_at=instant(row["requested_at"]),
            decided_by=row["decided_by"],
            decided_at=instant(row["decided_at"]) if row["decided_at"] else None,
            outcome=row["outcome"],
        )
        for row in rows
    ]


@post(
    "/approvals/{approval:uuid}/decision",
    guards=[requires("contest.read", own_scopes)],
    status_code=200,
    operation_id="decide_approval",
    **described(
        "Decide on a step",
        TAG,
        *(403, 404, 409, 422),
        description="Another account than the one that asked. Approving carries the step out.",
    ),
)
async def decide(request: Request[Any, Any, Any], approval: UUID, data: DecisionIn) -> Decided:
    return Decided(await decide_approval(actor_in(request), approval, data.approve))


HANDLERS = [ask, list_approvals, decide]
