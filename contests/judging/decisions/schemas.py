"""What a leader is shown before he decides. Codes and seats, never an entrant."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Text
from core.problems import ProblemFinding

Instant = Annotated[
    str, Meta(description="UTC, as in the record.", examples=["2024-10-10T08:00:00.000000Z"])
]


class Origin(Struct):
    """Where a revision came from: which device signed it, who marked, tapped and confirmed."""

    kid: Annotated[str, Meta(description="Id of the key that signed it.", examples=["Bu8vGXoYz1E"])]
    kind: Annotated[
        str, Meta(description="personal, tablet or desk; empty = unknown.", examples=["tablet"])
    ] = ""
    label: Annotated[str, Meta(examples=["Tablet 3"])] = ""
    device_seq: Annotated[int, Meta(description="Its number on the device; 0 = unproven.")] = 0
    judge: Annotated[str, Meta(description="Who marked, by label.", examples=["J2"])] = ""
    scribe: Annotated[str, Meta(description="Who tapped for the judge.")] = ""
    confirmed: Annotated[str, Meta(description="taps, pin or empty.", examples=["pin"])] = ""
    countersigned_by: Annotated[
        str, Meta(description="The leader who rightly countersigned; empty = nobody.")
    ] = ""
    countersign_reason: str = ""
    typed_by: Annotated[list[str], Meta(description="Who typed it from paper.")] = []
    scan: Annotated[str, Meta(description="SHA-256 of the paper's picture.")] = ""
    signed_at: Annotated[str, Meta(description="By the device's own clock.")] = ""


class Version(Struct):
    """One of the revisions that stand against each other."""

    rid: Annotated[str, Meta(description="What to choose it by.")]
    seq: Annotated[int, Meta(description="Its place in the contest's record.", examples=[17])]
    received_at: Instant
    origin: Origin
    counts_now: Annotated[bool, Meta(description="It counted before the conflict.")]
    countable: bool
    reason: Annotated[
        str,
        Meta(
            description="Why it may not simply replace the other: sheet-locked, swap-waiting, "
            "swap-wrong; empty = it was made beside the other.",
            examples=["sheet-locked"],
        ),
    ]
    swap_code: Annotated[str, Meta(description="The other work of a swap.", examples=["08"])] = ""
    findings: list[ProblemFinding] = []


class Cell(Struct):
    """One aspect, as each version marks it."""

    aspect: Annotated[str, Meta(examples=["A1.2"])]
    title: Text
    marks: Annotated[
        dict[str, Any], Meta(description="By rid; a version that leaves it out is not named.")
    ]
    differs: bool


class ConflictOut(Struct):
    """Revisions of one sheet of which a leader chooses one."""

    sheet: str
    module: Annotated[str, Meta(examples=["A"])]
    module_title: Text
    code: Annotated[str, Meta(examples=["07"])]
    seat: Annotated[str, Meta(examples=["J2"])]
    attempt: int
    round: int
    versions: list[Version]
    cells: list[Cell]
    own: Annotated[bool, Meta(description="The caller's own sheet: somebody else decides.")]
    unseen: Annotated[
        bool,
        Meta(description="The caller still has to mark this work, so its marks are left out."),
    ] = False


class Change(Struct):
    """What taking a kept revision would change in one aspect. null = no mark."""

    aspect: str
    title: Text
    old: Any
    new: Any


class QuarantineOut(Struct):
    """Bytes that were kept apart."""

    id: str
    reason: Annotated[str, Meta(description="Slug.", examples=["device-revoked"])]
    sentence: Annotated[str, Meta(description="The reason in words.")]
    received_at: Instant
    size: Annotated[int, Meta(description="Bytes.", examples=[812])]
    origin: Origin
    brought_by: Annotated[str, Meta(description="Label of the account that delivered it.")]
    rid: str
    sheet: str
    module: str
    code: str
    seat: str
    attempt: int
    round: int
    takeable: Annotated[
        bool, Meta(description="Whether it may be taken as a sheet; otherwise only dismissed.")
    ]
    obstacle: Annotated[str, Meta(description="Why it can't be taken, in words.")]
    stands: Annotated[
        Literal["", "first", "next", "older", "beside"],
        Meta(
            description="What it would be: the slot's first revision, the one after what counts, "
            "one from before it, or one beside it (a conflict)."
        ),
    ]
    changes: list[Change]
    own: bool = False
    unseen: bool = False


class QuarantineDecision(Struct, forbid_unknown_fields=True):
    """A leader's decision about one of them."""

    take: Annotated[bool, Meta(description="true: store it as a sheet; false: leave it aside.")]
    reason: Annotated[
        str,
        Meta(
            description="Stays in the record, sealed.",
            examples=["The tablet was revoked by mistake; J2 confirms the marks."],
        ),
    ]


class Taken(Struct):
    """What became of it."""

    resolution: Annotated[Literal["taken", "dismissed"], Meta(examples=["taken"])]
    answer: Annotated[
        str, Meta(description="As a tablet would be answered; empty when dismissed.")
    ] = ""
    seq: Annotated[int, Meta(description="Place in the contest's record; 0 = none.")] = 0
