"""What several shapes of the contests' API share. Numbers that decide something are decimal
strings: "7.25"."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

Code = Annotated[
    str,
    Meta(
        description="Lower-case letters, digits and hyphens; unique in the installation.",
        examples=["gba4-pastry"],
    ),
]
Day = Annotated[str, Meta(description="ISO date.", examples=["2024-10-19"])]
Moment = Annotated[
    str, Meta(description="ISO instant in UTC.", examples=["2024-10-19T08:00:00.000000Z"])
]
Reason = Annotated[
    str,
    Meta(
        description="Kept sealed; the public record has a salted hash of it.",
        examples=["Power cut in hall 2"],
    ),
]
Id = Annotated[UUID, Meta(examples=["3f0e8a52-5d0e-4b5f-9a54-0d0a8b1f9c11"])]
WorkCode = Annotated[
    str, Meta(description="The drawn code of a work in this module.", examples=["07"])
]
ModuleId = Annotated[str, Meta(examples=["A"])]


class Created(Struct):
    """The id of what was made."""

    id: Id


class CreatedMany(Struct):
    """The ids, in the order of the rows given."""

    ids: list[Id]


class Revised(Struct):
    """Saved. `revision` is the new ETag."""

    revision: int


class Done(Struct):
    """The contest's state after the step."""

    state: Annotated[str, Meta(examples=["closed"])]
