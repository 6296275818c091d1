"""Places for tasters and the codes on their papers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from contests.schemas.common import Id

Seat = Annotated[str, Meta(examples=["T7"])]


class TastersIn(Struct, forbid_unknown_fields=True):
    """How many places to add."""

    count: Annotated[int, Meta(ge=1, le=100, examples=[20])]


class TasterOut(Struct):
    """One place. Nothing of its marks."""

    account: Id
    seat: Seat
    entered_at: Annotated[
        str, Meta(description="When its present code was first used; empty: not yet.")
    ]
    has_code: Annotated[bool, Meta(description="False when it was shut out.")]


class TasterCodeOut(Struct):
    """A new place and its code, told once."""

    account: Id
    seat: Seat
    code: Annotated[str, Meta(examples=["7K3M9QXT2F"])]
    url: Annotated[str, Meta(description="What the paper's QR says.")]
