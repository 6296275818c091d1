"""A contest that is lent to a venue and comes home again."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from contests.schemas.common import Id, Moment
from contests.schemas.uploads import UploadFinding

Head = Annotated[
    str,
    Meta(
        description="SHA-256 of the log's last entry, as both sides show it.",
        examples=["9f2c6b1e0d4a"],
    ),
]
Length = Annotated[int, Meta(description="Entries of the log.", examples=[128])]


class LoanIn(Struct, forbid_unknown_fields=True):
    """To whom a contest is lent."""

    installation: Annotated[
        str,
        Meta(
            description="The venue's id: `jiangxin doctor` says it there.",
            max_length=60,
            examples=["cfd5e2fa-7aa2-4bbe-abef-b3e1cc6a31d2"],
        ),
    ]


class LoanOut(Struct):
    """One loan; returned_head is \"recalled\" for one that was called back."""

    installation: str
    length: Length
    head: Head
    lent_at: Moment
    returned_at: Moment | None
    returned_head: str


class BorrowedOut(Struct):
    """A contest that was taken in at a venue."""

    contest: Id
    code: str
    length: Length
    head: Head
    accounts: Annotated[int, Meta(description="Who has a duty.")]
    devices: Annotated[int, Meta(description="Keys that may sign.")]


class TakenBackOut(Struct):
    """A contest that came home."""

    contest: Id
    code: str
    length: Length
    head: Head
    added: Annotated[int, Meta(description="Entries that came from the venue.")]
    sheets: Annotated[int, Meta(description="Sheets that tablets had sent here meanwhile.")]
    again: Annotated[bool, Meta(description="This return was taken before; nothing changed.")]
    left: Annotated[list[str], Meta(description="Seats whose duty brings no rights here.")]
    notes: list[UploadFinding]
