"""From the last sheet to a final result."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post

from contests.actions.closing import (
    close_contest,
    confirm_awards,
    file_appeal,
    finalise_contest,
    publish_contest,
    rule_appeal,
    rule_places,
    sign_contest,
)
from contests.chain import instant
from contests.routing import described, of_contest, own_scopes
from contests.schemas import (
    AppealIn,
    AppealOut,
    AwardsIn,
    Closed,
    Created,
    Finalised,
    PlacesIn,
    Published,
    RulingIn,
    Signed,
)
from contests.tables import Appeal, Contest
from core.errors import NotFound
from core.security import actor_in, requires

TAG = "results"
_STEP = (403, 404, 409)


@post(
    "/contests/{contest:uuid}/places",
    guards=[requires("contest.close", of_contest)],
    status_code=204,
    operation_id="rule_places",
    **described("Rule the order of tied entries", TAG, *_STEP, 422),
)
async def places(request: Request[Any, Any, Any], contest: UUID, data: PlacesIn) -> None:
    await rule_places(actor_in(request), contest, data.entries, reason=data.reason)


@post(
    "/contests/{contest:uuid}/close",
    guards=[requires("contest.close", of_contest)],
    status_code=200,
    operation_id="close_contest",
    **described(
        "Close a contest",
        TAG,
        *_STEP,
        description="judging → closed: scores and ranks. 409 lists everything that is missing, and "
        "nothing changes.",
    ),
)
async def close(request: Request[Any, Any, Any], contest: UUID) -> Closed:
    return Closed("closed", await close_contest(actor_in(request), contest))


@post(
    "/contests/{contest:uuid}/awards",
    guards=[requires("contest.close", of_contest)],
    status_code=204,
    operation_id="confirm_awards",
    **described("Confirm the prizes", TAG, *_STEP, 422),
)
async def awards(request: Request[Any, Any, Any], contest: UUID, data: AwardsIn) -> None:
    chosen = [
        {"rule": award.rule, "prize": award.prize, "entry": str(award.entry)}
        for award in data.awards
    ]
    await confirm_awards(actor_in(request), contest, chosen or None, reason=data.reason)


@post(
    "/contests/{contest:uuid}/signatures",
    guards=[requires("contest.sign", of_contest)],
    status_code=200,
    operation_id="sign_contest",
    **described(
        "Sign the results",
        TAG,
        *_STEP,
        description="In the order judge, group leader, chief referee, supervisor; the fourth "
        "signature makes the contest signed.",
    ),
)
async def sign(request: Request[Any, Any, Any], contest: UUID) -> Signed:
    role = await sign_contest(actor_in(request), contest)
    row = await Contest.select(Contest.state).where(Contest.id == contest).first()
    return Signed(row["state"] if row else "", role)


@post(
    "/contests/{contest:uuid}/publish",
    guards=[requires("contest.publish", of_contest)],
    status_code=200,
    operation_id="publish_contest",
    **described(
        "Publish the results",
        TAG,
        *_STEP,
        description="signed → published: the public notice starts.",
    ),
)
async def publish(request: Request[Any, Any, Any], contest: UUID) -> Published:
    return Published("published", instant(await publish_contest(actor_in(request), contest)))


@post(
    "/contests/{contest:uuid}/finalise",
    guards=[requires("contest.finalise", of_contest)],
    status_code=200,
    operation_id="finalise_contest",
    **described(
        "Make the results final",
        TAG,
        *_STEP,
        description="published → final, when the notice is over and no appeal is open. "
        "Certificates follow.",
    ),
)
async def finalise(request: Request[Any, Any, Any], contest: UUID) -> Finalised:
    return Finalised("final", await finalise_contest(actor_in(request), contest))


@post(
    "/contests/{contest:uuid}/appeals",
    guards=[requires("appeal.file", of_contest)],
    operation_id="file_appeal",
    **described("File an appeal", TAG, *_STEP, 422),
)
async def appeal(request: Request[Any, Any, Any], contest: UUID, data: AppealIn) -> Created:
    filed = await file_appeal(
        actor_in(request), contest, entry=data.entry, grounds=data.grounds, module=data.module
    )
    return Created(filed)


@get(
    "/contests/{contest:uuid}/appeals",
    guards=[requires("contest.read_standings", of_contest)],
    operation_id="list_appeals",
    **described("List a contest's appeals", TAG, 403, 404),
)
async def appeals(contest: UUID) -> list[AppealOut]:
    rows = await Appeal.select().where(Appeal.contest == contest).order_by(Appeal.filed_at)
    return [
        AppealOut(
            id=row["id"],
            entry=row["entry"],
            module=row["module"],
            filed_at=instant(row["filed_at"]),
            ruled_at=instant(row["ruled_at"]) if row["ruled_at"] else None,
            ruling=row["ruling"],
        )
        for row in rows
    ]


@post(
    "/appeals/{appeal:uuid}/ruling",
    guards=[requires("appeal.rule", own_scopes)],
    status_code=204,
    operation_id="rule_appeal",
    **described("Rule on an appeal", TAG, *_STEP, 422),
)
async def ruling(request: Request[Any, Any, Any], appeal: UUID, data: RulingIn) -> None:
    if not await Appeal.exists().where(Appeal.id == appeal):
        raise NotFound(kind="appeal", id=appeal)
    await rule_appeal(actor_in(request), appeal, ruling=data.ruling, reason=data.reason)


HANDLERS = [places, close, awards, sign, publish, finalise, appeal, appeals, ruling]
