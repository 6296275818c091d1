"""What waits for a leader's decision, and the decision about what was kept apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post

from contests.actions.quarantine import decide_quarantine
from contests.judging.decisions.conflicts import conflicts
from contests.judging.decisions.kept import kept_apart
from contests.judging.decisions.schemas import (
    ConflictOut,
    QuarantineDecision,
    QuarantineOut,
    Taken,
)
from contests.routing import described, of_contest
from core.security import actor_in, requires
from core.web.language import language_of

TAG = "contests"
_DECIDES = [requires("contest.decide_conflict", of_contest)]


@get(
    "/contests/{contest:uuid}/conflicts",
    guards=_DECIDES,
    operation_id="list_conflicts",
    **described(
        "List sheets with several revisions",
        TAG,
        *(403, 404),
        description="Each with all its versions side by side: where each came from, when, and what "
        "each aspect has in it. Choose one with POST …/conflicts/{sheet}.",
    ),
)
async def list_conflicts(request: Request[Any, Any, Any], contest: UUID) -> list[ConflictOut]:
    return await conflicts(
        contest, account=actor_in(request).account, language=language_of(request)
    )


@get(
    "/contests/{contest:uuid}/quarantine",
    guards=_DECIDES,
    operation_id="list_kept_sheets",
    **described(
        "List what was kept apart",
        TAG,
        *(403, 404),
        description="At most the newest 200 that nobody has decided about, each with its reason, "
        "where it came from and what taking it would change.",
    ),
)
async def list_quarantine(request: Request[Any, Any, Any], contest: UUID) -> list[QuarantineOut]:
    return await kept_apart(
        contest, account=actor_in(request).account, language=language_of(request)
    )


@post(
    "/contests/{contest:uuid}/quarantine/{kept:uuid}/decision",
    guards=_DECIDES,
    status_code=200,
    operation_id="decide_kept_sheet",
    **described(
        "Take or dismiss what was kept apart",
        TAG,
        *(400, 403, 404, 409, 422),
        description="Taken, it goes to its place in the record as a sheet with who took it; whatever "
        "stands there already is not thrown away. 409 says why it can't be taken: no enrolled key "
        "has signed it, marking has ended, it is the caller's own.",
    ),
)
async def decide(
    request: Request[Any, Any, Any], contest: UUID, kept: UUID, data: QuarantineDecision
) -> Taken:
    decided = await decide_quarantine(
        actor_in(request), contest, kept, take=data.take, reason=data.reason
    )
    answer = decided.answer
    return Taken(
        resolution=decided.resolution,  # type: ignore[arg-type]  # one of the two
        answer=answer.answer if answer else "",
        seq=answer.seq if answer else 0,
    )


HANDLERS = [list_conflicts, list_quarantine, decide]
