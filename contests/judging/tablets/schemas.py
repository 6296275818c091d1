"""What a shared tablet and the server say to each other, but for packs and sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from contests.judging.schemas import Text

Proof = Annotated[
    str,
    Meta(
        max_length=2000,
        description=(
            "Compact JWS, ES256, by the device's key: header {alg, kid, typ: "
            '"jiangxin-device+jwt"}, payload {aud: origin of these pages, nonce, at}. A nonce is '
            "good for two minutes and one proof; `at`, the device's clock, is not looked at."
        ),
        examples=["eyJhbGciOiJFUzI1NiIsImtpZCI6IkJ1…"],
    ),
]
Pin = Annotated[str, Meta(max_length=12, description="Six digits.", examples=["407261"])]
Kid = Annotated[str, Meta(description="Name of the device's key.", examples=["Bu8vGXoYz1E"])]
Jwk = Annotated[
    dict[str, str],
    Meta(
        description="Public EC key, curve P-256.",
        examples=[{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2…", "y": "x_FEzRu9…"}],
    ),
]
Kind = Annotated[
    Literal["tablet", "personal"],
    Meta(description="tablet: shared, with PINs; personal: a judge's own browser."),
]


class Nonce(Struct):
    """What the next proof must contain."""

    nonce: str
    time: Annotated[datetime, Meta(description="This server's clock.")]
    installation: Annotated[str, Meta(description="Which server this is.")]
    app: Annotated[str, Meta(description="Version of the app that is served.", examples=["1.4.0"])]


class Enrolment(Struct, forbid_unknown_fields=True):
    """A one-time code and a fresh key that never leaves the tablet."""

    code: Annotated[str, Meta(max_length=40, examples=["7KQ2M-9XH4T"])]
    jwk: Jwk
    proof: Proof
    label: Annotated[
        str, Meta(max_length=80, description="Empty: the one that the code was made with.")
    ] = ""


class EnrolledTablet(Struct):
    """The tablet is enrolled (again, when its first answer was lost)."""

    kid: Kid
    label: Annotated[str, Meta(examples=["Tablet 3"])]
    kind: Kind
    installation: str
    receipt_key: Annotated[
        dict[str, str], Meta(description="Public JWK that receipts are signed with.")
    ]


class OpenSession(Struct, forbid_unknown_fields=True):
    proof: Proof


class TabletSession(Struct):
    """Send the token as `Authorization: Tablet …`. A revoked device's ends at once."""

    token: str
    expires_in: Annotated[int, Meta(description="Seconds.", examples=[900])]
    kid: Kid
    label: str
    kind: Kind
    installation: str
    receipt_key: dict[str, str]
    account: Annotated[
        UUID | None, Meta(description="Whose browser this is; null for a shared tablet.")
    ]


class RosterContest(Struct):
    """A contest that the tablet serves."""

    id: UUID
    code: Annotated[str, Meta(examples=["gba4-pastry"])]
    title: Text
    competition: UUID
    state: Annotated[str, Meta(examples=["judging"])]
    ended: Annotated[bool, Meta(description="Marks are locked; the contest isn't closed yet.")]


class RosterSeat(Struct):
    """What somebody is in one of these contests."""

    contest: UUID
    appointment: UUID
    role: Annotated[str, Meta(examples=["judge"])]
    seat: Annotated[str, Meta(examples=["J2"])]
    panel: str
    group: str


class OtherTablet(Struct):
    """Another tablet on which the same judge has signed in."""

    account: UUID
    kid: Kid
    label: Annotated[str, Meta(examples=["Tablet 5"])]
    open: Annotated[bool, Meta(description="This judge's sheets are on its screen.")]
    last_seen_at: datetime | None = None


class RosterPerson(Struct):
    """Somebody who may sign in on this tablet."""

    account: UUID
    label: Annotated[str, Meta(examples=["Judge 2"])]
    leader: Annotated[bool, Meta(description="Group leader or chief referee here.")]
    has_pin: bool
    pin_first: Annotated[bool, Meta(description="Handed out and not changed yet.")]
    pin_locked: Annotated[bool, Meta(description="After wrong tries, on this tablet, for a while.")]
    admitted: Annotated[bool, Meta(description="Has signed in on this tablet.")]
    seats: list[RosterSeat]
    elsewhere: list[OtherTablet]
    pin_set_at: Annotated[
        datetime | None,
        Meta(description="Later than the sign-in: ask for the PIN online once more."),
    ] = None


