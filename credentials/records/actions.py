"""Verbs on a person's record: grant or refuse a proposal, enter an honour that was granted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.events import ProposalGranted
from core.outbox import put
from core.privacy import keyed_hash
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check
from core.tables import Person
from credentials.encoding import to_text
from credentials.handlers import CERTIFICATE_KINDS
from credentials.identifiers import NAMESPACE
from credentials.records.exchange.noticing import note_level
from credentials.records.grantable import check_grantable, enter_once, once_of
from credentials.records.honours import cases
from credentials.records.honours.catalogue import kind_of, tier_of
from credentials.records.levels.filed import NotFiled as NotFiled
from credentials.records.levels.filed import check_filed
from credentials.records.levels.numbers import LEVEL_NUMBER as LEVEL_NUMBER
from credentials.records.levels.numbers import number_findings
from credentials.records.notices import today_in_china
from credentials.records.proposals import certificate_of
from credentials.records.recognised import state_level, stated_findings
from credentials.records.tables import HeldLevel, Honour, Proposal
from credentials.scopes import issuer_scopes

HONOUR_KINDS = ("craftsman", "model_worker", "technical_expert", "medal", "other")


class ProposalDecided(Conflict):
    slug = "proposal-decided"
    title = "Proposal {id} is {state} already."


async def grant_proposal(
    by: Actor,
    proposal: UUID,
    *,
    number: str = "",
    level: str = "",
    granted_on: str,
    valid_until: datetime | None = None,
) -> None:
    """The authority confers what was proposed; its certificate follows by itself.

    `by` needs a grant on the issuer. A skill level needs its certificate number and an issuer that
    is filed for it on the day of the grant and today. level: of a partner's certificate, in its
    issuer's own vocabulary, where it has one."""
    async with transaction():
        await confer(
            by,
            proposal,
            number=number,
            level=level,
            granted_on=granted_on,
            valid_until=valid_until,
        )


async def confer(
    by: Actor,
    proposal: UUID,
    *,
    number: str = "",
    level: str = "",
    granted_on: str,
    valid_until: datetime | None = None,
    today: date | None = None,
) -> None:
    """`grant_proposal` inside the caller's transaction. Raises NotReady for what is still on its way."""
    row, scope = await _open_proposal(by, proposal)
    _check_grant(row, number, level, granted_on)
    if row["kind"] == "level":
        await check_filed(row, granted_on, today or today_in_china())
    await check_grantable(row, today)
    await _decide(row, by, "granted", granted_on=granted_on, valid_until=valid_until)
    await state_level(row, level)
    await _enter_record(by, row, number, granted_on)
    await put(ProposalGranted(str(proposal), number, granted_on))
    await audit.record(by, "proposal.grant", scope=scope, subject=str(proposal))


async def refuse_proposal(by: Actor, proposal: UUID, *, reason: str) -> None:
    async with transaction():
        await refuse(by, proposal, reason=reason)


async def refuse(by: Actor, proposal: UUID, *, reason: str) -> None:
    """The same inside the caller's transaction."""
    row, scope = await _open_proposal(by, proposal)
    await _decide(row, by, "refused", reason=reason)
    await audit.record(by, "proposal.refuse", scope=scope, subject=str(proposal), after=reason)


async def _open_proposal(by: Actor, proposal: UUID) -> tuple[dict[str, Any], Scope]:
    row = await Proposal.select().where(Proposal.id == proposal).first()
    if row is None:
        raise NotFound(kind="proposal", id=proposal)
    scopes = await issuer_scopes(row["issuer"])
    check(by, "proposal.grant", *scopes)
    return dict(row), scopes[0]


def _check_grant(row: Mapping[str, Any], number: str, level: str, granted_on: str) -> None:
    findings = number_findings(number, row["grade"]) if row["kind"] == "level" else []
    findings += stated_findings(row, number=number, level=level)
    if not _is_date(granted_on):
        findings.append(Finding("/granted_on", "credentials.date", {"value": granted_on[:40]}))
    if findings:
        raise Invalid(findings)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


async def _decide(
    row: Mapping[str, Any],
    by: Actor,
    state: str,
    *,
    reason: str = "",
    granted_on: str = "",
    valid_until: datetime | None = None,
) -> None:
    moved = await Proposal.raw(
        "UPDATE proposal SET state = {}, reason = {}, granted_on = {}, valid_until = {},"
        " decided_by = {}, decided_at = {} WHERE id = {} AND state = 'proposed' RETURNING id",
        state,
        reason,
        granted_on,
        valid_until,
        by.account,
        datetime.now(UTC),
        row["id"],
    )
    if not moved:
        raise ProposalDecided(id=row["id"], state=row["state"])


