"""Delegations, entrants and appointments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Text
from contests.schemas.common import Id, Reason


class DelegationDraft(Struct, forbid_unknown_fields=True):
    """A delegation (代表队), independent of cities."""

    code: Annotated[str, Meta(examples=["MO"])]
    title: Text
    city: Annotated[str, Meta(description="A code of a partner's list, or empty.")] = ""


class DelegationOut(Struct):
    id: Id
    code: str
    title: Text
    city: str


class DocumentIn(Struct, forbid_unknown_fields=True):
    """An identity document; stored encrypted, never shown again in full."""

    kind: Annotated[str, Meta(examples=["mainland_id"])]
    number: Annotated[str, Meta(examples=["11010519491231002X"])]


class MemberIn(Struct, forbid_unknown_fields=True):
    """One member of an entry."""

    name: Annotated[str, Meta(examples=["欧阳晓明"])]
    facts: Annotated[
        dict[str, Any], Meta(description="romanised name, employer, school, contact …")
    ] = {}
    documents: list[DocumentIn] = []


class EntrantIn(Struct, forbid_unknown_fields=True):
    """One entry: one to n members in the order of the team, judged once under one code."""

    members: list[MemberIn]
    group: str = ""
    delegation: Annotated[
        str, Meta(description="The delegation's code or id.", examples=["MO"])
    ] = ""
    reserve: bool = False
    trial: bool = False
    team: Annotated[dict[str, str], Meta(description="Public name of a team.")] = {}


class EntrantsIn(Struct, forbid_unknown_fields=True):
    """All rows are registered, or none: every finding of every row comes back at once."""

    rows: Annotated[list[EntrantIn], Meta(min_length=1, max_length=5000)]


class EntryOut(Struct):
    """An entry. `names` only with identity.read; never together with a code before opening."""

    id: Id
    group: str
    delegation: str
    members: int
    reserve: bool
    trial: bool
    late: bool
    status: str
    names: list[str] | None = None


class AppointmentIn(Struct, forbid_unknown_fields=True):
    """A duty in this contest, with its grant."""

    account: Id
    role: Annotated[
        Literal[
            "chief_referee",
            "group_leader",
            "judge",
            "encryption_officer",
            "supervisor",
            "arbitration",
            "clerk",
            "taster",
            "time_keeper",
        ],
        Meta(examples=["judge"]),
    ]
    panel: Annotated[str, Meta(examples=["referees"])] = "referees"
    group: str = ""
    modules: Annotated[list[str], Meta(description="Empty = all.", examples=[["A"]])] = []
    seat: Annotated[str, Meta(description="Empty = the next free one.", examples=["J2"])] = ""
    interests: Annotated[
        dict[str, Any],
        Meta(
            description="What conflicts of interest are checked against.",
            examples=[{"delegations": ["MO"], "employer": "…"}],
        ),
    ] = {}


class AppointmentOut(Struct):
    id: Id
    account: Id
    label: str
    role: str
    panel: str
    group: str
    modules: list[str]
    seat: str
    ended: bool


class RecusalIn(Struct, forbid_unknown_fields=True):
    """A judge who isn't counted for these entries (回避)."""

    entries: list[Id]
    reason: Reason = ""


class ReasonIn(Struct, forbid_unknown_fields=True):
    reason: Reason = ""
