"""What an enrolled tablet asks: whom it serves, who signs in, packs, life signs, messages, return."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import Parameter

from contests.judging.queries import group_sheets
from contests.judging.schemas import GroupSheet, Pack
from contests.judging.tablets import (
    admission,
    handing_out,
    packs,
    returning,
    roster,
    serving,
    talking,
    views,
)
from contests.judging.tablets import beat as beating
from contests.judging.tablets.errors import NotServed
from contests.judging.tablets.guards import tablet, tablet_in
from contests.judging.tablets.schemas import (
    Beat,
    BeatAnswer,
    CheckPin,
    FirstPin,
    GiveBack,
    MadeMessage,
    NewMessage,
    ResetPin,
    Roster,
    SignedInJudge,
    SignIn,
)
from contests.log import here
from contests.routing import ETAG, described
from core.web.etag import unchanged
from core.web.limits import rate_limit

TAG = "judging"
SECURITY: list[dict[str, list[str]]] = [{"tablet": []}]
Req = Request[Any, Any, Any]
_pins = rate_limit(120, burst=60)
"""Of one address; each account's tries are counted apart."""


@get(
    "/judging/tablet/roster",
    guards=[tablet],
    security=SECURITY,
    operation_id="get_tablet_roster",
    **described(
        "See whom this tablet can be handed to",
        TAG,
        description="Judges, group leaders, chief referees and clerks of the contests that it was "
        "enrolled for, and on which other tablets they have signed in.",
    ),
)
async def get_roster(request: Req) -> Roster:
    return views.roster_out(*await roster.roster(tablet_in(request)))


@post(
    "/judging/tablet/judges",
    guards=[tablet, _pins],
    status_code=200,
    security=SECURITY,
    operation_id="sign_in_on_tablet",
    **described(
        "Sign a judge in on this tablet",
        TAG,
        *(400, 403, 409, 422, 429),
        description="With the PIN. From then on the tablet's key may sign for the judge, offline "
        "too. 403 pin-wrong; 409 pin-not-set, pin-locked, or pin-must-change while a handed-out "
        "PIN is not replaced by `new_pin`.",
    ),
)
async def sign_in(request: Req, data: SignIn) -> SignedInJudge:
    found = await admission.admit_judge(
        tablet_in(request),
        account=data.account,
        pin=data.pin,
        new_pin=data.new_pin,
        now=datetime.now(UTC),
    )
    return SignedInJudge(found.account, found.label, found.leader, found.first)


@post(
    "/judging/tablet/judges/{account:uuid}/end",
    guards=[tablet],
    status_code=204,
    security=SECURITY,
    operation_id="sign_out_on_tablet",
    **described(
        "Sign a judge out on this tablet",
        TAG,
        description="What was signed here before stays authentic.",
    ),
)
async def sign_out(request: Req, account: UUID) -> None:
    await admission.end_admission(tablet_in(request), account, now=datetime.now(UTC))


@post(
    "/judging/tablet/pins",
    guards=[tablet, _pins],
    security=SECURITY,
    operation_id="reset_pin_on_tablet",
    **described(
        "Reset a judge's PIN on this tablet",
        TAG,
        *(400, 403, 409, 429),
        description="A group leader or chief referee of the same contest types his own PIN. The "
        "new PIN is shown once and changed at the first sign-in.",
    ),
)
async def reset_pin(request: Req, data: ResetPin) -> FirstPin:
    pin = await handing_out.reset_on_tablet(
        tablet_in(request),
        leader=data.leader,
        leader_pin=data.leader_pin,
        account=data.account,
        now=datetime.now(UTC),
    )
    return FirstPin(pin)


@post(
    "/judging/tablet/pins/check",
    guards=[tablet, _pins],
    status_code=204,
    security=SECURITY,
    operation_id="check_pin_on_tablet",
    **described("Check a PIN that confirms something", TAG, *(400, 403, 409, 429)),
)
async def check_pin(request: Req, data: CheckPin) -> None:
    await admission.confirm_pin(tablet_in(request), data.account, data.pin)


