"""While a contest runs: clock, penalties, statuses, sheets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Points
from contests.schemas.common import Id, ModuleId, Reason, WorkCode

OwnId = Annotated[
    str,
    Meta(
        description="A new UUID. Sent again with the same one, it is entered once.",
        examples=["0b0f6a1e-4f0c-4b2e-8f0d-7a3c0a7d5f10"],
    ),
]


class ClockIn(Struct, forbid_unknown_fields=True):
    """A stamp of the official clock. "cancel" takes one back, with a reason; both stay on record."""

    module: ModuleId
    code: WorkCode
    stamp: Literal["start", "pause", "resume", "stop", "cancel"]
    at: Annotated[str, Meta(description="ISO instant; empty = now.")] = ""
    attempt: int = 1
    reason: Reason = ""
    id: OwnId = ""
    cancels: Annotated[str, Meta(description="Id of the stamp or compensation taken back.")] = ""


class TimingIn(Struct, forbid_unknown_fields=True):
    """The official time in whole seconds; it replaces the stamps."""

    module: ModuleId
    code: WorkCode
    gross: Annotated[int, Meta(examples=[3540])]
    compensation: int = 0
    attempt: int = 1
    reason: Reason = ""


class InterruptionIn(Struct, forbid_unknown_fields=True):
    """Compensation time (补时) for a cause that wasn't the entrant's."""

    module: ModuleId
    code: WorkCode
    seconds: Annotated[int, Meta(examples=[300])]
    cause: Reason
    acknowledged: Annotated[bool, Meta(description="The entrant has signed for it.")]
    attempt: int = 1
    id: OwnId = ""


class PenaltyIn(Struct, forbid_unknown_fields=True):
    """A penalty against a work."""

    scope: Annotated[
        Literal["warning", "points", "module", "project", "disqualify"], Meta(examples=["points"])
    ]
    module: ModuleId
    code: WorkCode
    reason: Reason
    points: Points = "0"
    whole_contest: Annotated[
        bool, Meta(description="Off the total instead of the module's score.")
    ] = False
    acknowledged: bool = False


class StatusIn(Struct, forbid_unknown_fields=True):
    """DNS, DNF, DSQ or void; empty takes it back."""

    status: Annotated[Literal["", "DNS", "DNF", "DSQ", "void"], Meta(examples=["DNF"])]
    module: ModuleId
    code: WorkCode
    whole_contest: bool = False
    reason: Reason = ""


class AttemptIn(Struct, forbid_unknown_fields=True):
    """The chief referee names the attempt that counts (重赛)."""

    module: ModuleId
    code: WorkCode
    attempt: Annotated[int, Meta(ge=1, le=99, examples=[2])]
    reason: Reason


class VotesIn(Struct, forbid_unknown_fields=True):
    """Votes counted in one panel, by code: they decide a prize of their own, never a place."""

    module: ModuleId
    panel: Annotated[str, Meta(examples=["public"])]
    votes: Annotated[dict[str, int], Meta(examples=[{"07": 41}])]


class RoundIn(Struct, forbid_unknown_fields=True):
    """Have a group mark these aspects of one work again."""

    module: ModuleId
    code: WorkCode
    aspects: list[str]
    panel: str = "referees"
    group: str = ""
    attempt: int = 1
    reason: Reason = ""


class RoundOpened(Struct):
    round: int


class ConflictIn(Struct, forbid_unknown_fields=True):
    """Which of two revisions of one sheet counts; both stay in the record."""

    chosen: Annotated[Id, Meta(description="rid of the revision.")]
    reason: Reason = ""


class SheetCell(Struct):
    """One sheet in the grid. `sheet` is empty where none is stored."""

    sheet: str
    module: ModuleId
    code: WorkCode
    seat: str
    state: Annotated[str, Meta(examples=["accepted"])]
    seq: int
    attempt: int = 1
    round: int = 1


class SheetGrid(Struct):
    """Works by judges: who has signed what. Marks only with contest.read_marks."""

    owed: int
    signed: int
    cells: list[SheetCell]


class SheetDraft(Struct, forbid_unknown_fields=True):
    """A sheet before it is signed, to be checked."""

    module: ModuleId
    marks: Annotated[dict[str, Any], Meta(examples=[{"A1.1": {"value": "18.5"}}])]
    code: WorkCode = ""
    panel: str = "referees"


class Checked(Struct):
    """Nothing is wrong with the draft."""

    understood: Annotated[dict[str, Any], Meta(description="The marks as they would be stored.")]
