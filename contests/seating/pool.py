"""The judges' pool: who may be drawn, with which qualification, until when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import competition_row, competition_scopes, json_text, moment
from contests.entering.shredding import ImportShredder
from contests.seating.sealing import FACTS, match_hash, open_facts, sealed_facts
from contests.seating.tables import Interest, PoolJudge
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Scope, check

LEVELS = ("", "city", "provincial", "national")
LONGEST = 120
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class PoolDraft:
    """One judge before being in the pool. valid_until: ISO date or empty. delegations: codes."""

    name: str
    number: str = ""
    qualification: str = ""
    level: str = ""
    valid_until: str = ""
    trades: tuple[str, ...] = ()
    employer: str = ""
    school: str = ""
    trainer: str = ""
    studio: str = ""
    phone: str = ""
    mail: str = ""
    delegations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    leads: bool = False

    def facts(self) -> dict[str, str]:
        return {name: str(getattr(self, name)).strip() for name in FACTS}


async def add_to_pool(
    by: Actor,
    competition: UUID,
    rows: Sequence[PoolDraft],
    *,
    everywhere: bool = False,
    now: datetime | None = None,
) -> list[UUID]:
    """All of them, or none: Invalid lists every finding of every row ("/3/valid_until").
    everywhere: for every competition of the organisation, not for this one alone."""
    scopes = await competition_scopes(competition)
    check(by, "competition.configure", *([scopes[-1]] if everywhere else scopes))
    organisation = (await competition_row(competition))["organisation"]
    findings = [f for i, row in enumerate(rows) for f in _under(f"/{i}", draft_findings(row))]
    if not 1 <= len(rows) <= MOST_ROWS:
        params = {"value": str(len(rows)), "maximum": str(MOST_ROWS)}
        findings.append(Finding("", "number-out-of-range", params))
    async with transaction():
        known = await _known(organisation, competition)
        for place, row in enumerate(rows):
            twin = match_hash(row.facts())
            if row.name.strip() and twin in known:
                params = {"name": row.name.strip()[:40], "row": known[twin]}
                findings.append(Finding(f"/{place}/name", "pool-judge-twice", params))
            known.setdefault(twin, str(place + 1))
        if findings:
            raise Invalid(findings)
        made = [
            await add_row(row, organisation, None if everywhere else competition, moment(now))
            for row in rows
        ]
        scope = Scope("competition", str(competition))
        await audit.record(by, "add_to_pool", scope=scope, after={"count": len(made)})
    return made


async def change_in_pool(by: Actor, competition: UUID, judge: UUID, draft: PoolDraft) -> None:
    """Replaces what is known of a judge."""
    await _may_change(by, competition, judge)
    findings = list(draft_findings(draft))
    async with transaction():
        organisation = (await competition_row(competition))["organisation"]
        twin = match_hash(draft.facts())
        if draft.name.strip() and twin in await _known(organisation, competition, but=judge):
            params = {"name": draft.name.strip()[:40], "row": "—"}
            findings.append(Finding("/name", "pool-judge-twice", params))
        if findings:
            raise Invalid(findings)
        await change_row(judge, draft)
        scope = Scope("competition", str(competition))
        await audit.record(by, "change_in_pool", scope=scope, subject=str(judge))


async def remove_from_pool(
    by: Actor, competition: UUID, judge: UUID, *, now: datetime | None = None
) -> None:
    """Is drawn no more; what is known stays until it is erased, so that it can be taken back."""
    await _may_change(by, competition, judge)
    async with transaction():
        await PoolJudge.update({PoolJudge.removed_at: moment(now)}).where(PoolJudge.id == judge)
        scope = Scope("competition", str(competition))
        await audit.record(by, "remove_from_pool", scope=scope, subject=str(judge))


async def return_to_pool(by: Actor, competition: UUID, judge: UUID) -> None:
    """Takes the removal back."""
    await _may_change(by, competition, judge)
    async with transaction():
        await PoolJudge.update({PoolJudge.removed_at: None}).where(PoolJudge.id == judge)
        scope = Scope("competition", str(competition))
        await audit.record(by, "return_to_pool", scope=scope, subject=str(judge))


async def erase_from_pool(by: Actor, competition: UUID, judge: UUID) -> None:
    """Destroys the keys of everything personal that the pool holds of a judge, and of the files that
    named the judge."""
    await _may_change(by, competition, judge)
    async with transaction():
        emptied: dict[Any, Any] = {
            PoolJudge.wrapped_key: None,
            PoolJudge.sealed_facts: None,
            PoolJudge.match_hash: "",
            PoolJudge.removed_at: moment(None),
        }
        await PoolJudge.update(emptied).where(PoolJudge.id == judge)
        words: dict[Any, Any] = {Interest.wrapped_key: None, Interest.sealed_value: None}
        await Interest.update(words).where(Interest.judge == judge)
        await ImportShredder().shred(str(judge))
        scope = Scope("competition", str(competition))
        await audit.record(by, "erase_from_pool", scope=scope, subject=str(judge))


async def add_row(
    draft: PoolDraft, organisation: UUID, competition: UUID | None, at: datetime
) -> UUID:
    """Inside a transaction, checked by the caller. competition None: for all of the organisation's."""
    judge = uuid4()
    values = {column._meta.name: value for column, value in _values(judge, draft).items()}
    await PoolJudge.insert(
        PoolJudge(
            id=judge, organisation=organisation, competition=competition, created_at=at, **values
        )
    )
    return judge


