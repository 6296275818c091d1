"""Shapes of the contests' API. Numbers that decide something are decimal strings: "7.25".

The JSON of a scheme and of rules is the engine's own (`core.scoring.codec`), so that it can be
frozen, packed and recounted as it stands.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from contests.judging.schemas import Points, Text
from core.problems import ProblemFinding

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


# --- setting up -------------------------------------------------------------------------------


class CompetitionDraft(Struct, forbid_unknown_fields=True):
    """A competition (大赛): several contests and one team award."""

    organisation: Id
    code: Code
    title: Text
    held_from: Day
    held_to: Day
    place: Annotated[str, Meta(examples=["东莞"])] = ""
    authorities: Annotated[
        list[str], Meta(description="Codes of partner rules.", examples=[["CN-GD"]])
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


# --- people -----------------------------------------------------------------------------------


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

    kind: Annotated[str, Meta(examples=["cn-id"])]
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


# --- two persons ------------------------------------------------------------------------------


class ApprovalIn(Struct, forbid_unknown_fields=True):
    """A step that takes two persons: asked for by one, carried out when another agrees."""

    verb: Annotated[
        Literal[
            "draw_codes",
            "open_codes",
            "add_late_entrant",
            "record_absence",
            "use_reserve",
            "correct_mark",
        ],
        Meta(examples=["draw_codes"]),
    ]
    body: Annotated[
        dict[str, Any],
        Meta(
            description="What the step needs: draw_codes {module, codes?}, open_codes {}, "
            "record_absence {entry, reason, module?}, use_reserve {absent, reserve, reason}, "
            "add_late_entrant {members, reason, group?, delegation?, reserve?, team?}, "
            "correct_mark {module, code, judge, aspect, mark, reason, attempt?, round?}.",
            examples=[{"module": "A"}],
        ),
    ] = {}


class DecisionIn(Struct, forbid_unknown_fields=True):
    """The second person's answer."""

    approve: Annotated[bool, Meta(description="False declines.", examples=[True])]


class ApprovalOut(Struct):
    id: Id
    verb: str
    body: dict[str, Any]
    requested_by: Id
    requested_at: Moment
    decided_by: Id | None = None
    decided_at: Moment | None = None
    outcome: Annotated[str, Meta(description="approved, declined, or empty.")] = ""


class Decided(Struct):
    outcome: Annotated[str, Meta(examples=["approved"])]


# --- while it runs ----------------------------------------------------------------------------


class ClockIn(Struct, forbid_unknown_fields=True):
    """A stamp of the official clock."""

    module: ModuleId
    code: WorkCode
    stamp: Literal["start", "pause", "resume", "stop"]
    at: Annotated[str, Meta(description="ISO instant; empty = now.")] = ""
    attempt: int = 1
    reason: Reason = ""


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


# --- the end ----------------------------------------------------------------------------------


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


class UploadFinding(Struct):
    """One thing in an uploaded file. A warning stops nothing."""

    place: Annotated[
        str,
        Meta(
            description="Sheet and cell, or file and line.", examples=["Marking Scheme Import!G17"]
        ),
    ]
    code: Annotated[str, Meta(examples=["cis-mark-unreadable"])]
    severity: Literal["error", "warning"]
    message: Annotated[str, Meta(description="What is wrong and what to do.")]


class MarkCount(Struct):
    """How many aspects of a kind, and their marks."""

    count: Annotated[int, Meta(examples=[26])]
    marks: Annotated[str, Meta(examples=["24"])]
    descriptors: int | None = None


class SchemeImported(Struct):
    """What was read of a workbook. Nothing is saved: PUT `scheme` to the contest."""

    title: str
    criteria: Annotated[int, Meta(examples=[6])]
    sub_criteria: Annotated[int, Meta(examples=[36])]
    judgement: MarkCount
    measurement: MarkCount
    total: Annotated[str, Meta(description="Recomputed from the aspects.", examples=["100"])]
    typed_variation: str | None
    variation: str | None
    calculators: list[dict[str, Any]]
    findings: list[UploadFinding]
    scheme: Annotated[dict[str, Any] | None, Meta(description="Null while a finding is an error.")]


class PackageScored(Struct):
    """Standings of an uploaded package; nothing is stored. Empty while a finding is an error."""

    standings: Annotated[
        list[dict[str, Any]],
        Meta(
            examples=[
                [
                    {
                        "entry": "e1",
                        "group": "",
                        "rank": 1,
                        "total": "92.5",
                        "status": "scored",
                        "decided_by": "total",
                    }
                ]
            ]
        ),
    ]
    aspects: Annotated[
        list[dict[str, Any]],
        Meta(examples=[[{"entry": "e1", "aspect": "A1.1", "panel": "18.5", "award": "18.5"}]]),
    ]
    findings: list[UploadFinding]
