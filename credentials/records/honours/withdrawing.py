"""Withdrawing an honour: one person asks, another one confirms, and the certificate is withdrawn with it.

It is for ever: both status lists say revoked, and the verify page says why and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Invalid, TwoPersons
from core.events import CertificateRevoked
from core.outbox import put
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials import ledger
from credentials.partners import waiting
from credentials.records import history
from credentials.records.bodies import ACTS
from credentials.records.exchange.noticing import note_honour
from credentials.records.honours import cases, collective
from credentials.records.honours.deciding import HonourState
from credentials.records.honours.entering import LONGEST_DOCUMENT
from credentials.records.honours.tables import HonourCase
from credentials.records.notices import today_in_china
from credentials.records.tables import Honour
from credentials.tables import Certificate

LONGEST_REASON = 500


async def ask_withdrawal(by: Actor, case: UUID, *, reason: str, document: str) -> None:
    """reason: shown to everybody who verifies the certificate; document: the authority's decision."""
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        found = []
        if not 0 < len(reason.strip()) <= LONGEST_REASON:
            found.append(Finding("/reason", "credentials.reason-missing"))
        if not 0 < len(document.strip()) <= LONGEST_DOCUMENT:
            params = {"most": str(LONGEST_DOCUMENT)}
            found.append(Finding("/document", "credentials.honour-document", params))
        if found:
            raise Invalid(found)
        if row["asked_at"]:
            raise HonourState()
        await _moved(
            row,
            asked_by=by.account,
            asked_at=datetime.now(UTC),
            reason=reason.strip(),
            withdrawal_document=document.strip(),
        )
        await history.note(by, row, "withdrawal_asked", note=document.strip(), why=reason.strip())
        await _audit(by, "honour.withdrawal_asked", scopes[0], row)


async def drop_withdrawal(by: Actor, case: UUID) -> None:
    """Neither asked nor confirmed any more."""
    async with transaction():
        row, scopes = await _asked(by, case)
        await _moved(row, **_NOT_ASKED)
        await history.note(by, row, "withdrawal_dropped")
        await _audit(by, "honour.withdrawal_dropped", scopes[0], row)


async def confirm_withdrawal(by: Actor, case: UUID, *, today: date | None = None) -> None:
    """By another person than asked. Raises TwoPersons."""
    async with transaction():
        row, scopes = await _asked(by, case)
        if by.account is None or by.account == row["asked_by"]:
            raise TwoPersons(permission=ACTS)
        on = (today or today_in_china()).isoformat()
        await _moved(row, state="withdrawn", withdrawn_on=on)
        await _revoke(by, row, scopes)
        await history.note(by, row, "withdrawn", note=row["withdrawal_document"], why=row["reason"])
        await note_honour(row, "withdrawn")
        await _audit(by, "honour.withdrawn", scopes[0], row)


_NOT_ASKED: dict[str, Any] = {
    "asked_by": None,
    "asked_at": None,
    "reason": "",
    "withdrawal_document": "",
}


async def _asked(by: Actor, case: UUID) -> tuple[dict[str, Any], list[Scope]]:
    row, scopes = await cases.case_for(by, case, ACTS)
    if not row["asked_at"]:
        raise HonourState()
    return row, scopes


async def _revoke(by: Actor, row: Mapping[str, Any], scopes: list[Scope]) -> None:
    if row["honour"] is None:
        check(by, "certificate.revoke", *scopes)
        await waiting.drop([collective.key_of(row)])
        if certificate := await collective.revoke(row):
            await put(CertificateRevoked(str(certificate), row["reason"]))
        return
    now = datetime.now(UTC)
    honour = await Honour.select().where(Honour.id == row["honour"]).first()
    await Honour.update({Honour.withdrawn_at: now}).where(Honour.id == row["honour"])
    if honour is None or honour["certificate"] is None:
        return
    await waiting.drop([honour["certificate"]])
    one = await Certificate.select().where(Certificate.id == honour["certificate"]).first()
    if one is None or (one["state"] == "revoked" and one["cause"] == "authority"):
        return
    check(by, "certificate.revoke", *scopes)
    await ledger.revoke(
        dict(one), cause="authority", reason=row["reason"], authority=row["authority"], now=now
    )
    await put(CertificateRevoked(str(one["id"]), row["reason"]))


async def _moved(row: Mapping[str, Any], **values: Any) -> None:
    if not await cases.move(row, ("granted",), **values):
        raise HonourState()


async def _audit(by: Actor, action: str, scope: Scope, row: Mapping[str, Any]) -> None:
    after = {"reason": row["reason"]} if row["reason"] else None
    await audit.record(by, action, scope=scope, subject=str(row["id"]), after=after)


async def withdrawals_waiting(codes: frozenset[str]) -> list[dict[str, Any]]:
    """Asked for, in the name of one of these bodies."""
    rows: list[dict[str, Any]] = await HonourCase.select().where(
        HonourCase.authority.is_in(sorted(codes) or [""]),
        HonourCase.asked_at.is_not_null(),
        HonourCase.state == "granted",
    )
    return rows