async def _enter_record(by: Actor, row: Mapping[str, Any], number: str, granted_on: str) -> None:
    certificate = certificate_of(row)
    if CERTIFICATE_KINDS[row["kind"]] == "honour":
        honour = _honour(row, granted_on, certificate)
        await enter_once(honour)
        await cases.note_granted(by, row, honour)
    elif row["kind"] == "level":
        await _enter_level(row, number, granted_on, certificate)


def _honour(row: Mapping[str, Any], granted_on: str, certificate: UUID) -> Honour:
    return Honour(
        id=uuid5(NAMESPACE, f"honour|{row['id']}"),
        person=row["person"],
        kind=_honour_kind(row),
        code=row["code"],
        once=once_of(row["code"]),
        grade=row["grade"] or tier_of(row["code"]),
        title=row["title"],
        authority=row["authority"],
        granted_on=granted_on,
        source=row["source"],
        certificate=certificate,
        proposal=row["id"],
        created_at=datetime.now(UTC),
    )


def _honour_kind(row: Mapping[str, Any]) -> str:
    if row["kind"] == "medal":
        return "medal"
    known = kind_of(row["code"])
    if known:
        return known.family if known.family in HONOUR_KINDS else "other"
    code = row["code"].replace("-", "_")
    return next((kind for kind in HONOUR_KINDS if kind in code), "other")


async def _enter_level(
    row: Mapping[str, Any], number: str, granted_on: str, certificate: UUID
) -> None:
    number_hash = keyed_hash("level certificate number", number)
    inserted = (
        await HeldLevel.insert(
            HeldLevel(
                id=uuid5(NAMESPACE, f"level|{number_hash}"),
                person=row["person"],
                occupation=row["occupation"],
                level=row["grade"],
                title=row["title"],
                issuer=row["issuer"],
                number_hash=number_hash,
                number=number,
                granted_on=granted_on,
                source=row["source"],
                certificate=certificate,
                proposal=row["id"],
                created_at=datetime.now(UTC),
            )
        )
        .on_conflict(action="DO NOTHING")
        .returning(HeldLevel.id)
    )
    if not inserted:
        raise Invalid([Finding("/number", "credentials.number-taken", {"number": number})])
    await note_level({"id": inserted[0]["id"], "keeper": "", "issuer": row["issuer"]}, "granted")


# --- honours that were granted elsewhere -------------------------------------------------------


async def record_honour(
    by: Actor,
    person: UUID,
    *,
    kind: str,
    code: str,
    grade: str,
    title: Text,
    authority: str,
    authority_title: Text,
    granted_on: str,
    source: str,
    disclosed: bool,
) -> UUID:
    """Enters a craftsman's or model worker's honour into a person's record, with its source.

    `disclosed`: the authority lets the verify page show it."""
    check(by, "proposal.grant", *await issuer_scopes(authority))
    findings = []
    if kind not in HONOUR_KINDS:
        known = {"known": ", ".join(HONOUR_KINDS)}
        findings.append(Finding("/kind", "credentials.unknown-honour", known))
    if not source.strip():
        findings.append(Finding("/source", "credentials.source-missing"))
    if not _is_date(granted_on):
        findings.append(Finding("/granted_on", "credentials.date", {"value": granted_on[:40]}))
    if findings:
        raise Invalid(findings)
    async with transaction():
        scopes = await issuer_scopes(authority)
        await _check_person(person)
        id = uuid5(NAMESPACE, f"honour|{person}|{authority}|{code}|{granted_on}")
        row = Honour(
            id=id,
            person=person,
            kind=kind,
            code=code,
            once=once_of(code),
            grade=grade,
            title=to_text(dict(title)),
            authority=authority,
            authority_title=to_text(dict(authority_title)),
            granted_on=granted_on,
            source=source,
            disclosed=disclosed,
            created_at=datetime.now(UTC),
        )
        if not await Honour.exists().where(Honour.id == id):
            await enter_once(row)
        await cases.note_recorded(by, row, keeper=authority)
        await audit.record(by, "honour.record", scope=scopes[0], subject=str(id))
    return id


async def _check_person(person: UUID) -> None:
    if not await Person.exists().where(Person.id == person):
        raise NotFound(kind="person", id=person)
