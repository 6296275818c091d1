"""Verbs around a partner who signs elsewhere: enrol its key, record consent, send a batch, take it back.

No private key of a partner ever passes here: only public halves, unsigned bytes and signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from core import audit, disclosure
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials import keyring
from credentials.actions import issuer_keys
from credentials.encoding import to_json
from credentials.identifiers import NAMESPACE
from credentials.issuing import Wanted
from credentials.keys import kid_of
from credentials.partners import returning, sending, waiting
from credentials.partners.batch import (
    BatchRefused,
    read_enrolment,
    read_signed,
)
from credentials.partners.fields import FIELDS, NAME
from credentials.partners.tables import PartnerBatch, PartnerConsent, UnsignedCertificate
from credentials.scopes import issuer_scopes
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE

AT_ONCE = 2000
"""Certificates of one batch."""


class SignsHere(Conflict):
    slug = "signs-here"
    title = (
        "Issuer {issuer} signs here. Enrol its own key first, if it is to sign on its own machine."
    )


class NothingToSign(Conflict):
    slug = "nothing-to-sign"
    title = "Nothing is ready to be signed by {issuer}: {waiting} wait for a consent that covers the name."


class KeyKnown(Conflict):
    slug = "key-known"
    title = "Key {kid} is enrolled already."


class NotSignable(Conflict):
    slug = "batch-not-signable"
    title = "Batch {batch} is {state}; it can't be taken back. Make a new one."


class FileRefused(Conflict):
    slug = "file-refused"
    title = "The file can't be used: {reason}"


# --- who signs elsewhere -----------------------------------------------------------------------


async def enrol_partner(by: Actor, file: str, now: datetime | None = None) -> str:
    """Takes the public key of a partner who proved that it has the private one. The first is in use at
    once, a later one like every key after 24 hours. Its kid."""
    now = now or datetime.now(UTC)
    try:
        found = read_enrolment(file.strip())
    except BatchRefused as error:
        raise FileRefused(reason=str(error)) from None
    kid = kid_of(found.jwk)
    async with transaction():
        scope = await issuer_keys(by, found.issuer, now)
        if await SigningKey.exists().where(SigningKey.kid == kid):
            raise KeyKnown(kid=kid)
        first = not await SigningKey.exists().where(*_certificate_keys(found.issuer))
        await SigningKey.insert(
            SigningKey(
                id=uuid4(),
                issuer=found.issuer,
                purpose=CERTIFICATE,
                kid=kid,
                public_jwk=to_json(found.jwk).decode(),
                state="active" if first else "pre_published",
                place=keyring.PARTNER,
                published_at=now,
                activated_at=now if first else None,
            )
        )
        await audit.record(by, "partner.enrol", scope=scope[0], subject=kid)
    keyring.forget_trust_store()
    return kid


def _certificate_keys(issuer: str) -> list[Any]:
    active = SigningKey.state == "active"
    return [SigningKey.issuer == issuer, SigningKey.purpose == CERTIFICATE, active]


async def consent(
    by: Actor, waiting_id: UUID, fields: Sequence[str], *, source: str, now: datetime | None = None
) -> None:
    """Records what the person of a waiting certificate lets its issuer have, and where that consent is
    kept. Another consent takes the place of this one."""
    _known_fields(fields, source)
    async with transaction():
        row = await UnsignedCertificate.select().where(UnsignedCertificate.id == waiting_id).first()
        if row is None:
            raise NotFound(kind="waiting certificate", id=waiting_id)
        scope = await _may(by, row["issuer"])
        id = uuid5(NAMESPACE, f"consent|{row['person']}|{row['issuer']}")
        await PartnerConsent.delete().where(PartnerConsent.id == id)
        await PartnerConsent.insert(
            PartnerConsent(
                id=id,
                person=row["person"],
                issuer=row["issuer"],
                fields=",".join(fields),
                source=source,
                given_at=now or datetime.now(UTC),
            )
        )
        about = {"fields": list(fields), "source": source}
        await audit.record(
            by, "partner.consent", scope=scope[0], subject=str(row["id"]), after=about
        )


def _known_fields(fields: Sequence[str], source: str) -> None:
    known = ", ".join(FIELDS)
    findings = [
        Finding("/fields", "credentials.consent-field", {"given": field, "known": known})
        for field in fields
        if field not in FIELDS
    ]
    if not source.strip():
        findings.append(Finding("/source", "credentials.consent-source"))
    if findings:
        raise Invalid(findings)


async def withdraw_consent(by: Actor, waiting_id: UUID) -> None:
    """What has not left yet stays here."""
    async with transaction():
        row = await UnsignedCertificate.select().where(UnsignedCertificate.id == waiting_id).first()
        if row is None:
            raise NotFound(kind="waiting certificate", id=waiting_id)
        scope = await _may(by, row["issuer"])
        await PartnerConsent.update({PartnerConsent.withdrawn_at: datetime.now(UTC)}).where(
            PartnerConsent.person == row["person"], PartnerConsent.issuer == row["issuer"]
        )
        await audit.record(by, "partner.consent.withdraw", scope=scope[0], subject=str(row["id"]))


async def _may(by: Actor, issuer: str) -> list[Scope]:
    scopes = await issuer_scopes(issuer)
    check(by, "certificate.issue", *scopes)
    return scopes


async def waiting_for(by: Actor, issuer: str) -> list[dict[str, Any]]:
    """Certificates that the issuer has still to sign: id, person, fields consented to, batch."""
    await _may(by, issuer)
    rows = await UnsignedCertificate.select().where(
        UnsignedCertificate.issuer == issuer,
        UnsignedCertificate.batch.is_null() | (UnsignedCertificate.batch != waiting.SETTLED),
    )
    fields = await _consents(issuer)
    return [
        {
            "id": row["id"],
            "person": row["person"],
            "title": waiting.wanted_in(row, Wanted).conferred.title,
            "fields": fields.get(row["person"], ()),
            "batch": row["batch"],
        }
        for row in sorted(rows, key=lambda row: str(row["id"]))
    ]


async def _consents(issuer: str) -> dict[UUID, tuple[str, ...]]:
    rows = await PartnerConsent.select().where(
        PartnerConsent.issuer == issuer, PartnerConsent.withdrawn_at.is_null()
    )
    return {row["person"]: tuple(filter(None, row["fields"].split(","))) for row in rows}


# --- out ---------------------------------------------------------------------------------------


async def send_batch(by: Actor, issuer: str, now: datetime | None = None) -> bytes:
    """The unsigned batch of what waits and is consented to: only those fields leave."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    async with transaction():
        scope = await _may(by, issuer)
        kid = await keyring.outside_key(issuer)
        if kid is None:
            raise SignsHere(issuer=issuer)
        rows, missing = await _ready(issuer)
        due = await sending.still_due(rows)
        if not due:
            raise NothingToSign(issuer=issuer, waiting=missing)
        batch, file = await sending.written(issuer, kid, due, now)
        await PartnerBatch.insert(sending.batch_row(batch, file, issuer, kid, now))
        await audit.record(
            by, "partner.send", scope=scope[0], subject=str(batch.batch), after=len(due)
        )
    return file


