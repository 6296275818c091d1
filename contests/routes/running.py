"""While a contest runs: clock, penalties, statuses, attempts, votes, rounds, conflicts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, delete, post

from contests.actions.running import (
    cancel_penalty,
    decide_conflict,
    end_judging,
    open_round,
    record_clock,
    record_interruption,
    record_penalty,
    record_status,
    record_timing,
    record_votes,
    rule_attempt,
)
from contests.chain import moment_of
from contests.routing import described, of_contest, points
from contests.schemas import (
    AttemptIn,
    ClockIn,
    ConflictIn,
    Created,
    Done,
    InterruptionIn,
    PenaltyIn,
    RoundIn,
    RoundOpened,
    StatusIn,
    TimingIn,
    VotesIn,
)
from core.errors import Invalid
from core.scoring.model import Finding
from core.security import actor_in, requires

TAG = "contests"
_HALL = (403, 404, 409, 422)
_RUN = [requires("contest.run", of_contest)]
_TIME = [requires("contest.time", of_contest)]


@post(
    "/contests/{contest:uuid}/clock",
    guards=_TIME,
    status_code=204,
    operation_id="record_clock",
    **described(
        "Stamp the official clock",
        TAG,
        *_HALL,
        description="A device without a network keeps its stamps and sends them later, in their "
        "order, each with an id of its own: sent twice, a stamp is entered once.",
    ),
)
async def clock(request: Request[Any, Any, Any], contest: UUID, data: ClockIn) -> None:
    await record_clock(
        actor_in(request),
        contest,
        module=data.module,
        code=data.code,
        stamp=data.stamp,
        at=_instant(data.at),
        attempt=data.attempt,
        reason=data.reason,
        id_=_id(data.id, "/id"),
        cancels=_id(data.cancels, "/cancels"),
    )


def _id(text: str, pointer: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid([Finding(pointer, "not-an-id", {"value": text[:40]})]) from None


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = moment_of(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid([Finding("/at", "instant-malformed", {"value": text[:40]})])
    return at


@post(
    "/contests/{contest:uuid}/timings",
    guards=_TIME,
    status_code=204,
    operation_id="record_timing",
    **described("Enter an official time", TAG, *_HALL),
)
async def timing(request: Request[Any, Any, Any], contest: UUID, data: TimingIn) -> None:
    await record_timing(
        actor_in(request),
        contest,
        module=data.module,
        code=data.code,
        gross=data.gross,
        compensation=data.compensation,
        attempt=data.attempt,
        reason=data.reason,
    )


@post(
    "/contests/{contest:uuid}/interruptions",
    guards=_TIME,
    status_code=204,
    operation_id="record_interruption",
    **described("Give compensation time", TAG, *_HALL),
)
async def interruption(
    request: Request[Any, Any, Any], contest: UUID, data: InterruptionIn
) -> None:
    await record_interruption(
        actor_in(request),
        contest,
        module=data.module,
        code=data.code,
        seconds=data.seconds,
        cause=data.cause,
        acknowledged=data.acknowledged,
        attempt=data.attempt,
        id_=_id(data.id, "/id"),
    )


@post(
    "/contests/{contest:uuid}/penalties",
    guards=_RUN,
    operation_id="record_penalty",
    **described("Give a penalty", TAG, *_HALL),
)
async def penalty(request: Request[Any, Any, Any], contest: UUID, data: PenaltyIn) -> Created:
    given = await record_penalty(
        actor_in(request),
        contest,
        scope=data.scope,
        module=data.module,
        code=data.code,
        reason=data.reason,
        points=points(data.points, "/points"),
        whole_contest=data.whole_contest,
        acknowledged=data.acknowledged,
    )
    return Created(given)


@delete(
    "/contests/{contest:uuid}/penalties/{penalty:uuid}",
    guards=_RUN,
    status_code=204,
    operation_id="cancel_penalty",
    **described("Take a penalty back", TAG, *_HALL, description="Both entries stay in the record."),
)
async def penalty_back(
    request: Request[Any, Any, Any], contest: UUID, penalty: UUID, reason: str = ""
) -> None:
    await cancel_penalty(actor_in(request), contest, penalty, reason=reason)


@post(
    "/contests/{contest:uuid}/statuses",
    guards=_RUN,
    status_code=204,
    operation_id="record_status",
    **described("Record absent, not finished, disqualified or void", TAG, *_HALL),
)
async def status(request: Request[Any, Any, Any], contest: UUID, data: StatusIn) -> None:
    await record_status(
        actor_in(request),
        contest,
        status=data.status,
        module=data.module,
        code=data.code,
        whole_contest=data.whole_contest,
        reason=data.reason,
    )


@post(
    "/contests/{contest:uuid}/attempts",
    guards=_RUN,
    status_code=204,
    operation_id="rule_attempt",
    **described("Rule which attempt counts", TAG, *_HALL),
)
async def attempt(request: Request[Any, Any, Any], contest: UUID, data: AttemptIn) -> None:
    await rule_attempt(
        actor_in(request),
        contest,
        module=data.module,
        code=data.code,
        attempt=data.attempt,
        reason=data.reason,
    )


@post(
    "/contests/{contest:uuid}/votes",
    guards=_RUN,
    status_code=204,
    operation_id="record_votes",
    **described("Enter counted votes", TAG, *_HALL),
)
async def votes(request: Request[Any, Any, Any], contest: UUID, data: VotesIn) -> None:
    await record_votes(
        actor_in(request), contest, module=data.module, panel=data.panel, votes=data.votes
    )


@post(
    "/contests/{contest:uuid}/rounds",
    guards=[requires("contest.decide_conflict", of_contest)],
    operation_id="open_round",
    **described("Have a group mark again", TAG, *_HALL),
)
async def mark_again(request: Request[Any, Any, Any], contest: UUID, data: RoundIn) -> RoundOpened:
    opened = await open_round(
        actor_in(request),
        contest,
        module=data.module,
        code=data.code,
        panel=data.panel,
        group=data.group,
        attempt=data.attempt,
        aspects=data.aspects,
        reason=data.reason,
    )
    return RoundOpened(opened)


@post(
    "/contests/{contest:uuid}/conflicts/{sheet:uuid}",
    guards=[requires("contest.decide_conflict", of_contest)],
    status_code=204,
    operation_id="decide_conflict",
    **described("Decide which revision of a sheet counts", TAG, *_HALL),
)
async def conflict(
    request: Request[Any, Any, Any], contest: UUID, sheet: UUID, data: ConflictIn
) -> None:
    await decide_conflict(actor_in(request), contest, sheet, data.chosen, reason=data.reason)


@post(
    "/contests/{contest:uuid}/end-judging",
    guards=_RUN,
    status_code=200,
    operation_id="end_judging",
    **described(
        "End marking",
        TAG,
        *(403, 404, 409),
        description="No more sheets are taken. 409 lists every missing one by code and seat.",
    ),
)
async def end(request: Request[Any, Any, Any], contest: UUID) -> Done:
    await end_judging(actor_in(request), contest)
    return Done("judging")


HANDLERS = [
    clock,
    timing,
    interruption,
    penalty,
    penalty_back,
    status,
    attempt,
    votes,
    mark_again,
    conflict,
    end,
]