async def change_row(judge: UUID, draft: PoolDraft) -> None:
    """Inside a transaction, checked by the caller."""
    await PoolJudge.update(_values(judge, draft)).where(PoolJudge.id == judge)


def draft_of(row: Mapping[str, Any]) -> PoolDraft:
    """What is known of a judge (a row of the pool), as it was given."""
    return PoolDraft(
        **open_facts(row),
        qualification=row["qualification"],
        level=row["level"],
        valid_until=row["valid_until"],
        trades=tuple(json.loads(row["trades"])),
        delegations=tuple(json.loads(row["delegations"])),
        languages=tuple(json.loads(row["languages"])),
        leads=row["leads"],
    )


async def pool_rows(competition: UUID) -> list[dict[str, Any]]:
    """Those of the competition and of its organisation, who were not removed."""
    _, organisation = await competition_scopes(competition)
    return (
        await PoolJudge.select()
        .where(
            PoolJudge.organisation == UUID(organisation.id),
            PoolJudge.competition.is_null() | (PoolJudge.competition == competition),
            PoolJudge.removed_at.is_null(),
        )
        .order_by(PoolJudge.created_at, PoolJudge.id)
    )


def draft_findings(draft: PoolDraft) -> Sequence[Finding]:
    """Everything wrong with one row; the pool itself is not asked."""
    findings = []
    if not draft.name.strip():
        findings.append(Finding("/name", "name-missing", {}))
    for name, value in draft.facts().items():
        if len(value) > LONGEST:
            findings.append(Finding(f"/{name}", "text-too-long", {"limit": str(LONGEST)}))
    for name in ("qualification", "trades", "delegations", "languages"):
        value = getattr(draft, name)
        if len(value if isinstance(value, str) else ", ".join(value)) > LONGEST:
            findings.append(Finding(f"/{name}", "text-too-long", {"limit": str(LONGEST)}))
    if draft.level not in LEVELS:
        params = {"value": draft.level[:40], "known": ", ".join(LEVELS[1:])}
        findings.append(Finding("/level", "unknown-value", params))
    if draft.valid_until:
        try:
            date.fromisoformat(draft.valid_until)
        except ValueError:
            params = {"value": draft.valid_until[:40]}
            findings.append(Finding("/valid_until", "date-malformed", params))
    return findings


def _values(judge: UUID, draft: PoolDraft) -> dict[Any, Any]:
    facts = draft.facts()
    wrapped, sealed = sealed_facts(judge, facts)
    return {
        PoolJudge.wrapped_key: wrapped,
        PoolJudge.sealed_facts: sealed,
        PoolJudge.match_hash: match_hash(facts),
        PoolJudge.trades: json_text(list(draft.trades)),
        PoolJudge.qualification: draft.qualification.strip(),
        PoolJudge.level: draft.level,
        PoolJudge.valid_until: draft.valid_until,
        PoolJudge.leads: draft.leads,
        PoolJudge.delegations: json_text(list(draft.delegations)),
        PoolJudge.languages: json_text(list(draft.languages)),
    }


async def _known(
    organisation: UUID, competition: UUID, *, but: UUID | None = None
) -> dict[str, str]:
    rows = await PoolJudge.select(PoolJudge.id, PoolJudge.match_hash).where(
        PoolJudge.organisation == organisation,
        PoolJudge.competition.is_null() | (PoolJudge.competition == competition),
        PoolJudge.removed_at.is_null(),
    )
    return {row["match_hash"]: "—" for row in rows if row["id"] != but}


async def judge_row(competition: UUID, judge: UUID) -> dict[str, Any]:
    """Raises NotFound for somebody of another competition's pool."""
    organisation = (await competition_row(competition))["organisation"]
    row = (
        await PoolJudge.select()
        .where(
            PoolJudge.id == judge,
            PoolJudge.organisation == organisation,
            PoolJudge.competition.is_null() | (PoolJudge.competition == competition),
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="judge", id=judge)
    return row


async def _may_change(by: Actor, competition: UUID, judge: UUID) -> None:
    scopes = await competition_scopes(competition)
    check(by, "competition.configure", *scopes)
    row = await judge_row(competition, judge)
    if row["competition"] is None:  # everybody's: whoever may change it everywhere
        check(by, "competition.configure", scopes[-1])


def name_of(row: dict[str, Any]) -> str:
    return open_facts(row)["name"]


def _under(pointer: str, findings: Sequence[Finding]) -> list[Finding]:
    return [Finding(pointer + f.pointer, f.code, f.params) for f in findings]
