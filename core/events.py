"""Facts in the past tense that packages tell each other through the outbox.

Frozen and JSON-able: strings, whole numbers, booleans, tuples and mappings of those. An event
carries ids, never a name or a document of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from core.scoring.model import Text


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a result may lead to.

    kind: "award", "level", "honour" or "partner". code: unique in the contest ("award:first").
    grade: the prize or the level ("first", "3"). title: as printed (一等奖). issuer: the code of
    the organisation that would sign it.
    """

    kind: str
    code: str
    grade: str
    title: Text
    issuer: str


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """score and maximum are decimal strings."""

    id: str
    title: Text
    score: str
    maximum: str


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What is known of one entry's result, for everybody who acts on it.

    persons: ids in the order of the team. total: decimal string. held_on, notice_until: ISO dates.
    authorities: codes of the partner rules that the contest is recognised by.
    evidence_root: base64url SHA-256 root of the entry's salted score leaves.
    """

    contest: str
    contest_code: str
    contest_title: Text
    competition: str
    competition_title: Text
    organiser: str
    occupation: str
    contest_class: str
    held_on: str
    entry: str
    persons: tuple[str, ...]
    team: Text
    group: str
    delegation: str
    rank: int | None
    entrants: int
    total: str
    modules: tuple[ModuleLine, ...]
    outputs: tuple[Output, ...]
    result_version: int
    evidence_root: str
    authorities: tuple[str, ...] = ()
    notice_until: str = ""
    correction: str = ""
    """Why this version replaces the one before; empty for the first."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Facts that partner rules may ask for; a rule whose fact is absent proposes nothing.
    delegation_city: code of the delegation's city. standard_level: "5" … "1", the level of the
    occupational standard that the contest was set at. held_level:<person id>: the level that the
    member already holds in this occupation. titles:<person id>: codes of titles already held,
    separated by spaces. employed:<person id>: "yes" where an employer is on record.
    documents:<person id>: the kinds of identity documents on record, never a number. asked:<code>:
    the organiser's answer to a question of the partner's (`PartnerRules.asked`). minimum:<code>: the
    points that the contest asks for before a partner's certificate (`PartnerOutput.code`)."""


class Event:
    """Base of every event, a frozen dataclass; the class name is its stored name."""

    __slots__ = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        other = _EVENTS.get(cls.__name__)
        if other is not None and other.__module__ != cls.__module__:
            raise TypeError(
                f"Events are stored by their name, and {cls.__name__} is one of "
                f"{other.__module__} already. Choose another name."
            )
        _EVENTS[cls.__name__] = cls


_EVENTS: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class SheetSubmitted(Event):
    contest: str
    seq: int


@dataclass(frozen=True, slots=True)
class ContestMoved(Event):
    """A contest came into another state. at: the instant, ISO."""

    contest: str
    state: str
    at: str


@dataclass(frozen=True, slots=True)
class ContestClosed(Event):
    contest: str
    result_version: int


@dataclass(frozen=True, slots=True)
class ResultSigned(Event):
    """Emitted per entry when the four signatures are complete; `issue` is true when the rules
    issue certificates at signing (`facts.notice_until` is then set)."""

    facts: ResultFacts
    issue: bool


@dataclass(frozen=True, slots=True)
class ResultPublished(Event):
    contest: str
    notice_until: str


@dataclass(frozen=True, slots=True)
class ResultFinal(Event):
    """Emitted per entry when the public notice is over; again, with a higher result version,
    for each entry whose result a later correction changed."""

    facts: ResultFacts


@dataclass(frozen=True, slots=True)
class ProposalGranted(Event):
    """An authority decided. Only this issues what an outside authority confers."""

    proposal: str
    number: str
    granted_on: str


@dataclass(frozen=True, slots=True)
class CertificateIssued(Event):
    certificate: str
    version: int


@dataclass(frozen=True, slots=True)
class CertificateRevoked(Event):
    certificate: str
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawalDue(Event):
    """The time in which a withdrawal of certificates could be taken back is over."""

    withdrawal: str


@dataclass(frozen=True, slots=True)
class NameCorrected(Event):
    """Two persons put an entrant's name right after the results were signed. issuer: the contest's
    organiser, whose certificates name the person anew."""

    contest: str
    person: str
    issuer: str


@dataclass(frozen=True, slots=True)
class CorrectionAsked(Event):
    """Somebody asked to correct a mark, and another person has not answered yet. asked_by: the account.
    results: what would be said of each entry whose result would change. days: within so many it is to
    be answered."""

    contest: str
    approval: str
    asked_by: str
    days: int
    results: tuple[ResultFacts, ...]


@dataclass(frozen=True, slots=True)
class CorrectionDecided(Event):
    """The answer. entries: those whose result version `result_version` changed; none when declined."""

    contest: str
    approval: str
    outcome: str
    result_version: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectionOverdue(Event):
    """The days are over in which a correction was to be answered."""

    approval: str


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    person: str


@dataclass(frozen=True, slots=True)
class JobAsked(Event):
    """Long work is to be done (`core/jobs`)."""

    job: str


def event_to_json(event: Event) -> str:
    """Canonical: sorted keys, no spaces, UTF-8 as it stands."""
    return msgspec.json.encode(event, order="sorted").decode("utf-8")


def event_from_json(name: str, text: str) -> Event:
    """The event called `name`. Raises LookupError for a name that no loaded package declares."""
    return _decoder(name).decode(text)


@lru_cache
def _decoder(name: str) -> msgspec.json.Decoder[Event]:
    if name not in _EVENTS:
        raise LookupError(f"No loaded package declares the event {name!r}.")
    return msgspec.json.Decoder(_EVENTS[name])
