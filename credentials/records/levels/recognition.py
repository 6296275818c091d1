"""Direct recognition (直接采认): who holds one authority's proof is proposed for another authority's certificate.

Partner rules say for which (outputs whose `basis` is "held"). Nothing is granted here, and no level of one
authority is turned into a level of another: the deciding authority states its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from core import audit
from core.db import transaction
from core.errors import Invalid
from core.events import ResultFacts, ResultFinal, event_to_json
from core.options import Choice, text
from core.partner import PartnerOutput, PartnerRules, RuleCheck, RuleVerdict
from core.privacy import names_of
from core.recognition import PARTNER, titled
from core.registry import registry
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, check
from credentials.claims import printed
from credentials.encoding import to_text
from credentials.identifiers import NAMESPACE
from credentials.records.bodies import ACTS, READS, codes_for, organisation_code
from credentials.records.explaining import Explanation, explanation_of, stored
from credentials.records.honours.entering import evidence_findings
from credentials.records.levels.holding import day_findings
from credentials.records.notices import today_in_china
from credentials.records.people import Who, findings_of, person_of
from credentials.records.recognised import output_in, stored_output
from credentials.records.tables import Proposal
from credentials.scopes import issuer_scopes

HELD = "held"
LONGEST, MOST = 120, 200
_NOT_BEFORE = text("没有提名过或授予过", "沒有提名過或授予過", "neither proposed nor granted before", "nem proposto nem concedido antes")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """As it was typed. body: code of the organisation that enters it; output: code of what is proposed; level:
    of the proof, in its own vocabulary; issuer, number, granted_on: of the proof."""

    body: str
    who: Who
    output: str
    level: str
    issuer: str
    number: str
    granted_on: str
    link: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """row: of Proposal. may_decide: the reader acts for its authority."""

    row: Mapping[str, Any]
    name: str
    about: Explanation
    output: PartnerOutput | None
    may_decide: bool


def offered() -> list[tuple[PartnerRules, PartnerOutput]]:
    """What somebody may be proposed for because of what he holds."""
    return [
        (rules, output)
        for rules in registry().partners()
        for output in rules.outputs()
        if output.basis == HELD
    ]


async def propose_recognition(by: Actor, entry: Entry, today: date | None = None) -> UUID:
    """The proposal, with its explanation. Raises Invalid with everything that is wrong."""
    scopes = await issuer_scopes(entry.body)
    check(by, ACTS, *scopes)
    found = next((one for one in offered() if one[1].code == entry.output), None)
    wrong = _findings(entry, found, today or today_in_china())
    if wrong or found is None:
        raise Invalid(wrong)
    rules, output = found
    async with transaction():
        person = await person_of(entry.who)
        before = await _before(person, output)
        row = _row(entry, person, rules, output, before)
        made = (
            await Proposal.insert(Proposal(**row))
            .on_conflict(action="DO NOTHING")
            .returning(Proposal.id)
        )
        if not made:  # somebody else proposed the same in this moment
            raise Invalid([_on_its_way(output, row["created_at"])])
        told = {"code": output.code, "authority": output.issuer}
        await audit.record(
            by, "recognition.proposed", scope=scopes[0], subject=str(row["id"]), after=told
        )
    return UUID(str(row["id"]))


async def recognitions_for(by: Actor) -> list[Listed]:
    """Those that the bodies of `by` entered or decide on, the newest first."""
    codes = await codes_for(by, READS)
    query = Proposal.select().where(Proposal.contest == "", Proposal.entry.like(f"{HELD}:%"))
    if codes is not None:
        own: Any = Proposal.issuer.is_in(sorted(codes) or [""])
        for code in sorted(codes):
            own = own | Proposal.entry.like(f"{HELD}:{code}:%")
        query = query.where(own)
    rows = await query.order_by(Proposal.created_at, ascending=False).limit(MOST)
    names = await names_of({row["person"] for row in rows})
    acting = {
        code: by.may(ACTS, *await issuer_scopes(code)) for code in {r["issuer"] for r in rows}
    }
    return [
        Listed(
            row,
            names.get(row["person"], ""),
            explanation_of(row),
            output_in(row["output"]),
            acting[row["issuer"]] and row["state"] == "proposed",
        )
        for row in rows
    ]


async def _before(person: UUID, output: PartnerOutput) -> int:
    """How many were refused. Raises Invalid where one is on its way or granted."""
    rows = await Proposal.select(Proposal.state, Proposal.created_at).where(
        Proposal.person.is_in(list(await records_of(person))),
        Proposal.kind == PARTNER,
        Proposal.code == output.code,
    )
    for row in rows:
        if row["state"] in ("proposed", "granted", "questioned"):
            raise Invalid([_on_its_way(output, row["created_at"])])
    return len(rows)


def _on_its_way(output: PartnerOutput, at: datetime) -> Finding:
    params = {"title": printed(output.title), "day": f"{at:%Y-%m-%d}"}
    return Finding("/output", "credentials.recognition-before", params)


def _findings(
    entry: Entry, found: tuple[PartnerRules, PartnerOutput] | None, today: date
) -> list[Finding]:
    wrong = findings_of(entry.who)
    if found is None:
        wrong.append(Finding("/output", "credentials.recognition-unknown", {}))
    elif _level(found[1], entry.level) is None:
        known = " · ".join(printed(one.title) for one in found[1].levels)
        wrong.append(Finding("/level", "credentials.recognition-level", {"known": known}))
    for name, typed in (("issuer", entry.issuer), ("number", entry.number)):
        if not 0 < len(typed.strip()) <= LONGEST or not typed.strip().isprintable():
            wrong.append(Finding(f"/{name}", "filing-text", {"most": str(LONGEST)}))
    wrong += day_findings(entry.granted_on, today)
    return wrong + evidence_findings(entry.link, entry.hash)


def _level(output: PartnerOutput, code: str) -> Choice | None:
    return next((one for one in output.levels if one.code == code), None)


def _row(
    entry: Entry, person: UUID, rules: PartnerRules, output: PartnerOutput, before: int
) -> dict[str, Any]:
    verdict = _verdict(entry, person, rules, output)
    facts = _facts(entry, person, output)
    return {
        "id": uuid5(NAMESPACE, f"proposal|{HELD}|{person}|{output.code}|{before}"),
        "contest": "",
        "entry": facts.entry,
        "person": person,
        "kind": PARTNER,
        "code": output.code,
        "grade": "",
        "title": to_text(dict(verdict.title)),
        "authority": output.issuer,
        "issuer": organisation_code(output.issuer),
        "clause": to_text(dict(output.eligibility)),
        "source": output.source,
        "rules_version": verdict.pack,
        "explained": stored(verdict),
        "output": stored_output(output),
        "facts": event_to_json(ResultFinal(facts)),
        "created_at": datetime.now(UTC),
    }


def _verdict(entry: Entry, person: UUID, rules: PartnerRules, output: PartnerOutput) -> RuleVerdict:
    return RuleVerdict(
        code=output.code,
        kind=PARTNER,
        grade="",
        title=titled(output, ""),
        authority=output.issuer,
        clause=output.eligibility,
        source=output.source,
        pack=f"{rules.code} {rules.version}",
        valid_from=output.valid_from,
        valid_until=output.valid_until,
        person=str(person),
        checks=(_proof(entry, output), RuleCheck("not_before", _NOT_BEFORE, _NOT_BEFORE, True)),
    )


def _proof(entry: Entry, output: PartnerOutput) -> RuleCheck:
    """What the proof says, in every language, beside what the rule asks for."""
    level = _level(output, entry.level)
    said = [entry.issuer.strip(), entry.number.strip(), entry.granted_on]
    found = {
        language: " · ".join([words, *said]) for language, words in (level.title if level else {}).items()
    }  # fmt: skip
    return RuleCheck("proof", output.eligibility, found, True)


def _facts(entry: Entry, person: UUID, output: PartnerOutput) -> ResultFacts:
    """A certificate that rests on no contest: what it says is its own title."""
    return ResultFacts(
        contest="",
        contest_code=output.code,
        contest_title={},
        competition="",
        competition_title={},
        organiser=entry.body,
        occupation="",
        contest_class="",
        held_on="",
        entry=f"{HELD}:{entry.body}:{uuid4()}",
        persons=(str(person),),
        team={},
        group="",
        delegation="",
        rank=None,
        entrants=0,
        total="",
        modules=(),
        outputs=(),
        result_version=1,
        evidence_root="",
    )
