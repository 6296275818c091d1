"""拟授: proposals made from final results, and read back when they are granted. Never a grant here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core import recognition
from core.events import ModuleLine, ResultFacts, ResultFinal, event_to_json
from core.partner import PartnerRules, ProposalDraft, RuleVerdict
from core.registry import registry
from credentials.encoding import to_text
from credentials.identifiers import NAMESPACE, certificate_key
from credentials.records.bodies import organisation_code
from credentials.records.explaining import (
    document_titles,
    stored,
    verdict_behind,
    verdicts_on,
)
from credentials.records.known import with_record
from credentials.records.recognised import stored_output
from credentials.records.tables import Honour, Proposal

KINDS = ("level", "title", "medal", "honour", "partner")


async def propose(events: Sequence[ResultFinal]) -> None:
    """What the partner authorities' rules and the contest's own outputs let somebody propose."""
    known = await _entries_known([event.facts.entry for event in events])
    for event in sorted(events, key=lambda event: event.facts.result_version):
        if event.facts.entry in known or _may_propose(event.facts):
            known.add(event.facts.entry)
            await _propose(event.facts)


async def _entries_known(entries: Sequence[str]) -> set[str]:
    """Those of the entries that have led to a proposal before."""
    rows = Proposal.select(Proposal.entry).where(Proposal.entry.is_in(list(entries)))
    return set(await rows.output(as_list=True))


def _may_propose(facts: ResultFacts) -> bool:
    """A contest that gives only its own awards, as the largest ones do, has nothing to ask about."""
    return bool(facts.authorities) or any(output.kind != "award" for output in facts.outputs)


async def _propose(facts: ResultFacts) -> None:
    if await _overtaken(facts):
        return
    known = await with_record(facts) if facts.authorities else facts
    proposed = drafts(known)
    verdicts = verdicts_on(known) if proposed else []
    rows = {row.id: row for draft in proposed for row in _rows(facts, draft, verdicts)}
    if rows:
        await Proposal.insert(*rows.values()).on_conflict(action="DO NOTHING")
    await _renew(rows.values())
    await _take_back(facts, set(rows))


async def _overtaken(facts: ResultFacts) -> bool:
    return await Proposal.exists().where(
        Proposal.entry == facts.entry, Proposal.result_version > facts.result_version
    )


def drafts(facts: ResultFacts) -> list[ProposalDraft]:
    """A partner's draft wins over the contest's own output of the same kind, grade and issuer; who
    qualifies for a level is the partner's to say wherever there is one."""
    partners = [registry().partner(code) for code in facts.authorities]
    found = [draft for partner in partners for draft in partner.proposals(facts)]
    documents = document_titles()
    found += [d for p in partners for d in recognition.drafts(p, facts, documents)]
    covered = {(draft.kind, draft.grade, draft.issuer) for draft in found}
    decided = {"award", "level"} if any(map(_proposes, partners)) else {"award"}
    listed = {output.code for partner in partners for output in partner.outputs()}
    own = [
        _of_output(facts, output)
        for output in facts.outputs
        if output.kind not in decided
        and not (output.kind == recognition.PARTNER and output.code in listed)
    ]
    return [*found, *(d for d in own if (d.kind, d.grade, d.issuer) not in covered)]


def _proposes(partner: PartnerRules) -> bool:
    """Whether its rules decide on proposals at all; some authorities bring documents alone."""
    return type(partner).proposals is not PartnerRules.proposals


def _of_output(facts: ResultFacts, output: Any) -> ProposalDraft:
    return ProposalDraft(
        kind=output.kind,
        code=output.code,
        grade=output.grade,
        title=output.title,
        authority=output.issuer,
        issuer=output.issuer,
        occupation=facts.occupation,
        clause={},
        source="",
        rules_version="",
    )


def ids_of(facts: ResultFacts, draft: ProposalDraft) -> Iterable[tuple[UUID, str]]:
    """Of the proposals that a draft makes, with the person of each."""
    for person in facts.persons:
        if draft.person in ("", person):
            parts = (facts.entry, person, draft.authority, draft.kind, draft.code, draft.grade)
            yield uuid5(NAMESPACE, "proposal|" + "|".join(parts)), person


def _rows(
    facts: ResultFacts, draft: ProposalDraft, verdicts: Sequence[RuleVerdict]
) -> Iterable[Proposal]:
    for id, person in ids_of(facts, draft):
        yield Proposal(
            id=id,
            contest=facts.contest,
            entry=facts.entry,
            person=UUID(person),
            kind=draft.kind,
            code=draft.code,
            grade=draft.grade,
            title=to_text(dict(draft.title)),
            authority=draft.authority,
            issuer=draft.issuer or organisation_code(draft.authority),
            occupation=draft.occupation,
            clause=to_text(dict(draft.clause)),
            source=draft.source,
            rules_version=draft.rules_version,
            explained=stored(verdict_behind(draft, person, verdicts)),
            output=stored_output(draft.output),
            facts=event_to_json(ResultFinal(facts)),
            result_version=facts.result_version,
            created_at=datetime.now(UTC),
        )


async def _renew(rows: Iterable[Proposal]) -> None:
    """A proposal that a correction gives again stands on the new result; one that it gives back
    is open again."""
    for row in rows:
        await Proposal.raw(
            "UPDATE proposal SET result_version = {}, facts = {}, explained = {}, state = CASE state"
            " WHEN 'withdrawn' THEN 'proposed' WHEN 'questioned' THEN 'granted' ELSE state END"
            " WHERE id = {} AND result_version < {}",
            row.result_version,
            row.facts,
            row.explained,
            row.id,
            row.result_version,
        )


async def _take_back(facts: ResultFacts, kept: set[UUID]) -> None:
    old = await Proposal.select(Proposal.id, Proposal.state).where(
        Proposal.entry == facts.entry, Proposal.result_version < facts.result_version
    )
    after = {"proposed": "withdrawn", "granted": "questioned"}
    for row in old:
        if row["id"] not in kept and row["state"] in after:
            await Proposal.update(
                {
                    Proposal.state: after[row["state"]],
                    Proposal.reason: facts.correction,
                    Proposal.result_version: facts.result_version,
                }
            ).where(Proposal.id == row["id"])


async def granted(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Those of the proposals that an authority granted, and has not withdrawn since."""
    rows = await Proposal.select().where(Proposal.id.is_in(list(ids)), Proposal.state == "granted")
    gone = await Honour.select(Honour.proposal).where(
        Honour.proposal.is_in(list(ids)), Honour.withdrawn_at.is_not_null()
    )
    withdrawn = {row["proposal"] for row in gone}
    rows = [row for row in rows if row["id"] not in withdrawn]
    for row in rows:
        row["facts"] = to_text(facts_of(row))
    return {row["id"]: row for row in rows}


def certificate_of(row: Mapping[str, Any]) -> UUID:
    """Key of the certificate that the proposal, once granted, leads to."""
    output = f"{row['kind']}:{row['code']}:{row['grade']}"
    return certificate_key(row["entry"], str(row["person"]), output, row["issuer"])


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The ResultFacts that a proposal rests on, as JSON."""
    facts: dict[str, Any] = json.loads(row["facts"])["facts"]
    return facts


def modules_of(facts: Mapping[str, Any]) -> tuple[ModuleLine, ...]:
    """Module scores, where the contest's rules disclose them."""
    if facts["details"].get("disclosure") != "modules":
        return ()
    return tuple(ModuleLine(**line) for line in facts["modules"])