@get(
    "/judging/tablet/packs/{contest:uuid}/{account:uuid}",
    guards=[tablet],
    security=SECURITY,
    operation_id="get_tablet_pack",
    response_headers=ETAG,
    **described(
        "Get everything to mark a contest with, for a signed-in judge",
        TAG,
        *(403, 404),
        description="As `get_pack`. Answers 304 to the ETag that a beat names. Heads and rounds "
        "move on without it: they come with the beat.",
    ),
)
async def get_pack(request: Req, contest: UUID, account: UUID) -> Response[Pack | None]:
    own = tablet_in(request)
    seat = await packs.packed_seat(own, contest, account)
    tag = packs.pack_tag(seat)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Authorization"}
    if unchanged(request, tag.removeprefix("W/")):
        return Response(None, status_code=304, headers=headers)
    return Response(await packs.tablet_pack(own, seat), headers=headers)


@get(
    "/judging/tablet/group-sheets/{contest:uuid}/{appointment:uuid}",
    guards=[tablet],
    security=SECURITY,
    operation_id="get_group_sheets_on_tablet",
    **described(
        "See the group's sheets of one work on a tablet",
        TAG,
        *(403, 404),
        description="For a signed-in judge. Empty until everybody in the group has signed.",
    ),
)
async def get_group(
    request: Req,
    contest: UUID,
    appointment: UUID,
    module: str,
    code: str,
    attempt: int = 1,
    round_number: Annotated[int, Parameter(query="round")] = 1,
) -> list[GroupSheet]:
    seats = await serving.admitted_seats(tablet_in(request))
    own = [s for s in seats if (s.contest, s.appointment) == (contest, appointment)]
    if not own:
        raise NotServed
    sheets = await group_sheets(
        contest,
        appointment,
        account=own[0].account,
        module=module,
        code=code,
        attempt=attempt,
        round_=round_number,
    )
    return [GroupSheet(s.seat, s.sheet, s.state, dict(s.marks)) for s in sheets]


@post(
    "/judging/tablet/beat",
    guards=[tablet],
    status_code=200,
    security=SECURITY,
    operation_id="tablet_beat",
    **described(
        "Tell that the tablet lives, and hear what is new",
        TAG,
        *(400,),
        description="Every 5 seconds. Changed sheets of its judges, calls for re-marking, messages, "
        "and the numbers of its own sheets that never arrived.",
    ),
)
async def beat(request: Req, data: Beat) -> BeatAnswer:
    own, now = tablet_in(request), datetime.now(UTC)
    heard = await beating.beat(own, views.told(data), now=now)
    return views.beat_out(own, heard, now=now, installation=here(), app=packs.APP)


@post(
    "/judging/tablet/messages",
    guards=[tablet, rate_limit(60, burst=20)],
    security=SECURITY,
    operation_id="write_from_tablet",
    **described("Write to the control room", TAG, *(400, 403, 422, 429)),
)
async def write(request: Req, data: NewMessage) -> MadeMessage:
    made = await talking.write_from_tablet(
        tablet_in(request), contest=data.contest, text=data.text, now=datetime.now(UTC)
    )
    return MadeMessage(made)


@post(
    "/judging/tablet/messages/{message:uuid}/read",
    guards=[tablet],
    status_code=204,
    security=SECURITY,
    operation_id="read_message_on_tablet",
    **described("Say that a message was shown", TAG, *(404,)),
)
async def read_message(request: Req, message: UUID) -> None:
    await talking.read_on_tablet(tablet_in(request), message)


@post(
    "/judging/tablet/return",
    guards=[tablet],
    status_code=204,
    security=SECURITY,
    operation_id="return_tablet",
    **described(
        "Give this tablet back",
        TAG,
        *(400, 409),
        description="Its key signs nothing more, and it may wipe itself. 409 lists the numbers that "
        "have not arrived: nothing has changed then.",
    ),
)
async def give_back(request: Req, data: GiveBack) -> None:
    await returning.return_tablet(tablet_in(request), signed=data.signed, now=datetime.now(UTC))


HANDLERS = [
    get_roster,
    sign_in,
    sign_out,
    reset_pin,
    check_pin,
    get_pack,
    get_group,
    beat,
    write,
    read_message,
    give_back,
]
