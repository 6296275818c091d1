"""What a package holds: the shape of `contest.json` and the columns of each table.

docs/package.md explains it to whoever writes one; docs/schemas/ is generated from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contests.chain import LogLine
from core.scoring.model import Finding, Record, Results, Rules, Scheme, Text

FORMAT = "jiangxin-package"
VERSION = 1

CONTEST, SCHEME, RULES, RESULTS = "contest.json", "scheme.json", "rules.json", "results.json"
LOG, SUMS = "log.jsonl", "SHA256SUMS"
LOAN, PICTURES = "loan.json", "pictures.zip"
"""Only in the package of a contest that is lent to a venue or comes back from one (contests/lending)."""
ENTRANTS, JUDGES, MARKS = "entrants.csv", "judges.csv", "marks.csv"
PENALTIES, TIMINGS, STATUSES = "penalties.csv", "timings.csv", "statuses.csv"
RULINGS, PLACES, VOTES, IDENTITIES = "rulings.csv", "places.csv", "votes.csv", "identities.csv"
VACANT = "vacant.csv"
REQUIRED = (CONTEST, SCHEME, RULES, ENTRANTS)


@dataclass(frozen=True, slots=True)
class TypeReference:
    """The contest type that checks the sheets and brings its own calculators."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    code: str
    title: Text
    id: str = ""
    organiser: str = ""
    """The code of the organisation that holds it."""
    organiser_title: Text = field(default_factory=dict)
    held_from: str = ""
    held_to: str = ""
    place: str = ""
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    code: str
    title: Text
    city: str = ""
    id: str = ""
    """As the log names it."""


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The number of entries and the last one's hash."""

    length: int
    head: str


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """`contest.json`. `home`: the installation that may append to the log. `source`: where the
    data comes from and under which licence, when it is not the exporting installation's own."""

    format: str
    version: int
    code: str
    title: Text
    type: TypeReference
    id: str = ""
    state: str = "draft"
    competition: CompetitionFacts | None = None
    delegations: tuple[DelegationFacts, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    registered: Mapping[str, int] = field(default_factory=dict)
    result_version: int = 0
    rules_hash: str = ""
    log: LogEnd | None = None
    home: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class StoredResults:
    """`results.json`: one computed version and what it was computed from."""

    version: int
    rules_hash: str
    log_head: str
    results: Results


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    judge: str
    seat: str = ""
    role: str = "judge"
    panel: str = "referees"
    group: str = ""
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One line of `identities.csv`, which only an export with identities has."""

    entry: str
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class Package:
    """Everything in a package that could be read without a finding."""

    contest: ContestFacts
    scheme: Scheme
    rules: Rules
    record: Record
    judges: tuple[JudgeFacts, ...] = ()
    members: tuple[MemberFacts, ...] = ()
    log: tuple[LogLine, ...] = ()
    results: StoredResults | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """kind: "text" (stripped), "words" (as they stand), "points", "count", "flag", "list", "status", "scope", "defects" or "raw"."""

    name: str
    help: str
    kind: str = "text"
    required: bool = False
    default: str = ""


_ENTRY = Column("entry", "the entry's id", required=True)
_MODULE = Column("module", "a module's id of scheme.json", required=True)
_ATTEMPT = Column("attempt", "counted from 1", "count", default="1")

TABLES: Mapping[str, tuple[Column, ...]] = {
    ENTRANTS: (
        _ENTRY,
        Column("group", "entries of different groups rank apart"),
        Column("delegation", "a delegation's code"),
        Column("trial", "marked for practice, never counted", "flag"),
        Column("reserve", "takes the place of an absent entry, or none", "flag"),
    ),
    JUDGES: (
        Column("judge", "the judge's id, as in marks.csv", required=True),
        Column("seat", "how the papers name this judge: J1, J2 …"),
        Column("role", "judge, group_leader, chief_referee …", default="judge"),
        Column("panel", "a panel's id of scheme.json", default="referees"),
        Column("group", "a marking group; empty = all"),
        Column("modules", "module ids, separated by semicolons; empty = all", "list"),
    ),
    MARKS: (
        _ENTRY,
        _MODULE,
        Column("aspect", "an aspect's id of scheme.json", required=True),
        Column("judge", "the judge's id (one line for a group's agreed value)", required=True),
        Column("panel", "the panel that the judge sat on", default="referees"),
        _ATTEMPT,
        Column("round", "counted from 1; the last accepted one counts", "count", default="1"),
        Column("value", "points, or the score of a judgement", "points"),
        Column("raw", "a measured value, true or false, or a choice", "raw"),
        Column("outcome", "instead of a value: missing or void", "status"),
        Column("defects", "code:points pairs, separated by semicolons; - = none found", "defects"),
        Column("note", "the judge's remark", "words"),
        Column("source", "of a given value", "words"),
        Column("set_aside", "why this sheet is kept but not counted: recusal, trial …"),
    ),
    PENALTIES: (
        Column("id", "the penalty's id", required=True),
        _ENTRY,
        Column("scope", "warning, points, module, project or disqualify", "scope", required=True),
        Column("module", "a module's id; empty = the total"),
        Column("points", "taken off, positive", "points"),
        Column("reason", "in words, or the hash of the words", "words"),
    ),
    TIMINGS: (
        _ENTRY,
        _MODULE,
        _ATTEMPT,
        Column("gross", "whole seconds on the official clock", "count", required=True),
        Column("compensation", "whole seconds not counted", "count", default="0"),
    ),
    STATUSES: (
        _ENTRY,
        Column("module", "a module's id; empty = the whole contest"),
        Column("status", "DNS, DNF, DSQ or void", "status", required=True),
    ),
    RULINGS: (_ENTRY, _MODULE, Column("attempt", "the one that counts", "count", required=True)),
    PLACES: (
        Column("entries", "tied entries, best first, separated by semicolons", "list", True),
        Column("reason", "of the chief referee's ruling", "words"),
    ),
    VOTES: (
        Column("panel", "a voting panel", required=True),
        _ENTRY,
        Column("votes", "how many", "count", required=True),
    ),
    VACANT: (
        Column(
            "judges",
            "who sat in the seat, in order, separated by semicolons; the last one left in the middle",
            "list",
            True,
        ),
        _MODULE,
        Column("aspects", "what the seat would have marked, separated by semicolons", "list", True),
    ),
    IDENTITIES: (
        _ENTRY,
        Column("position", "in the team, counted from 1", "count", default="1"),
        Column("name", "as printed on the certificate", required=True),
    ),
}

KNOWN = (CONTEST, SCHEME, RULES, *TABLES, LOG, RESULTS, LOAN, PICTURES, SUMS)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a package. `package` is None while there are findings; `notes` are
    oddities that stop nothing (a number in full-width digits, a file that nobody asked for)."""

    package: Package | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    lines: Mapping[tuple[Any, ...], int] = field(default_factory=dict)
    """(entry, module, judge, panel, attempt, round, aspect) -> line of marks.csv."""
