"""What the tablet talks to. Codes only: nothing here leads to a name."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post

from contests.judging.actions import accept_revisions, enrol_device, release, revoke_device
from contests.judging.answers import answer_out
from contests.judging.packing import pack_of
from contests.judging.queries import group_sheets, my_devices
from contests.judging.schemas import (
    DeviceOut,
    Enrolled,
    EnrolRequest,
    GroupSheet,
    Pack,
    RevisionsAnswer,
    RevisionsRequest,
)
from contests.judging.shell.routes import (
    app_page,
    kept_file,
    manifest,
    old_address,
    service_worker,
    whoami,
    words_file,
)
from contests.judging.tablets.guards import device_of, tablet_if_any, tablet_or_session
from contests.routing import described, of_contest, own_scopes
from core.errors import Unauthenticated
from core.security import actor_in, logged_in, requires
from core.web import assets, i18n, templates
from core.web.language import language_of
from core.web.limits import rate_limit

TAG = "judging"
HERE = Path(__file__).parent
SHEETS_A_MINUTE = 600
"""Requests of one tablet: even a thick stack sent one by one stays below."""
_MARKS = [requires("contest.judge", own_scopes)]


def register() -> None:
    """Names the tablet's files and sentences to the web layer; once is enough, twice does no harm."""
    assets.register("contests/judging", HERE / "app", app=True)
    templates.register("judging", HERE / "templates" / "judging")
    i18n.register(HERE / "locale")


def _account(request: Request[Any, Any, Any]) -> UUID:
    account = actor_in(request).account
    if account is None:
        raise Unauthenticated
    return account


# --- API --------------------------------------------------------------------------------------


@post(
    "/judging/devices",
    guards=_MARKS,
    operation_id="enrol_device",
    **described(
        "Enrol a tablet's key",
        TAG,
        *(403, 409, 422),
        description="The public half of a key that the tablet made and never gives away. Enrolling "
        "the same key again changes nothing.",
    ),
)
async def enrol(request: Request[Any, Any, Any], data: EnrolRequest) -> Enrolled:
    kid = await enrol_device(actor_in(request), public_jwk=data.jwk, label=data.label)
    await release(kid=kid)
    return Enrolled(kid)


@get(
    "/judging/devices",
    guards=_MARKS,
    operation_id="list_devices",
    **described("List your enrolled keys", TAG, 403),
)
async def devices(request: Request[Any, Any, Any]) -> list[DeviceOut]:
    return [
        DeviceOut(d.kid, d.label, d.last_seq, d.last_hash, d.revoked)
        for d in await my_devices(_account(request))
    ]


@post(
    "/judging/devices/{kid:str}/revocation",
    guards=[logged_in],
    status_code=204,
    operation_id="revoke_device",
    **described(
        "Revoke a key",
        TAG,
        *(403, 404),
        description="Your own, or any with account.manage. What it signed before stays.",
    ),
)
async def revoke(request: Request[Any, Any, Any], kid: str) -> None:
    await revoke_device(actor_in(request), kid)


@get(
    "/judging/pack/{contest:uuid}",
    guards=[requires("contest.judge", of_contest)],
    operation_id="get_pack",
    **described(
        "Get everything to mark a contest with",
        TAG,
        *(403, 404),
        description="The aspects that are yours, the codes, your own sheets. Enough to mark for "
        "hours without a network. No names, and nobody else's marks.",
    ),
)
async def get_pack(request: Request[Any, Any, Any], contest: UUID) -> Pack:
    return await pack_of(contest, _account(request))


@get(
    "/judging/contests/{contest:uuid}/group-sheets",
    guards=[requires("contest.judge", of_contest)],
    operation_id="get_group_sheets",
    **described(
        "See your group's sheets of one work",
        TAG,
        *(403, 404),
        description="Empty until everybody in the group has signed.",
    ),
)
async def get_group_sheets(
    request: Request[Any, Any, Any],
    contest: UUID,
    appointment: UUID,
    module: str,
    code: str,
    attempt: int = 1,
    round_number: int = 1,
) -> list[GroupSheet]:
    sheets = await group_sheets(
        contest,
        appointment,
        account=_account(request),
        module=module,
        code=code,
        attempt=attempt,
        round_=round_number,
    )
    return [GroupSheet(s.seat, s.sheet, s.state, dict(s.marks)) for s in sheets]


@post(
    "/judging/revisions",
    guards=[
        tablet_or_session("contest.judge", "contest.run", within=own_scopes),
        rate_limit(SHEETS_A_MINUTE, of=device_of),
    ],
    status_code=200,
    security=[{"tablet": []}, {"bearer": []}, {"cookie": []}],
    operation_id="submit_revisions",
    **described(
        "Submit signed sheets",
        TAG,
        *(400, 403, 413, 429),
        description="Up to 50 signed revisions. Each is committed by itself and gets its own answer "
        "and receipt; sending one again is safe. The batch is 200 whenever it can be read. Any enrolled "
        "tablet may bring them: whose they are, their signatures say.",
    ),
)
async def submit(request: Request[Any, Any, Any], data: RevisionsRequest) -> RevisionsAnswer:
    tablet, language = tablet_if_any(request), language_of(request)
    account, kid = (_account(request), "") if tablet is None else (tablet.account, tablet.kid)
    answers = await accept_revisions(data.revisions, account=account, kid=kid)
    return RevisionsAnswer([answer_out(answer, language) for answer in answers])


API = Router(
    "/api/v1",
    route_handlers=[enrol, devices, revoke, get_pack, get_group_sheets, submit, whoami],
)
PAGES = [app_page, old_address, service_worker, manifest, words_file, kept_file]