class Roster(Struct):
    """Whom this tablet can be handed to."""

    contests: list[RosterContest]
    people: list[RosterPerson]


class SignIn(Struct, forbid_unknown_fields=True):
    account: UUID
    pin: Pin
    new_pin: Annotated[
        str,
        Meta(max_length=12, description="Needed when the PIN was handed out.", examples=["592038"]),
    ] = ""


class SignedInJudge(Struct):
    """The tablet's key may sign for this judge now."""

    account: UUID
    label: str
    leader: bool
    first: Annotated[bool, Meta(description="The handed-out PIN was changed just now.")]


class ResetPin(Struct, forbid_unknown_fields=True):
    """A leader of the same contest types his own PIN."""

    leader: UUID
    leader_pin: Pin
    account: UUID


class FirstPin(Struct):
    """Shown once; its owner changes it at the first sign-in."""

    pin: Pin


class CheckPin(Struct, forbid_unknown_fields=True):
    account: UUID
    pin: Pin


class NewMessage(Struct, forbid_unknown_fields=True):
    """A sentence to the contest's control room."""

    text: Annotated[str, Meta(max_length=500, examples=["The socket at place 7 is dead."])]
    contest: UUID


class MadeMessage(Struct):
    id: UUID


class GiveBack(Struct, forbid_unknown_fields=True):
    """What the tablet says it has signed."""

    signed: Annotated[
        int, Meta(ge=0, le=10**7, description="The last number that it gave to a sheet.")
    ] = 0


class Beat(Struct, forbid_unknown_fields=True):
    """What a tablet tells of itself every few seconds."""

    app: Annotated[str, Meta(max_length=40, examples=["1.4.0"])]
    waiting: Annotated[int, Meta(ge=0, le=10**6, description="Signed sheets not yet stored.")]
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    charging: bool | None = None
    persisted: bool | None = None
    installed: bool | None = None
    free_mb: Annotated[int, Meta(ge=0, le=10**8)] | None = None
    fit: bool | None = None
    unfit: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] = []
    judge: Annotated[UUID | None, Meta(description="Whose sheets are on the screen.")] = None
    started: Annotated[
        list[UUID],
        Meta(
            max_length=200,
            description="Ids of the sheets that somebody has begun on it and not signed yet; nothing "
            "of what is in them.",
        ),
    ] = []
    answered: Annotated[
        int,
        Meta(
            ge=0,
            le=10**7,
            description="Its sheets up to this number have a receipt. What of them this server "
            "does not have comes back under `gaps`, to be sent again.",
        ),
    ] = 0
    since: Annotated[
        dict[str, Annotated[int, Meta(ge=0)]],
        Meta(
            max_length=200,
            description="Contest -> the `length` that it heard last; left out: tell everything.",
        ),
    ] = {}


class Chain(Struct):
    """The device's last sheet in the record. Behind the tablet's own receipts: this server was
    restored from an older copy, and the sheets are sent again."""

    seq: int
    hash: str


class BeatHead(Struct):
    """A sheet of this judge that has changed, on whichever tablet."""

    sheet: UUID
    module: str
    code: str
    attempt: int
    round: int
    rid: str
    seq: int
    hash: str
    state: Annotated[Literal["signed", "not_countable", "conflict"], Meta(examples=["signed"])]
    countable: bool
    marks: dict[str, Any]


class BeatRound(Struct):
    """A work that the group has to mark again."""

    module: str
    code: str
    attempt: int
    round: int
    aspects: list[str]
    panel: str
    group: str


class BeatState(Struct):
    """One signed-in judge's part of one contest."""

    contest: UUID
    account: UUID
    state: Annotated[str, Meta(examples=["judging"])]
    ended: bool
    length: Annotated[int, Meta(description="Of the record: the next beat's `since`.")]
    pack: Annotated[str, Meta(description="ETag of the pack now.")]
    heads: list[BeatHead]
    rounds: list[BeatRound]


class BeatMessage(Struct):
    """From the control room, until it is marked as read."""

    id: UUID
    text: str
    at: datetime


class BeatAnswer(Struct):
    """Everything that a tablet must hear."""

    time: datetime
    installation: str
    chain: Chain
    app: str
    states: list[BeatState]
    messages: list[BeatMessage]
    elsewhere: list[OtherTablet]
    gaps: Annotated[
        list[int], Meta(description="Numbers of this device that never arrived: send them again.")
    ]
