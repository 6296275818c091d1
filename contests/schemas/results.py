"""Standings, explanations, appeals and the record."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Points, Text
from contests.schemas.common import Id, Moment, Reason


class PlacesIn(Struct, forbid_unknown_fields=True):
    """The chief referee's order among entries that no tie-break separates."""

    entries: list[Id]
    reason: Reason


class AwardIn(Struct, forbid_unknown_fields=True):
    entry: Id
    rule: Annotated[str, Meta(examples=["prizes"])]
    prize: Annotated[str, Meta(examples=["first"])]


class AwardsIn(Struct, forbid_unknown_fields=True):
    """The prizes as confirmed by a person; empty = as proposed."""

    awards: list[AwardIn] = []
    reason: Reason = ""


class Closed(Struct):
    """Closed; the results are stored as this version."""

    state: Annotated[str, Meta(examples=["closed"])]
    result_version: int


class Signed(Struct):
    state: Annotated[str, Meta(examples=["signed"])]
    role: Annotated[str, Meta(description="The role signed in.", examples=["supervisor"])]


class Published(Struct):
    state: Annotated[str, Meta(examples=["published"])]
    notice_until: Moment


class Finalised(Struct):
    state: Annotated[str, Meta(examples=["final"])]
    entries: Annotated[int, Meta(description="How many results became final.")]


class AppealOut(Struct):
    id: Id
    entry: Id | None
    module: str
    filed_at: Moment
    ruled_at: Moment | None
    ruling: str


class AppealIn(Struct, forbid_unknown_fields=True):
    """An appeal (申诉), written; it holds the results it is against."""

    entry: Id
    grounds: Annotated[str, Meta(max_length=5000, examples=["The clock was not stopped …"])]
    module: Annotated[str, Meta(examples=["A"])] = ""


class RulingIn(Struct, forbid_unknown_fields=True):
    """The ruling is final."""

    ruling: Annotated[Literal["upheld", "dismissed"], Meta(examples=["dismissed"])]
    reason: Reason = ""


class StandingOut(Struct):
    """One place. Names only with identity.read, or publicly after publication."""

    entry: Id
    group: str
    rank: int | None
    shared: bool
    total: Points | None
    exact: Annotated[str | None, Meta(description="Before the last rounding, as n/d if need be.")]
    status: Annotated[str, Meta(examples=["scored"])]
    decided_by: Annotated[str, Meta(examples=["total"])]
    delegation: str
    codes: Annotated[
        dict[str, str], Meta(description="By module, once opened.", examples=[{"A": "07"}])
    ]
    names: list[str] | None
    prizes: Annotated[list[str], Meta(examples=[["first"]])]


class PrizeCountOut(Struct):
    """The rounding shown: what the rule asked for and what was proposed."""

    rule: Annotated[str, Meta(examples=["prizes"])]
    prize: Annotated[str, Meta(examples=["first"])]
    group: str
    base: Annotated[int, Meta(description="How many entries it was counted from.", examples=[27])]
    asked: Annotated[str, Meta(examples=["2.7"])]
    proposed: Annotated[int, Meta(examples=[3])]


class StandingsOut(Struct):
    """The standings of one result version."""

    contest: Id
    version: int
    reason: Annotated[str, Meta(description="Why it replaces the one before; empty for the first.")]
    rules_hash: str
    log_head: Annotated[str, Meta(description="The end of the record they were computed from.")]
    standings: list[StandingOut]
    prizes: list[PrizeCountOut]


class StepOut(Struct):
    """level 0: the whole, 1: a module, 2: an aspect, 3: how the aspect came about."""

    level: Annotated[int, Meta(examples=[3])]
    code: Annotated[str, Meta(examples=["mean"])]
    text: Annotated[str, Meta(examples=["Mean of 3 marks: 54 / 3 = 18."])]
    params: dict[str, Any]


class ExplanationOut(Struct):
    """How one total came about, step by step, down to the marks."""

    entry: Id
    steps: list[StepOut]


class TeamStandingOut(Struct):
    delegation: str
    title: Text
    rank: int | None
    shared: bool
    total: Points | None
    counted: list[str]
    prize: str


class LogLineOut(Struct):
    """One entry of the record. `body` is the exact text that the hash covers."""

    seq: int
    kind: Annotated[str, Meta(examples=["sheet"])]
    at: Moment
    body: str
    prev: str
    hash: str
