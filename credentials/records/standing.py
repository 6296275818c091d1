"""How far the certificates are that granted proposals lead to: signed, or whom each of them waits for.
Every issuer is asked for itself, so that one that is late stands here alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from credentials.keyring import active_issuers, issuers_with_keys
from credentials.partners.fields import NAME
from credentials.partners.tables import PartnerBatch, PartnerConsent, UnsignedCertificate
from credentials.partners.waiting import SETTLED
from credentials.records.proposals import certificate_of
from credentials.tables import Certificate

Row = Mapping[str, Any]
OWED = ("level", "partner")
"""Kinds that are nothing without a certificate; an honour is a fact of the record by itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """state: "signed"; else what it waits for: "consent" of the holder, "sending" to its issuer's own
    machine, "return" from there (since: when it left), "key" of the issuer, "signing" here; or "record",
    when its authority signs nothing here. number: of the certificate; changed: its state there, when it
    is not simply issued."""

    state: str
    number: str = ""
    changed: str = ""
    since: datetime | None = None


async def standings(proposals: Sequence[Row]) -> dict[UUID, Standing]:
    """Proposal -> where its certificate is; nothing for one that is not granted."""
    granted = [row for row in proposals if row["state"] in ("granted", "questioned")]
    if not granted:
        return {}
    signed = await _signed([row["id"] for row in granted])
    left = [row for row in granted if row["id"] not in signed]
    away = await _away([certificate_of(row) for row in left])
    known, active = await issuers_with_keys(), await active_issuers()
    return signed | {
        row["id"]: away.get(certificate_of(row)) or _here(row, known, active) for row in left
    }


def _here(row: Row, known: set[str], active: set[str]) -> Standing:
    if row["issuer"] in active:
        return Standing("signing")
    return Standing("key" if row["issuer"] in known or row["kind"] in OWED else "record")


async def _signed(ids: Sequence[UUID]) -> dict[UUID, Standing]:
    rows = await Certificate.select(
        Certificate.proposal, Certificate.public_id, Certificate.state
    ).where(Certificate.proposal.is_in(list(ids)))
    return {
        row["proposal"]: Standing(
            "signed", row["public_id"], "" if row["state"] == "issued" else row["state"]
        )
        for row in rows
    }


async def _away(keys: Sequence[UUID]) -> dict[UUID, Standing]:
    """Certificate -> what it waits for, of those that their issuer signs on its own machine."""
    if not keys:
        return {}
    rows = await UnsignedCertificate.select(
        UnsignedCertificate.id,
        UnsignedCertificate.person,
        UnsignedCertificate.issuer,
        UnsignedCertificate.batch,
    ).where(UnsignedCertificate.id.is_in(list(keys)))
    rows = [row for row in rows if row["batch"] != SETTLED]
    left = await _left({row["batch"] for row in rows if row["batch"]})
    agreed = await _agreed({row["person"] for row in rows})
    return {row["id"]: _elsewhere(row, left, agreed) for row in rows}


def _elsewhere(row: Row, left: Mapping[UUID, datetime], agreed: set[tuple[UUID, str]]) -> Standing:
    if row["batch"]:
        return Standing("return", since=left.get(row["batch"]))
    return Standing("sending" if (row["person"], row["issuer"]) in agreed else "consent")


async def _left(batches: Iterable[UUID]) -> dict[UUID, datetime]:
    wanted = list(batches)
    if not wanted:
        return {}
    rows = PartnerBatch.select(PartnerBatch.id, PartnerBatch.made_at)
    return {row["id"]: row["made_at"] for row in await rows.where(PartnerBatch.id.is_in(wanted))}


async def _agreed(persons: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """(person, issuer) of whoever lets the issuer have the name, without which nothing leaves."""
    wanted = list(persons)
    if not wanted:
        return set()
    rows = await PartnerConsent.select(
        PartnerConsent.person, PartnerConsent.issuer, PartnerConsent.fields
    ).where(PartnerConsent.person.is_in(wanted), PartnerConsent.withdrawn_at.is_null())
    return {(r["person"], r["issuer"]) for r in rows if NAME in r["fields"].split(",")}
