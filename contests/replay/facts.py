"""What a log says, as frozen values. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.scoring.codec import from_json
from core.scoring.model import EntryFacts, Finding, Penalty, Record, Rules, Scheme, Sheet


@dataclass(frozen=True, slots=True)
class Frozen:
    """The body of `rules_frozen`: all that scoring reads of a contest's configuration."""

    type: str
    type_version: int
    engine: int
    options: Mapping[str, Any]
    scheme: Scheme
    rules: Rules
    calculators: tuple[tuple[str, int], ...]
    rules_hash: str
    """Lower-case hex SHA-256 of the body's bytes."""


@dataclass(frozen=True, slots=True)
class AppointedFacts:
    """An appointment as the log names it. modules empty = all, group empty = all."""

    id: str
    role: str
    seat: str = ""
    panel: str = "referees"
    group: str = ""
    modules: tuple[str, ...] = ()
    account: str = ""
    instead_of: str = ""
    """The appointment whose judge left in the middle and whose open sheets this one takes."""


@dataclass(frozen=True, slots=True)
class LeftFacts:
    """A judge who left in the middle, and which of the declared policies the chief referee chose."""

    judge: str
    policy: str
    substitute: str = ""
    by: str = ""
    reason_hash: str = ""
    seq: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """The head revision of one slot. `sheet.entry` is the code until the codes are opened."""

    slot: str
    rid: str
    seq: int
    sheet: Sheet
    countable: bool
    findings: tuple[Finding, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round of marking that a group owes after the one before was too far apart."""

    module: str
    code: str
    attempt: int
    panel: str
    group: str
    round: int
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    role: str
    account: str
    version: int
    content_hash: str
    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class Version:
    """One `contest_closed`: results computed from the lines before it, whose end is `log_head`."""

    number: int
    results_hash: str
    rules_hash: str
    log_head: str
    seq: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a log says. `record` is None until every drawn module's codes are opened; `by_code`
    has the codes in the place of entries and exists from the first sheet."""

    contest: str
    frozen: Frozen | None
    entries: tuple[EntryFacts, ...]
    registered: Mapping[str, int]
    appointments: Mapping[str, AppointedFacts]
    ended: frozenset[str]
    devices: Mapping[str, Mapping[str, Any]]
    """kid -> public JWK, for every device whose sheet is in the log."""
    codes: Mapping[str, tuple[str, ...]]
    trial: frozenset[str]
    """Codes of works that are marked for practice and never counted."""
    opened: Mapping[str, Mapping[str, str]]
    absent: frozenset[tuple[str, str]]
    """(entry, module or "") recorded as absent."""
    recused: frozenset[tuple[str, str]]
    """(appointment, entry)."""
    sheets: tuple[StoredSheet, ...]
    by_code: Record
    record: Record | None
    rounds: tuple[RoundFacts, ...]
    """Open ones only."""
    conflicts: Mapping[str, tuple[str, ...]]
    """Slot -> rids, undecided ones only."""
    signatures: tuple[Signature, ...]
    versions: tuple[Version, ...]
    corrections: tuple[Mapping[str, Any], ...]
    awards: Mapping[int, tuple[Mapping[str, str], ...]]
    """Result version -> confirmed {rule, prize, entry}."""
    appeals: frozenset[str]
    """Open ones only."""
    interruptions: tuple[Mapping[str, Any], ...] = ()
    penalties: tuple[Penalty, ...] = ()
    left: Mapping[str, LeftFacts] = field(default_factory=dict)
    """By appointment."""
    judging_ended: str = ""
    published: str = ""
    finalised: str = ""


def rules_hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def read_frozen(body: str) -> Frozen:
    """A `rules_frozen` body."""
    data = json.loads(body)
    return Frozen(
        type=data["type"],
        type_version=data["type_version"],
        engine=data["engine"],
        options=data["options"],
        scheme=from_json(Scheme, data["scheme"]),
        rules=from_json(Rules, data["rules"]),
        calculators=tuple((name, version) for name, version in data["calculators"]),
        rules_hash=rules_hash(body),
    )


def content_hash(contest: str, version: Version) -> str:
    """What each of the four signatures binds: the results, the rules and the log behind them."""
    parts = (contest, version.number, version.results_hash, version.rules_hash, version.log_head)
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()
