"""Competitions, contests and contest types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Text
from contests.schemas.common import Code, Day, Id, Moment
from core.problems import ProblemFinding


class CompetitionDraft(Struct, forbid_unknown_fields=True):
    """A competition (大赛): several contests and one team award."""

    organisation: Id
    code: Code
    title: Text
    held_from: Day
    held_to: Day
    place: Annotated[str, Meta(examples=["东莞"])] = ""
    authorities: Annotated[
        list[str], Meta(description="Codes of partner rules.", examples=[["guangdong"]])
    ] = []
    team_rule: Annotated[
        dict[str, Any] | None, Meta(description="TeamRule as in a contest package.")
    ] = None
    demonstration: bool = False


class CompetitionOut(Struct):
    """A competition and its contests in short."""

    id: Id
    organisation: Id
    code: Code
    title: Text
    held_from: Day
    held_to: Day
    place: str
    authorities: list[str]
    demonstration: bool
    contests: list[ContestLine] = []


class ContestLine(Struct):
    """A contest in a list."""

    id: Id
    code: Code
    title: Text
    state: Annotated[str, Meta(examples=["judging"])]
    type_code: Annotated[str, Meta(examples=["cooking"])]
    type_version: int


class ContestDraft(Struct, forbid_unknown_fields=True):
    """A contest out of a contest type and the organiser's answers to its options."""

    code: Code
    title: Text
    type_code: Annotated[str, Meta(examples=["panel"])]
    type_version: Annotated[
        int | None, Meta(description="Null = the newest that is installed.")
    ] = None
    options: Annotated[
        dict[str, Any],
        Meta(
            description="By option code; the rest stay at their defaults.", examples=[{"judges": 5}]
        ),
    ] = {}
    facts: Annotated[
        dict[str, Any],
        Meta(
            description="occupation, contest_class, held_on, organiser (issuer code), outputs …",
            examples=[{"occupation": "4-03-02-01", "organiser": "gba-unions"}],
        ),
    ] = {}


class ContestOut(Struct):
    """A contest as its organiser sees it. The ETag of the answer is `revision`."""

    id: Id
    competition: Id
    code: Code
    title: Text
    state: Annotated[str, Meta(examples=["draft"])]
    type_code: str
    type_version: int
    options: dict[str, Any]
    facts: dict[str, Any]
    scheme: Annotated[
        dict[str, Any], Meta(description="The draft, or what was frozen when marking started.")
    ]
    rules: dict[str, Any]
    rules_hash: Annotated[str, Meta(description="Empty until marking starts.")]
    revision: int
    entries: int
    result_version: int
    notice_until: Moment | None = None
    next_step: Annotated[
        str, Meta(description="The one thing to do now.", examples=["draw_codes"])
    ] = ""
    unmet: Annotated[
        list[ProblemFinding], Meta(description="What still stands in the way of the next step.")
    ] = []
    warnings: Annotated[
        list[ProblemFinding], Meta(description="Conflicts of interest that do not block.")
    ] = []
    shared_duties: Annotated[
        list[list[str]],
        Meta(
            description="Of a small contest: the duties that one person holds, a list a person.",
            examples=[[["chief_referee", "group_leader"]]],
        ),
    ] = []


class OptionOut(Struct):
    """One question of a contest type."""

    code: str
    kind: Literal["int", "decimal", "bool", "text", "choice", "table"]
    title: Text
    default: Any
    help: Text = {}
    choices: list[ChoiceOut] = []
    minimum: str | None = None
    maximum: str | None = None
    columns: list[OptionOut] = []
    required: bool = False
    first: Annotated[bool, Meta(description='Asked at once; the others stand under "more".')] = (
        False
    )
    when: Annotated[
        dict[str, list[str]],
        Meta(
            description="Asked only while that option has one of these values.",
            examples=[{"prize_method": ["counts"]}],
        ),
    ] = {}


class ChoiceOut(Struct):
    code: str
    title: Text


class TemplateOut(Struct):
    """Ready answers for a well-known contest of the type."""

    code: str
    title: Text
    options: dict[str, Any]


class ContestTypeOut(Struct):
    """A contest type that a plugin brought."""

    code: Annotated[str, Meta(examples=["cooking"])]
    version: int
    title: Text
    summary: Text
    options: list[OptionOut]
    templates: list[TemplateOut]
    instruments: Annotated[
        list[str], Meta(description="Files that become measured marks.", examples=[["checkpoints"]])
    ]


class TypeMissingOut(Struct):
    """A plugin that could not be loaded; its contests answer 503 until it is installed."""

    name: str
    reason: str


class ContestTypes(Struct):
    items: list[ContestTypeOut]
    disabled: list[TypeMissingOut]
