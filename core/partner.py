"""PartnerRules: what one authority of the Greater Bay Area (or beyond) brings as rules.

The rule everywhere is *propose, never grant*: a proposal is data with an authority, a source and a
status, and only the authority's own decision issues anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.events import ResultFacts
from core.scoring.model import Finding, Text


@dataclass(frozen=True, slots=True)
class City:
    """code: GB/T 2260 (six digits) on the mainland and for Hong Kong 810000, Macao 820000."""

    code: str
    title: Text
    region: str
    """"CN", "HK" or "MO"."""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """An identity document that entrants of this authority may show.

    certain False: the format has no public check, so a deviation is a warning, not an error.
    """

    code: str
    title: Text
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """kind: "level", "title", "medal" or "honour". grade: level or rank of the title.
    issuer: organisation code of the body that would sign after the grant; "" when unknown.
    clause: the rule's text or place; source: where it is published. person: id of the one member
    that it is for; "" = every member of the entry."""

    kind: str
    code: str
    grade: str
    title: Text
    authority: str
    issuer: str
    occupation: str
    clause: Text
    source: str
    rules_version: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class EntrantFacts:
    """What rules of eligibility may ask about one person who wants to enter. "" or None: not known.

    titles: what the person holds, in the words that were given. dates: ISO, e.g. "1990-01-31".
    documents: the kinds that were shown, without numbers."""

    contest_class: str = ""
    occupation: str = ""
    held_on: str = ""
    group: str = ""
    delegation_city: str = ""
    birth_date: str = ""
    held_level: str = ""
    titles: Sequence[str] = ()
    documents: Sequence[str] = ()
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of eligibility, held against one person. verdict: "met", "not_met", "unknown" (a fact
    is missing) or "note" (nothing is refused, but somebody should know)."""

    code: str
    clause: Text
    source: str
    verdict: str


class PartnerRules:
    """Subclass this in a plugin and return an instance from the hook `partner_rules`."""

    code: ClassVar[str]
    version: ClassVar[str] = "1"
    title: ClassVar[Text]
    languages: ClassVar[tuple[str, ...]] = ("zh-Hans",)

    def cities(self) -> Sequence[City]:
        return ()

    def documents(self) -> Sequence[DocumentKind]:
        return ()

    def normalise_document(self, kind: str, number: str) -> str:
        """The spelling that is compared and hashed (upper case, no brackets or spaces)."""
        return "".join(c for c in number.upper() if c.isalnum())

    def check_document(self, kind: str, number: str) -> list[Finding]:
        """Findings with pointer "/number" (or "/kind" when unknown); code ending in
        "-warning" when it is only unusual."""
        return []

    def authorities(self) -> Mapping[str, Text]:
        """Names of the bodies that `ProposalDraft.authority` may name."""
        return {}

    def proposals(self, result: ResultFacts) -> list[ProposalDraft]:
        """What this authority's rules let somebody propose from one final result."""
        return []

    def eligibility(self, entrant: EntrantFacts) -> Sequence[Clause]:
        """Every rule that applies to this entrant, with what it comes to. The organiser decides."""
        return ()

    def never_disclosed(self) -> frozenset[str]:
        """Document kinds whose numbers must not be shown or printed, not even in part."""
        return frozenset()
