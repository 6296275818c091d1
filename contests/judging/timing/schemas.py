"""What the time-keepers' page is told."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from contests.judging.schemas import Text

Instant = Annotated[str, Meta(description="ISO instant in UTC.")]


class TimedContest(Struct):
    """A contest whose time the account may keep."""

    id: str
    code: Annotated[str, Meta(examples=["gba4-pastry"])]
    title: Text
    state: str
    ended: Annotated[bool, Meta(description="Marking is locked.")]


class TimedContests(Struct):
    """All of them, and whose list it is."""

    account: str
    label: str
    csrf: Annotated[str, Meta(description="For X-CSRF-Token of this session's requests.")]
    time: Instant
    contests: list[TimedContest]


class StampOut(Struct):
    """A stamp of the clock or a compensation, as the log has it; taken back ones too."""

    id: str
    kind: Annotated[str, Meta(description="start, pause, resume, stop or compensation.")]
    at: Instant
    seconds: Annotated[int, Meta(description="Of a compensation.")]
    acknowledged: Annotated[bool, Meta(description="The entrant has signed for it.")]
    cancelled: bool


class AttemptOut(Struct):
    """The clock of one attempt."""

    attempt: int
    stamps: list[StampOut]


class WorkClock(Struct):
    """One work's clocks."""

    code: Annotated[str, Meta(examples=["07"])]
    attempts: list[AttemptOut]


class ModuleClocks(Struct):
    """A module with its limit in seconds, 0 = none."""

    id: Annotated[str, Meta(examples=["A"])]
    title: Text
    limit: Annotated[int, Meta(examples=[5400])]
    works: list[WorkClock]


class Clocks(Struct):
    """Every clock of a contest."""

    contest: TimedContest
    csrf: Annotated[str, Meta(description="For X-CSRF-Token of this session's requests.")]
    time: Instant
    modules: list[ModuleClocks]
