"""What the tablet talks to, and the tablet's pages. Codes only: nothing here leads to a name."""

from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.exceptions import NotFoundException

from contests.judging.actions import accept_revisions, enrol_device, revoke_device
from contests.judging.answers import answer_out
from contests.judging.overview import my_work
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
from contests.judging.words import words
from contests.routing import described, of_contest, own_scopes
from core.errors import Unauthenticated
from core.security import actor_in, logged_in, requires
from core.web import assets, i18n, templates
from core.web.language import language_of

TAG = "judging"
HERE = Path(__file__).parent
_MARKS = [requires("contest.judge", own_scopes)]


def register() -> None:
    """Names the tablet's files and sentences to the web layer; once is enough, twice does no harm."""
    assets.register("contests/judging", HERE / "app")
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
    guards=_MARKS,
    status_code=200,
    operation_id="submit_revisions",
    **described(
        "Submit signed sheets",
        TAG,
        *(400, 403, 413),
        description="Up to 50 signed revisions. Each is committed by itself and gets its own answer "
        "and receipt; sending one again is safe. The batch is 200 whenever it can be read.",
    ),
)
async def submit(request: Request[Any, Any, Any], data: RevisionsRequest) -> RevisionsAnswer:
    account, language = _account(request), language_of(request)
    answers = await accept_revisions(data.revisions, account=account)
    return RevisionsAnswer([answer_out(answer, language) for answer in answers])


# --- pages ------------------------------------------------------------------------------------


@get("/judging", guards=[logged_in], include_in_schema=False, name="judging")
async def my_contests_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    work = await my_work(_account(request))
    return templates.render(request, "judging/index.html", work=work)


@get("/judging/{contest:uuid}", guards=[requires("contest.judge", of_contest)],
     include_in_schema=False)  # fmt: skip
async def sheet_page(request: Request[Any, Any, Any], contest: UUID) -> Response[bytes]:
    by = actor_in(request)
    return templates.render(
        request,
        "judging/sheet.html",
        contest=contest,
        account=by.account,
        label=by.label,
        app_version=version("jiangxin"),
    )


@get("/judging/words/{language:str}", include_in_schema=False, cache_control=None,
     sync_to_thread=False)  # fmt: skip
def words_file(language: str) -> Response[bytes]:
    code = language.removesuffix(".json")
    if code not in i18n.LANGUAGES:
        raise NotFoundException
    return Response(
        msgspec.json.encode(words(code)),
        media_type="application/json",
        headers={"Cache-Control": "public, max-age=300"},
    )


API = Router(
    "/api/v1",
    route_handlers=[enrol, devices, revoke, get_pack, get_group_sheets, submit],
)
PAGES = [my_contests_page, sheet_page, words_file]
