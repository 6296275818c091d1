"""One PartnerRules for each of the three regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from plugins import (
    Choice,
    City,
    Clause,
    Disclosure,
    DocumentKind,
    EntrantFacts,
    Finding,
    HonourKind,
    Option,
    PartnerOutput,
    PartnerRules,
    PrizePlan,
    ProposalDraft,
    ResultFacts,
    Retention,
    RuleVerdict,
    Text,
    text,
)
from plugins.greater_bay_area import cities, disclosure, documents, retention
from plugins.greater_bay_area.eligibility import clauses
from plugins.greater_bay_area.honours import HONOURS
from plugins.greater_bay_area.packs import HONG_KONG, MACAO, MAINLAND
from plugins.greater_bay_area.packs.model import Pack
from plugins.greater_bay_area.packs.names import AUTHORITIES
from plugins.greater_bay_area.proposals import explanations, proposals


class _BayArea(PartnerRules):
    kinds: ClassVar[tuple[DocumentKind, ...]] = ()
    packs: ClassVar[tuple[Pack, ...]] = ()
    disclosed: ClassVar[tuple[Disclosure, ...]] = ()
    kept: ClassVar[tuple[Retention, ...]] = ()

    def explain(self, result: ResultFacts) -> Sequence[RuleVerdict]:
        return explanations(self.packs, result)

    def contest_classes(self) -> Sequence[Choice]:
        return [one for pack in self.packs for one in pack.classes]

    def asked(self, contest_class: str) -> Sequence[Option]:
        return [one for pack in self.packs for one in pack.asks.get(contest_class, ())]

    def prizes(self, contest_class: str, held_on: str) -> PrizePlan | None:
        plans = [plan for pack in self.packs for plan in pack.prizes.get(contest_class, ())]
        return next((plan for plan in plans if _holds(plan, held_on)), None)

    def outputs(self) -> Sequence[PartnerOutput]:
        return [one for pack in self.packs for one in pack.outputs]

    def documents(self) -> Sequence[DocumentKind]:
        return self.kinds

    def normalise_document(self, kind: str, number: str) -> str:
        return documents.normalise(kind, number)

    def check_document(self, kind: str, number: str) -> list[Finding]:
        return documents.check(kind, number, self.kinds)

    def never_disclosed(self) -> frozenset[str]:
        """Hong Kong's Code of Practice on the Identity Card Number (2.7, 2.8): number and name are
        never shown together, nor issued in any altered form. A Hong Kong entrant may compete
        anywhere, so all three rules say it."""
        return frozenset({documents.HKID.code})

    def disclosure(self) -> Sequence[Disclosure]:
        return self.disclosed

    def retention(self) -> Sequence[Retention]:
        return self.kept


class Guangdong(_BayArea):
    """Mainland entrants, and the levels, titles and medals that Guangdong's bodies decide on."""

    code = "guangdong"
    packs = MAINLAND
    disclosed = disclosure.GUANGDONG
    kept = retention.GUANGDONG
    title = text("广东省", "廣東省", "Guangdong Province", "Província de Guangdong")
    languages = ("zh-Hans",)
    kinds = (documents.MAINLAND_ID, documents.HOME_RETURN_PERMIT, documents.RESIDENCE_PERMIT)

    def cities(self) -> Sequence[City]:
        return cities.GUANGDONG

    def authorities(self) -> Mapping[str, Text]:
        return AUTHORITIES

    def proposals(self, result: ResultFacts) -> list[ProposalDraft]:
        return proposals(self.packs, result)

    def honours(self) -> Sequence[HonourKind]:
        return HONOURS

    def eligibility(self, entrant: EntrantFacts) -> Sequence[Clause]:
        return clauses(entrant)


class HongKong(_BayArea):
    """No text found lets a contest result alone lead to a Hong Kong qualification, and no official
    equation of Qualifications Framework levels with mainland levels exists: nothing is proposed but
    what a test is recognised for."""

    code = "hong_kong"
    version = HONG_KONG.version
    packs = (HONG_KONG,)
    disclosed = disclosure.HONG_KONG
    kept = retention.HONG_KONG
    title = text("香港特别行政区", "香港特別行政區", "Hong Kong SAR", "RAE de Hong Kong")
    languages = ("zh-Hant", "en")
    kinds = (documents.HKID, documents.HOME_RETURN_PERMIT, documents.RESIDENCE_PERMIT)

    def cities(self) -> Sequence[City]:
        return cities.HONG_KONG


class Macao(_BayArea):
    """Macao's proofs of vocational skills come from an assessment, not from a contest result:
    nothing is proposed but what a test is recognised for."""

    code = "macao"
    version = MACAO.version
    packs = (MACAO,)
    disclosed = disclosure.MACAO
    kept = retention.MACAO
    title = text("澳门特别行政区", "澳門特別行政區", "Macao SAR", "RAE de Macau")
    languages = ("zh-Hant", "pt")
    kinds = (documents.BIR, documents.HOME_RETURN_PERMIT, documents.RESIDENCE_PERMIT)

    def cities(self) -> Sequence[City]:
        return cities.MACAO


def _holds(plan: PrizePlan, day: str) -> bool:
    return (
        bool(day) and plan.valid_from <= day and (not plan.valid_until or day <= plan.valid_until)
    )
