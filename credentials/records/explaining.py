"""Why something was proposed, or was not: each partner's rules clause by clause.

What was found when a proposal was made is kept with it; what a person has come to hold since does not
change the explanation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from core import recognition
from core.errors import NotFound
from core.events import ResultFacts
from core.partner import PartnerOutput, ProposalDraft, RuleCheck, RuleVerdict
from core.registry import registry
from core.scoring.model import Text
from core.web.i18n import LANGUAGES, pick, show_list, translate
from credentials.encoding import to_text
from credentials.records.known import with_records
from credentials.records.messages import DECLARED, NAMED_PRIZE
from credentials.records.recognised import output_in
from credentials.records.tables import Proposal


@dataclass(frozen=True, slots=True)
class Explanation:
    """verdict None: a partner proposed it that does not explain its rules. output: of kind partner, the
    certificate as its issuer worded it then."""

    proposal: UUID
    person: UUID
    title: Text
    authority: str
    authority_title: Text
    state: str
    clause: Text
    source: str
    verdict: RuleVerdict | None
    output: PartnerOutput | None


def verdicts_on(facts: ResultFacts) -> list[RuleVerdict]:
    """Of every partner that recognises the contest; facts as `with_record` returns them."""
    documents = document_titles()
    return [
        verdict
        for partner in map(registry().partner, facts.authorities)
        for verdict in (
            *partner.explain(facts),
            *recognition.verdicts(partner, facts, documents),
        )
    ]


def document_titles() -> dict[str, Text]:
    """Of every kind of identity document that some partner knows."""
    return {kind.code: kind.title for p in registry().partners() for kind in p.documents()}


async def verdicts_now(entries: Sequence[ResultFacts]) -> list[list[RuleVerdict]]:
    """The same of many, in their order, with what the record says today."""
    return [verdicts_on(facts) for facts in await with_records(entries)]


def verdict_behind(
    draft: ProposalDraft, person: str, verdicts: Sequence[RuleVerdict]
) -> RuleVerdict | None:
    return next(
        (v for v in verdicts if v.proposes and (v.code, v.person) == (draft.code, person)), None
    )


def stored(verdict: RuleVerdict | None) -> str:
    return to_text(asdict(verdict)) if verdict else ""


def verdict_in(text: str) -> RuleVerdict | None:
    if not text:
        return None
    fields = json.loads(text)
    checks = tuple(RuleCheck(**check) for check in fields.pop("checks"))
    return RuleVerdict(**fields, checks=checks)


async def explained(proposal: UUID) -> Explanation:
    """Raises NotFound."""
    row = await Proposal.select().where(Proposal.id == proposal).first()
    if row is None:
        raise NotFound(kind="proposal", id=proposal)
    return explanation_of(row)


def explanation_of(row: Mapping[str, Any]) -> Explanation:
    kept = verdict_in(row["explained"])
    verdict = kept or (None if row["source"] else _declared(row))
    return Explanation(
        proposal=row["id"],
        person=row["person"],
        title=json.loads(row["title"]),
        authority=row["authority"],
        authority_title=authority_title(row["authority"]),
        state=row["state"],
        clause=verdict.clause if verdict else json.loads(row["clause"]),
        source=verdict.source if verdict else row["source"],
        verdict=verdict,
        output=output_in(row["output"]),
    )


def _declared(row: Mapping[str, Any]) -> RuleVerdict:
    """What the contest's own regulations give to a prize; no partner's rule was asked."""
    facts = json.loads(row["facts"])["facts"]
    won = [output["title"] for output in facts["outputs"] if output["kind"] == "award"]
    found = {
        language: show_list([pick(t, language) for t in won], language) for language in LANGUAGES
    }
    return RuleVerdict(
        code=row["code"],
        kind=row["kind"],
        grade=row["grade"],
        title=json.loads(row["title"]),
        authority=row["authority"],
        clause={language: translate(DECLARED, language) for language in LANGUAGES},
        source=facts["contest_code"],
        pack=facts["contest_code"],
        valid_from="",
        valid_until="",
        person=str(row["person"]),
        checks=(
            RuleCheck(
                "prize",
                {language: translate(NAMED_PRIZE, language) for language in LANGUAGES},
                found,
                met=bool(won),
            ),
        ),
    )


def authority_title(code: str) -> Text:
    """As a partner names the body; its code where none does."""
    for partner in registry().partners():
        issuers = {output.issuer: output.issuer_title for output in partner.outputs()}
        if found := partner.authorities().get(code) or issuers.get(code):
            return found
    return {"en": code, "zh-Hans": code, "zh-Hant": code, "pt": code}


def as_json(one: Explanation, language: str) -> dict[str, Any]:
    """For the API and the command line, in one language."""
    verdict = one.verdict
    return {
        "proposal": str(one.proposal),
        "title": pick(one.title, language),
        "authority": pick(one.authority_title, language),
        "state": one.state,
        "clause": pick(one.clause, language),
        "source": one.source,
        "levels": [
            {"code": level.code, "title": pick(level.title, language)}
            for level in (one.output.levels if one.output else ())
        ],
        "pack": verdict.pack if verdict else "",
        "valid_from": verdict.valid_from if verdict else "",
        "valid_until": verdict.valid_until if verdict else "",
        "checks": [
            {
                "code": check.code,
                "wanted": pick(check.wanted, language),
                "found": pick(check.found, language),
                "met": check.met,
            }
            for check in (verdict.checks if verdict else ())
        ],
    }
