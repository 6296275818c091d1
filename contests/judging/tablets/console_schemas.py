"""What the control room says about tablets and PINs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from contests.judging.tablets.schemas import Kid, Pin


class NewCode(Struct, forbid_unknown_fields=True):
    """A one-time code for one tablet."""

    label: Annotated[str, Meta(max_length=80, examples=["Tablet 3"])] = ""
    competition: Annotated[
        bool, Meta(description="For every contest of the competition, not this one alone.")
    ] = False


class TabletCodeOut(Struct):
    """Shown once: only a keyed hash of it is kept."""

    code: Annotated[str, Meta(examples=["7KQ2M9XH4T"])]
    url: Annotated[str, Meta(examples=["https://contest.example.cn/judging/#enrol=7KQ2M9XH4T"])]
    qr: Annotated[str, Meta(description="SVG of the address.", examples=["<svg …></svg>"])]
    expires_at: datetime


class SignedInOut(Struct):
    """A judge who has signed in on it."""

    account: UUID
    label: str
    seat: Annotated[str, Meta(examples=["J2"])]
    role: Annotated[str, Meta(examples=["judge"])]
    open: Annotated[bool, Meta(description="This judge's sheets are on its screen.")]


class TabletOut(Struct):
    """A tablet, or a judge's own browser, of the contest."""

    kid: Kid
    label: Annotated[str, Meta(examples=["Tablet 3"])]
    kind: Annotated[str, Meta(examples=["tablet"])]
    signed_in: list[SignedInOut]
    facts: Annotated[
        dict[str, Any],
        Meta(
            description="What it last told: app, battery, charging, persisted, installed, free_mb, "
            "fit, unfit, judge."
        ),
    ]
    enrolled_at: datetime
    waiting: Annotated[int, Meta(description="Signed sheets that it has not handed over.")]
    gaps: Annotated[
        list[int], Meta(description="Its sheets that never arrived although later ones did.")
    ]
    revoked: bool
    returned: bool
    last_seen_at: datetime | None = None


class MessageToTablet(Struct, forbid_unknown_fields=True):
    """A sentence that appears on the tablet within seconds."""

    text: Annotated[str, Meta(max_length=500, examples=["Lunch moves to 12:30."])]
    contest: Annotated[UUID | None, Meta(description="Whose control room writes.")] = None


class MessageOut(Struct):
    """A sentence to or from a tablet."""

    id: UUID
    text: str
    from_tablet: bool
    sent_at: datetime
    kid: Kid
    label: str
    sender: str
    read_at: datetime | None = None


class HandedOutPin(Struct):
    """To be given to this person alone; changed at the first sign-in."""

    account: UUID
    label: str
    seat: str
    pin: Pin


class HandedOutPins(Struct):
    pins: list[HandedOutPin]
