"""What the typing page and the server say to each other."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import AspectView, Text

SheetId = Annotated[str, Meta(description="Id of the sheet: what its QR says.")]
Marks = Annotated[
    dict[str, Any],
    Meta(
        description='By aspect {value: "7.5"}, {raw: "12.3"}, {defects: [{code, points}]} or '
        '{outcome: "missing"}, as in a signed sheet.',
        examples=[{"A1.1": {"value": "7.5"}}],
    ),
]
Scan = Annotated[str, Meta(description="Hex SHA-256 of the paper's picture, or empty.")]
Step = Annotated[
    Literal["open", "first", "waiting", "differs", "agreed", "stored"],
    Meta(
        description="open: nobody has typed it. first: another has, you haven't. waiting: only you "
        "have. differs: two typings differ. agreed: they are alike and about to be stored. stored: "
        "it is in the record.",
        examples=["waiting"],
    ),
]


class PaperSheetOut(Struct):
    """One sheet that may be typed. No marks."""

    sheet: SheetId
    module: Annotated[str, Meta(examples=["A"])]
    code: Annotated[str, Meta(examples=["07"])]
    seat: Annotated[str, Meta(examples=["J2"])]
    attempt: int
    round: int
    state: Annotated[
        str, Meta(description="In the record: open, accepted, not_countable, conflict.")
    ]
    step: Step


class PaperList(Struct):
    """The sheets of a contest, as the typing page lists them."""

    title: Text
    code: str
    open: Annotated[bool, Meta(description="Marking is open.")]
    sheets: list[PaperSheetOut]


class DifferenceOut(Struct):
    """One aspect that two persons read differently; null: left empty."""

    aspect: str
    mine: Any
    theirs: Any


class TypedOut(Struct):
    """One sheet, its aspects, and what you typed yourself."""

    sheet: PaperSheetOut
    module_title: Text
    aspects: list[AspectView]
    marks: Marks
    differences: list[DifferenceOut]
    scan: Scan
    answer: Annotated[
        str, Meta(description="What became of the signed revision; empty before there is one.")
    ]
    seq: Annotated[int, Meta(description="Its place in the record; 0 = none yet.")]


class TypingIn(Struct, forbid_unknown_fields=True):
    """What one person read on the paper."""

    marks: Marks
    scan: Scan = ""


class ScanOut(Struct):
    """The stored picture."""

    sha256: Annotated[str, Meta(examples=["9f86d081884c7d65…"])]
