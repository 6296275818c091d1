"""Gives and withdraws a holder's consents. Asked for by a certificate, they count for the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, check
from credentials.consents.tables import HolderConsent
from credentials.identifiers import understood
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

PERMISSION = "certificate.issue"
NAME, DOCUMENT = "name", "document"
WORDING: Mapping[str, tuple[int, str]] = {
    NAME: (1, "My full name may be shown to everybody who opens my certificates' pages."),
    DOCUMENT: (
        1,
        "Whoever types in the whole number of my identity document may be told whether it is mine, five"
        " times a day for each certificate. The number is never shown.",
    ),
}
"""The sentence that a holder agrees to and its number; a changed sentence gets a new number."""
LONGEST_SOURCE = 200


async def record_consent(by: Actor, public_id: str, kind: str, *, source: str) -> None:
    """What a holder agreed to on paper or in person. Twice the same changes nothing."""
    row = await _certificate(by, public_id)
    if wrong := _wrong(kind, source):
        raise Invalid(wrong)
    async with transaction():
        await give(row["person"], kind, source=source.strip(), by=by.account)
        await _noted(by, "consent.given", row, {"kind": kind, "source": source.strip()})


async def end_consent(by: Actor, public_id: str, kind: str) -> None:
    """From now on. Without one in force nothing changes."""
    row = await _certificate(by, public_id)
    async with transaction():
        if await withdraw(row["person"], kind):
            await _noted(by, "consent.withdrawn", row, {"kind": kind})


async def give(person: UUID, kind: str, *, source: str, by: UUID | None) -> bool:
    """Inside the caller's transaction, who knows that the holder agrees. False when it is in force."""
    records = await records_of(person)
    missing = [record for record in records if kind not in await _in_force(record)]
    for record in missing:
        await HolderConsent.insert(
            HolderConsent(
                id=uuid4(),
                person=record,
                kind=kind,
                wording=WORDING[kind][0],
                source=source,
                given_at=datetime.now(UTC),
                given_by=by,
            )
        )
    return bool(missing)


async def withdraw(person: UUID, kind: str) -> bool:
    """Inside the caller's transaction; whether there was one."""
    ended = (
        await HolderConsent.update({HolderConsent.withdrawn_at: datetime.now(UTC)})
        .where(
            HolderConsent.person.is_in(list(await records_of(person))),
            HolderConsent.kind == kind,
            HolderConsent.withdrawn_at.is_null(),
        )
        .returning(HolderConsent.id)
    )
    return bool(ended)


async def in_force(person: UUID) -> set[str]:
    """What counts for everything of the person: for each record, where several were joined."""
    return set.intersection(*[await _in_force(one) for one in await records_of(person)])


async def _in_force(person: UUID) -> set[str]:
    rows = await HolderConsent.select(HolderConsent.kind).where(
        HolderConsent.person == person, HolderConsent.withdrawn_at.is_null()
    )
    return {row["kind"] for row in rows}


async def consents_of(by: Actor, public_id: str) -> Sequence[dict[str, Any]]:
    """Every consent of the holder, the newest first, withdrawn ones too."""
    row = await _certificate(by, public_id)
    return list(
        await HolderConsent.select()
        .where(HolderConsent.person == row["person"])
        .order_by(HolderConsent.given_at, ascending=False)
    )


async def _certificate(by: Actor, public_id: str) -> dict[str, Any]:
    row = (
        await Certificate.select(Certificate.public_id, Certificate.issuer, Certificate.person)
        .where(Certificate.public_id == understood(public_id))
        .first()
    )
    if row is None or row["person"] is None:
        raise NotFound(kind="certificate", id=public_id)
    check(by, PERMISSION, *await issuer_scopes(row["issuer"]))
    return row


def _wrong(kind: str, source: str) -> list[Finding]:
    found = []
    if kind not in WORDING:
        params = {"kind": kind[:40], "known": ", ".join(WORDING)}
        found.append(Finding("/kind", "credentials.holder-consent-kind", params))
    if not 1 <= len(source.strip()) <= LONGEST_SOURCE or not source.isprintable():
        params = {"most": str(LONGEST_SOURCE)}
        found.append(Finding("/source", "credentials.holder-consent-source", params))
    return found


async def _noted(by: Actor, action: str, row: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    scope = (await issuer_scopes(row["issuer"]))[0]
    await audit.record(by, action, scope=scope, subject=row["public_id"], after=after)
