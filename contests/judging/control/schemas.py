"""What the control room shows, as its API tells it. No marks, no names of entrants."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from contests.judging.schemas import Text

Instant = Annotated[str, Meta(examples=["2024-10-10T08:15:00Z"])]

CellState = Literal[
    "",
    "open",
    "started",
    "missing",
    "stored",
    "not_countable",
    "conflict",
    "again",
    "excused",
    "panel",
]


class Cell(Struct, omit_defaults=True):
    """One judge's sheet of one work."""

    state: Annotated[
        CellState,
        Meta(
            description='"": nothing is owed. open: not handed in yet. started: the judge has begun it on a '
            "tablet and not signed it; what is in it nobody is told. missing: not handed in, though "
            "colleagues have, or this judge has gone on, or marking has ended. stored: signed and "
            "stored. not_countable: stored, but something in it is wrong. conflict: two versions, "
            "nobody has decided. again: called back, the new sheet is not there yet. excused: the "
            "work is not marked. panel: of a large panel, `stored` of `of` sheets are there."
        ),
    ] = ""
    round: Annotated[int, Meta(description="The latest round of marking of this work.")] = 1
    seq: Annotated[int, Meta(description="Place in the contest's record; 0 = none.")] = 0
    at: Annotated[str, Meta(description="When it was stored.")] = ""
    sheet: Annotated[
        str, Meta(description="Id of the sheet, where something is to be decided.")
    ] = ""
    stored: int = 0
    of: int = 0


class Column(Struct):
    """A judge, or a whole panel that is too large for a column each (then `judges` is above 1)."""

    id: Annotated[str, Meta(description="The appointment, or panel and group.")]
    seat: Annotated[str, Meta(examples=["J2"])]
    panel: Annotated[str, Meta(examples=["referees"])]
    group: str
    judges: int
    owed: int
    stored: int


class Work(Struct):
    """One row. `excused`: DNS, DNF, DSQ or void."""

    code: Annotated[str, Meta(examples=["207"])]
    attempt: int
    trial: Annotated[bool, Meta(description="Marked for practice, never counted.")]
    excused: str
    cells: Annotated[list[Cell], Meta(description="In the order of the columns.")]


class GroupOut(Struct):
    """A group of judges who mark the same aspects, for calling a work to be marked again."""

    panel: str
    group: str
    aspects: list[str]


class ModuleGrid(Struct):
    id: Annotated[str, Meta(examples=["A"])]
    title: Text
    columns: list[Column]
    works: list[Work]
    groups: list[GroupOut]


class Missing(Struct):
    """Sheets that should be there by now."""

    module: str
    seat: Annotated[str, Meta(examples=["J2"])]
    codes: Annotated[list[str], Meta(examples=[["207", "208"]])]


class Again(Struct):
    """A work that a group has been called to mark again."""

    module: str
    code: str
    attempt: int
    round: int
    panel: str
    group: str
    waiting: Annotated[list[str], Meta(description="Seats whose new sheet is not there yet.")]


class Seated(Struct):
    """A judge or leader of the contest. `pin`: none, first (still to be changed) or set."""

    account: str
    seat: str
    label: str
    role: str
    pin: Annotated[Literal["none", "first", "set", "locked"], Meta(examples=["set"])]


class Gap(Struct):
    """Numbers of a tablet's own sequence that were signed but have never arrived."""

    kid: str
    label: str
    numbers: list[int]


class Message(Struct):
    """The latest sentences between the control room and a tablet."""

    id: str
    text: str
    at: Instant
    from_tablet: bool
    read: Annotated[bool, Meta(description="Shown on the tablet, or dealt with here.")]


class TabletOut(Struct):
    """One tablet, or one judge's own browser, as it last told of itself."""

    kid: str
    label: str
    kind: Annotated[Literal["tablet", "personal", "desk"], Meta(examples=["tablet"])]
    state: Annotated[
        Literal["active", "revoked", "returned"], Meta(description="Whether its sheets are taken.")
    ]
    now: Annotated[str, Meta(description="Seat of the judge who has it in hand; empty = nobody.")]
    judges: Annotated[list[str], Meta(description="Seats that have signed in on it.")]
    seen: Annotated[str, Meta(description="Last contact; empty = never.")]
    battery: int | None
    charging: bool
    waiting: Annotated[
        int | None, Meta(description="Signed sheets that it has not sent yet; null = never told.")
    ]
    app: str
    outdated: Annotated[bool, Meta(description="It runs another version than this server has.")]
    fit: bool | None
    unfit: Annotated[list[str], Meta(description="Why it is not fit.")]
    installed: bool | None
    persisted: bool | None
    free_mb: int | None
    gaps: list[int]
    messages: list[Message]


class NoticeOut(Struct):
    """What whoever is on duty should know of the server itself: its copies, its certificate."""

    name: Annotated[str, Meta(examples=["copies"])]
    trouble: Annotated[bool, Meta(description="Somebody must do something.")]
    code: Annotated[str, Meta(examples=["copy-folder-missing"])]
    params: dict[str, str]


class Control(Struct):
    """The control room of one contest at one moment."""

    version: Annotated[str, Meta(description="Changes whenever anything below does.")]
    at: Annotated[Instant, Meta(description="The server's clock.")]
    contest: str
    code: str
    title: Text
    competition: Text
    state: Annotated[str, Meta(examples=["judging"])]
    ended: Annotated[bool, Meta(description="Marking has ended; no sheet is taken.")]
    owed: Annotated[int, Meta(description="First-round sheets that count.")]
    stored: int
    modules: list[ModuleGrid]
    missing: list[Missing]
    again: list[Again]
    gaps: list[Gap]
    conflicts: Annotated[int, Meta(description="Sheets with two versions that nobody has decided.")]
    quarantine: Annotated[int, Meta(description="Sheets kept apart that nobody has decided.")]
    tablets: list[TabletOut]
    app: Annotated[str, Meta(description="The version of the app that this server gives out.")]
    people: list[Seated]
    notices: list[NoticeOut]
