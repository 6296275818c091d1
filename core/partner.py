"""PartnerRules: what one authority of the Greater Bay Area (or beyond) brings as rules.

The rule everywhere is *propose, never grant*: a proposal is data with an authority, a source and a
status, and only the authority's own decision issues anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from core.events import ResultFacts
from core.options import Choice, Option
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
    """kind: "level", "title", "medal", "honour" or "partner". grade: level or rank of the title.
    issuer: organisation code of the body that would sign after the grant; "" when unknown.
    clause: the rule's text or place; source: where it is published. person: id of the one member
    that it is for; "" = every member of the entry. output: of kind "partner", the certificate as its
    issuer words it."""

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
    output: PartnerOutput | None = None


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


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One condition of a rule, held against one person's result. wanted: the condition in words;
    found: what is known. met None: the fact is not known, so the rule proposes nothing."""

    code: str
    wanted: Text
    found: Text
    met: bool | None


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """A whole rule held against one person's result: it proposes when every check is met.

    pack: the authority's rule pack and its version, "zhongshan 2023-1". valid_from, valid_until:
    ISO dates, "" = no end is published; the rule in force on the contest's day counts. covered_by:
    code of the rule that proposed the same before this one, "" when none did."""

    code: str
    kind: str
    grade: str
    title: Text
    authority: str
    clause: Text
    source: str
    pack: str
    valid_from: str
    valid_until: str
    person: str
    checks: tuple[RuleCheck, ...]
    covered_by: str = ""

    @property
    def proposes(self) -> bool:
        return not self.covered_by and all(check.met for check in self.checks)


@dataclass(frozen=True, slots=True)
class PrizePlan:
    """How an authority lets prizes be shared out; the organiser confirms what comes of it.

    method: "counts" (amounts are numbers of prizes), "shares" (amounts are fractions of those who
    competed) or "ratio" (amounts are parts of `cap`). merit: those within this share of the entrants
    get merit awards. Decimal strings; "" = none."""

    code: str
    title: Text
    method: str
    amounts: tuple[tuple[str, str], ...]
    clause: Text
    source: str
    valid_from: str
    valid_until: str = ""
    cap: str = ""
    merit: str = ""


@dataclass(frozen=True, slots=True)
class PartnerOutput:
    """One of the certificates that one test may lead to (一试多证), as its issuer words it.

    issuer: code of the body that decides and signs. levels: its own vocabulary, code and title, and
    never an equation with another's. occupations: codes or names; empty = those that the body names
    for itself. languages: those that its certificate is written in, in their order. fields: what the
    certificate shows, of "name", "title", "level", "awarded_on", "number" (given by the body), "scores"
    and "evidence"; the name is on every one. asks: what the organiser has to find out, because no
    published text says it. basis: "test", or "held" where it asks what somebody holds already, so that
    no contest can be recognised for it. classes: of contests; empty = any. documents: kinds of identity
    documents, one of which the person must have shown; empty = any. valid_from, valid_until: ISO dates
    of the contest, "" = no such day is published."""

    code: str
    issuer: str
    issuer_title: Text
    title: Text
    levels: tuple[Choice, ...]
    languages: tuple[str, ...]
    eligibility: Text
    fields: tuple[str, ...]
    source: str
    occupations: tuple[str, ...] = ()
    asks: Text | None = None
    basis: str = "test"
    classes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class HonourStep:
    """One body's turn on the way of an application. level: "unit", "town", "city", "province" or
    "nation". notice: the body puts the application in public notice before it may agree."""

    code: str
    title: Text
    level: str
    notice: bool = True


@dataclass(frozen=True, slots=True)
class HonourKind:
    """An honour that an authority grants.

    family: "model_worker", "medal", "technical_expert", "craftsman", "studio" or "pioneer". tier:
    "national", "provincial", "municipal", "district" or "enterprise". ordinal: 1 is the highest of its
    family. holder: "person", "unit", "team" or "studio". authority: code of the body that grants it, ""
    where many do. city: of the one that has it, "" for several. once: nobody gets it twice.
    first_named: of an event for two, only the first-named may apply. steps: whose turn it is, in order,
    on an application; none where the authority takes none."""

    code: str
    family: str
    tier: str
    ordinal: int
    title: Text
    authority: str
    authority_title: Text
    source: str
    holder: str = "person"
    city: str = ""
    once: bool = True
    first_named: bool = False
    clause: Text = field(default_factory=dict)
    steps: tuple[HonourStep, ...] = ()


AUDIENCES = ("public", "employer", "partner", "staff", "person")
"""Whoever opens a page without a log-in; an employer with a link from the holder; a partner that signs;
the organisation that keeps the record; the person concerned."""
SHOWN = ("none", "masked", "full")
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one audience may see of one field of a person's record.

    field: "name", "birth_date", "contact", "employer", or "document:" and the code of a kind. audience:
    one of AUDIENCES. shown: one of SHOWN. with_consent: what is shown once the person has agreed to it
    separately; "" where consent changes nothing. clause: the rule's words or place; source: where it
    is published."""

    field: str
    audience: str
    shown: str
    clause: Text
    source: str
    with_consent: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of a person's data may be kept after the last thing that happened.

    kind: "record" for everything of the person, or the name of the shredder that erases it ("holders",
    "matching" …). years: 0 where the published text gives no figure, so that the installation has to decide
    on one. clause: the rule's words or place; source: where it is published."""

    kind: str
    years: int
    clause: Text
    source: str


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

    def explain(self, result: ResultFacts) -> Sequence[RuleVerdict]:
        """Every rule for the contest's class, clause by clause, with or without a proposal."""
        return ()

    def contest_classes(self) -> Sequence[Choice]:
        """The classes of contests that its rules know, for `ResultFacts.contest_class`."""
        return ()

    def asked(self, contest_class: str) -> Sequence[Option]:
        """What the organiser is asked because no published text gives the figure. The answers come
        back in `ResultFacts.details` as "asked:<code of the option>"."""
        return ()

    def prizes(self, contest_class: str, held_on: str) -> PrizePlan | None:
        """How prizes are shared out in a contest of this class on this day, where a text says so."""
        return None

    def outputs(self) -> Sequence[PartnerOutput]:
        """The certificates that a contest or assessment may be recognised for. The organiser chooses
        among those that fit; whoever meets what is declared here is then proposed for each."""
        return ()

    def honours(self) -> Sequence[HonourKind]:
        """The honours that its bodies grant; a code is stored for ever."""
        return ()

    def eligibility(self, entrant: EntrantFacts) -> Sequence[Clause]:
        """Every rule that applies to this entrant, with what it comes to. The organiser decides."""
        return ()

    def never_disclosed(self) -> frozenset[str]:
        """Document kinds whose numbers must not be shown or printed, not even in part."""
        return frozenset()

    def disclosure(self) -> Sequence[Disclosure]:
        """What each audience may see of a person's record. Of several authorities that speak of the
        same field and audience, the strictest counts; nothing here shows more than the platform does."""
        return ()

    def retention(self) -> Sequence[Retention]:
        """How long data of a person is kept. Of several figures for one kind the shortest counts; nothing is
        erased by itself, it becomes due and two persons decide."""
        return ()