async def _ready(issuer: str) -> tuple[list[tuple[dict[str, Any], tuple[str, ...]]], int]:
    """Those that a consent covers, with it; how many lack one."""
    rows = (
        await UnsignedCertificate.select()
        .where(UnsignedCertificate.issuer == issuer, UnsignedCertificate.batch.is_null())
        .order_by(UnsignedCertificate.id)
    )
    fields = await _consents(issuer)
    found = [(dict(row), fields.get(row["person"], ())) for row in rows]
    covered = [(row, consented) for row, consented in found if _named(consented)]
    return covered[:AT_ONCE], len(found) - len(covered)


def _named(consented: Sequence[str]) -> bool:
    """Whether the name may leave for a partner: the person agreed, and every authority's policy lets a
    partner see it then."""
    agreed = NAME in consented
    return agreed and disclosure.level(NAME, "partner", consents=consented) == "full"


# --- back --------------------------------------------------------------------------------------


async def take_signed(by: Actor, data: bytes, now: datetime | None = None) -> tuple[int, int]:
    """Takes a signed batch into the ledger: how many, and how many something newer has overtaken or
    their holders had erased. Whole or not at all: raises Invalid with everything that is not, byte for
    byte, what was asked for."""
    now = now or datetime.now(UTC)
    try:
        id, returned = read_signed(data)
    except BatchRefused as error:
        raise FileRefused(reason=str(error)) from None
    async with transaction():
        batch, scope = await _open_batch(by, id)
        rows = await UnsignedCertificate.select().where(UnsignedCertificate.batch == id)
        taken = await returning.checked(batch, rows, returned)
        stored = await returning.store(taken, batch)
        await waiting.settle(stored)
        await _wait_again(id)
        await PartnerBatch.update({PartnerBatch.returned_at: now}).where(PartnerBatch.id == id)
        await audit.record(by, "partner.take", scope=scope[0], subject=str(id), after=len(stored))
    return len(stored), int(batch["size"]) - len(stored)


async def recall_batch(by: Actor, id: UUID) -> None:
    """It is not coming back: what was in it can leave in another one."""
    async with transaction():
        _, scope = await _open_batch(by, id)
        await _wait_again(id)
        await PartnerBatch.delete().where(PartnerBatch.id == id)
        await audit.record(by, "partner.recall", scope=scope[0], subject=str(id))


async def _wait_again(batch: UUID) -> None:
    await UnsignedCertificate.update(
        {UnsignedCertificate.batch: None, UnsignedCertificate.sealed_asked: None}
    ).where(UnsignedCertificate.batch == batch)


async def _open_batch(by: Actor, id: UUID) -> tuple[dict[str, Any], list[Scope]]:
    row = await PartnerBatch.select().where(PartnerBatch.id == id).first()
    if row is None:
        raise NotFound(kind="batch", id=id)
    scope = await _may(by, row["issuer"])
    if row["returned_at"]:
        raise NotSignable(batch=id, state="taken already")
    key = await SigningKey.select(SigningKey.state).where(SigningKey.kid == row["kid"]).first()
    if key is None or key["state"] == "compromised":
        raise NotSignable(batch=id, state="signed with a compromised key")
    return dict(row), scope
