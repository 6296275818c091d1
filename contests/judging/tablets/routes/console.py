"""What the control room does about tablets: codes, the list, revoking, messages, PINs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post

from contests.judging.tablets import codes, handing_out, listing, talking, views
from contests.judging.tablets.console_schemas import (
    HandedOutPin,
    HandedOutPins,
    MessageOut,
    MessageToTablet,
    NewCode,
    TabletCodeOut,
    TabletOut,
)
from contests.judging.tablets.schemas import FirstPin, MadeMessage
from contests.judging.tablets.serving import of_device
from contests.routing import described, of_contest
from core import settings
from core.security import actor_in, requires
from core.web import qr

TAG = "judging"
Req = Request[Any, Any, Any]


@post(
    "/judging/contests/{contest:uuid}/tablet-codes",
    guards=[requires("contest.tablets", of_contest)],
    operation_id="make_tablet_code",
    **described(
        "Make a code that enrols a tablet",
        TAG,
        *(400, 403, 404),
        description="Ten characters and a QR, for one tablet, good for 15 minutes. A code for the "
        "whole competition needs the permission there.",
    ),
)
async def make_code(request: Req, contest: UUID, data: NewCode) -> TabletCodeOut:
    made = await codes.make_code(
        actor_in(request),
        contest,
        label=data.label,
        competition=data.competition,
        now=datetime.now(UTC),
    )
    url = f"{settings.current().origin}/judging/#enrol={made.code}"
    return TabletCodeOut(made.code, url, qr.svg(url), made.expires_at)


@get(
    "/judging/contests/{contest:uuid}/tablets",
    guards=[requires("contest.control", of_contest)],
    operation_id="list_tablets",
    **described(
        "List a contest's tablets",
        TAG,
        *(403, 404),
        description="Shared tablets of the contest or its competition, and its judges' own "
        "browsers: who has signed in, battery, last contact, waiting sheets, missing numbers.",
    ),
)
async def list_tablets(contest: UUID) -> list[TabletOut]:
    return [views.tablet_out(one) for one in await listing.devices_of(contest)]


@post(
    "/judging/tablets/{kid:str}/revocation",
    guards=[requires("contest.tablets", of_device)],
    status_code=204,
    operation_id="revoke_tablet",
    **described(
        "Revoke a tablet",
        TAG,
        *(403, 404),
        description="At once: its next request is refused. What it signed before stays.",
    ),
)
async def revoke(request: Req, kid: str) -> None:
    await listing.revoke_tablet(actor_in(request), kid)


@post(
    "/judging/tablets/{kid:str}/messages",
    guards=[requires("contest.control", of_device)],
    operation_id="write_to_tablet",
    **described("Write to a tablet", TAG, *(400, 403, 404, 422)),
)
async def write(request: Req, kid: str, data: MessageToTablet) -> MadeMessage:
    made = await talking.write_to_tablet(
        actor_in(request), kid, text=data.text, contest=data.contest, now=datetime.now(UTC)
    )
    return MadeMessage(made)


@get(
    "/judging/contests/{contest:uuid}/messages",
    guards=[requires("contest.control", of_contest)],
    operation_id="list_tablet_messages",
    **described("List messages to and from a contest's tablets", TAG, *(403, 404)),
)
async def list_messages(contest: UUID) -> list[MessageOut]:
    return [views.message_out(one) for one in await talking.messages_of(contest)]


@post(
    "/judging/contests/{contest:uuid}/messages/{message:uuid}/read",
    guards=[requires("contest.control", of_contest)],
    status_code=204,
    operation_id="read_tablet_message",
    **described("Say that a tablet's message was dealt with", TAG, *(403, 404)),
)
async def read_message(request: Req, contest: UUID, message: UUID) -> None:
    now = datetime.now(UTC)
    await talking.read_in_control_room(actor_in(request), contest, message, now=now)


@post(
    "/judging/contests/{contest:uuid}/pins",
    guards=[requires("contest.reset_pin", of_contest)],
    operation_id="hand_out_pins",
    **described(
        "Hand out first PINs",
        TAG,
        *(403, 404),
        description="To everybody of the contest who has none; those of leaders, chief referees and "
        "clerks only by somebody who may appoint them. Shown once.",
    ),
)
async def hand_out_pins(request: Req, contest: UUID) -> HandedOutPins:
    made = await handing_out.hand_out_missing(actor_in(request), contest, now=datetime.now(UTC))
    return HandedOutPins([HandedOutPin(m.account, m.label, m.seat, m.pin) for m in made])


@post(
    "/judging/contests/{contest:uuid}/pins/{account:uuid}",
    guards=[requires("contest.reset_pin", of_contest)],
    operation_id="reset_pin",
    **described(
        "Reset somebody's PIN",
        TAG,
        *(403, 404),
        description="The old PIN, and a lock, end. The new one is shown once and changed at the "
        "first sign-in.",
    ),
)
async def reset_pin(request: Req, contest: UUID, account: UUID) -> FirstPin:
    made = await handing_out.hand_out(actor_in(request), contest, account, now=datetime.now(UTC))
    return FirstPin(made.pin)


HANDLERS = [
    make_code,
    list_tablets,
    revoke,
    write,
    list_messages,
    read_message,
    hand_out_pins,
    reset_pin,
]
