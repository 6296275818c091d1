"""The pack of a judge who has signed in, and the tag by which a tablet sees that it has changed.

The tag is made of what the pack is made of, so that a beat can name it without making the pack. Heads
and rounds change at every sheet: they come with the beat and are left out of it.
"""

from __future__ import annotations

from importlib.metadata import version
from uuid import UUID

from contests.judging.packing import pack_of
from contests.judging.schemas import Pack
from contests.judging.tablets.serving import Seat, admitted_seat
from contests.judging.tablets.sessions import Tablet
from core.web.etag import etag_of

APP = version("jiangxin")
"""Of the app that this process serves. Asked once: it is read from files."""


def pack_tag(seat: Seat) -> str:
    """Of the pack of the seat's contest for its account."""
    parts = (
        APP,
        seat.contest,
        seat.account,
        seat.title,
        seat.state,
        seat.judging_ended_at is not None,
        seat.roster,
        seat.rules_hash,
    )
    return "W/" + etag_of("|".join(str(part) for part in parts))


async def tablet_pack(tablet: Tablet, seat: Seat) -> Pack:
    """Raises NotAppointed for a seat that marks nothing, NotFound before marking starts."""
    return await pack_of(seat.contest, seat.account)


async def packed_seat(tablet: Tablet, contest: UUID, account: UUID) -> Seat:
    """Raises NotServed unless this account has signed in here and the tablet serves the contest."""
    return await admitted_seat(tablet, contest, account)
