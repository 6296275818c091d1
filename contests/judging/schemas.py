"""What the tablet and the server say to each other. Points are decimal strings, never numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from core.problems import ProblemFinding

Text = Annotated[
    dict[str, str],
    Meta(
        description="One name in several languages.",
        examples=[
            {
                "zh-Hans": "中式面点制作",
                "zh-Hant": "中式麵點製作",
                "en": "Chinese pastry",
                "pt": "Pastelaria chinesa",
            }
        ],
    ),
]
Points = Annotated[
    str,
    Meta(
        description="A decimal number as text: ASCII digits, one point, at most three decimals.",
        examples=["7.5"],
    ),
]
Jws = Annotated[
    str,
    Meta(
        description=(
            "A signed revision of one sheet: compact JWS, ES256, header {alg, kid, typ: "
            '"jiangxin-sheet+jwt"}. Payload: rid, contest, module, code, attempt, round, judge '
            "(appointment), sheet, base, prev, seq, marks, rules, at, app. rid: a new UUID. judge and "
            "sheet: `appointment` and `sheet` of the pack. base: the rid that this one changes, or "
            '"". seq: 1, 2, 3 … of this key. prev: base64url of the SHA-256 of its previous JWS, or '
            '"". marks: by aspect {value: "7.5"}, {raw: "12.3"}, {defects: [{code, points}]} or '
            '{outcome: "missing"}, each with a note if need be. rules: `rules_hash` of the pack. at: '
            "ISO instant in UTC. If need be: about (by aspect {unsure, photos, file}, files by their "
            "SHA-256), confirmed (taps or pin), scribe (account), countersign {judge, reason} (a "
            "leader's appointment), swap (rid of the other half). The whole shape is in "
            "docs/schemas/revision.json."
        ),
        examples=["eyJhbGciOiJFUzI1NiIsImtpZCI6IkJ1…"],
    ),
]


class ChoiceView(Struct):
    """One answer of a choice."""

    code: Annotated[str, Meta(examples=["straight"])]
    title: Text


class DefectView(Struct):
    """One line of a deduction table; what it may cost is positive."""

    code: Annotated[str, Meta(examples=["crack"])]
    title: Text
    minimum: Points
    maximum: Points
    step: Points
    repeatable: bool


class CalculationView(Struct):
    """What turns the raw value into points, so that the tablet can show them without a network."""

    name: Annotated[str, Meta(examples=["TOLERANCE_BANDS"])]
    version: int
    parameters: dict[str, Any]
    maximum: Points


class ColumnView(Struct):
    """One of several values that are typed beside one another."""

    code: Annotated[str, Meta(examples=["hits"])]
    title: Text


class InstrumentView(Struct):
    """The instrument whose file gives the value."""

    code: Annotated[str, Meta(examples=["plc_log"])]
    title: Text
    suffixes: list[str]
    limit: Annotated[int, Meta(description="Most bytes that it reads.")]


class AspectView(Struct):
    """One thing to be marked and how a finger enters it."""

    id: Annotated[str, Meta(examples=["A1.2"])]
    kind: Annotated[str, Meta(examples=["points"])]
    title: Text
    widget: Annotated[
        Literal[
            "levels",
            "grid",
            "number",
            "count",
            "choice",
            "pass",
            "defects",
            "given",
            "stopwatch",
            "clock",
            "file",
        ],
        Meta(description="The control to show.", examples=["grid"]),
    ]
    entry: Annotated[
        Literal["levels", "grid", "number", "count", "choice", "pass", "defects", "given"],
        Meta(description="The control for the value itself, beside a file.", examples=["grid"]),
    ]
    minimum: Points
    maximum: Points
    step: Points
    range: Annotated[str, Meta(description="What to print beside the title.", examples=["0–20"])]
    worth: Annotated[Points, Meta(description="The aspect's maximum in points.")] = "0"
    decimals: Annotated[
        int | None, Meta(description="Decimals of the award; null = it stays exact.")
    ] = 2
    resolution: Annotated[
        Points, Meta(description="How finely a stop-watch is read, in seconds.", examples=["0.01"])
    ] = "0.01"
    unit: str = ""
    requirement: str = ""
    descriptors: list[Text] = []
    choices: list[ChoiceView] = []
    columns: list[ColumnView] = []
    defects: list[DefectView] = []
    calculation: CalculationView | None = None
    instrument: InstrumentView | None = None


class HeadView(Struct):
    """The revision of a sheet that counts now."""

    rid: str
    seq: Annotated[int, Meta(description="Its place in the contest's record.")]
    marks: dict[str, Any]
    countable: bool = True


class WorkView(Struct):
    """One work to be marked, known by its code alone."""

    code: Annotated[str, Meta(examples=["07"])]
    sheet: Annotated[str, Meta(description="Id of the sheet, to be named in the revision.")]
    attempt: int
    round: int
    state: Annotated[
        Literal["open", "signed", "not_countable", "conflict"], Meta(examples=["open"])
    ]
    aspects: Annotated[
        list[str], Meta(description="Only these aspects are owed; empty = all of the module.")
    ] = []
    head: HeadView | None = None
    trial: Annotated[bool, Meta(description="Marked for practice, never counted.")] = False


class ModuleView(Struct):
    """A module as far as this judge marks it."""

    id: Annotated[str, Meta(examples=["A"])]
    title: Text
    blind: bool
    aspects: list[AspectView]


class PartView(Struct):
    """One module that this judge marks under one appointment."""

    id: str
    appointment: Annotated[str, Meta(description="The `judge` of every revision signed for it.")]
    seat: Annotated[str, Meta(examples=["J2"])]
    panel: Annotated[str, Meta(examples=["referees"])]
    module: ModuleView
    codes: list[WorkView]


class PackContest(Struct):
    """The contest that the pack is of."""

    id: str
    code: Annotated[str, Meta(examples=["gba4-pastry"])]
    title: Text
    competition: Text
    state: Annotated[str, Meta(examples=["judging"])]
    ended: Annotated[bool, Meta(description="Marks are locked; the contest isn't closed yet.")]


class Pack(Struct):
    """Everything that a tablet needs to mark a contest without a network."""

    contest: PackContest
    rules_hash: Annotated[str, Meta(description="To be named in every revision.")]
    receipt_key: Annotated[
        dict[str, str], Meta(description="Public JWK that receipts are signed with.")
    ]
    parts: list[PartView]
    lock: Annotated[
        Literal["entry", "round", "session"],
        Meta(description="From when a signed sheet needs a leader's countersignature."),
    ] = "session"


class EnrolRequest(Struct, forbid_unknown_fields=True):
    """The public half of a key that never leaves the tablet."""

    jwk: Annotated[
        dict[str, str],
        Meta(
            description="Public EC key, curve P-256.",
            examples=[{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2…", "y": "x_FEzRu9…"}],
        ),
    ]
    label: Annotated[str, Meta(max_length=80, examples=["Tablet 3"])] = ""


class Enrolled(Struct):
    """The key is enrolled (again, when it already was)."""

    kid: Annotated[
        str,
        Meta(
            description="Goes into every revision's header: base64url of the first 8 bytes of "
            "the JWK thumbprint.",
            examples=["Bu8vGXoYz1E"],
        ),
    ]


class DeviceOut(Struct):
    """An enrolled key and the end of its chain of revisions."""

    kid: Annotated[str, Meta(examples=["Bu8vGXoYz1E"])]
    label: str
    last_seq: int
    last_hash: str
    revoked: bool


class GroupSheet(Struct):
    """One colleague's sheet."""

    seat: Annotated[str, Meta(examples=["J3"])]
    sheet: str
    state: str
    marks: dict[str, Any]


