"""What is left of a person's certificates after erasure: the status, without what it was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from credentials.consents.tables import HolderConsent
from credentials.employers import noticing
from credentials.partners.tables import PartnerConsent, UnsignedCertificate
from credentials.records import forgetting
from credentials.records.exchange import telling as exchange
from credentials.records.person import forgetting as person_forgetting
from credentials.records.tables import HeldLevel, Honour
from credentials.tables import Certificate, CertificateVersion


@dataclass
class RecordShredder:
    """Destroys the keys of a person's tokens and the person's record."""

    name: str = "certificates"

    async def shred(self, person: str) -> None:
        await forget(UUID(person))


async def forget(person: UUID) -> None:
    """Inside the caller's transaction. Ids, positions and statuses stay, so that a paper already
    handed out can still be found to be withdrawn."""
    rows = await Certificate.select(Certificate.id).where(Certificate.person == person)
    ids, now = [row["id"] for row in rows], datetime.now(UTC)
    if ids:
        await CertificateVersion.update(
            {
                CertificateVersion.wrapped_key: None,
                CertificateVersion.sealed_token: None,
                CertificateVersion.sealed_cwt: None,
            }
        ).where(CertificateVersion.certificate.is_in(ids))
        await Certificate.update({Certificate.content_hash: "", Certificate.erased_at: now}).where(
            Certificate.id.is_in(ids)
        )
        await noticing.forget_certificates(ids, now=now)
    await UnsignedCertificate.delete().where(UnsignedCertificate.person == person)
    await PartnerConsent.delete().where(PartnerConsent.person == person)
    await HolderConsent.delete().where(HolderConsent.person == person)
    await HeldLevel.update(
        {
            HeldLevel.number: "",
            HeldLevel.source: "",
            HeldLevel.evidence_link: "",
            HeldLevel.evidence_hash: "",
        }
    ).where(HeldLevel.person == person)
    await Honour.update({Honour.disclosed: False}).where(Honour.person == person)
    await exchange.forget(person)
    await forgetting.forget(person)
    await person_forgetting.forget(person)