class RevisionsRequest(Struct, forbid_unknown_fields=True):
    """Signed revisions, in the order in which they were signed."""

    revisions: Annotated[list[Jws], Meta(min_length=1, max_length=50)]


class AnswerOut(Struct):
    """What became of one revision. It is stored in every case: nothing is dropped."""

    rid: Annotated[str, Meta(description="Empty when the bytes could not be read.")]
    answer: Annotated[
        Literal["accepted", "duplicate", "conflict", "late", "held", "quarantined"],
        Meta(examples=["accepted"]),
    ]
    seq: Annotated[int, Meta(description="Place in the contest's record; 0 = none.", examples=[17])]
    hash: Annotated[str, Meta(description="Hash of the record's entry.")]
    receipt: Annotated[
        str, Meta(description="Compact JWS by the installation: proof of what was received.")
    ]
    countable: Annotated[bool, Meta(description="Whether the stored sheet counts as it is.")]
    reason: Annotated[
        str, Meta(description="Slug of a refusal; empty when all is well.", examples=[""])
    ]
    findings: list[ProblemFinding]
    message: Annotated[str, Meta(examples=["Stored as No. 17 in the record."])]


class RevisionsAnswer(Struct):
    """One answer for each revision, in the order given."""

    answers: list[AnswerOut]
