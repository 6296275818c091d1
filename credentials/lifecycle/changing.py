"""Prints again what was lost (补发), and renews what has a last day: each with its reason, on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials import claims, keyring, queries, rendering
from credentials.actions import CertificateState, SignsElsewhere
from credentials.identifiers import Addresses
from credentials.lifecycle import past
from credentials.lifecycle.tables import LifeEvent
from credentials.renaming import sign_again
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

SOURCE = "renewal"


class NothingToRenew(Conflict):
    slug = "nothing-to-renew"
    title = "Certificate {id} has no last day, so there is nothing to renew."


@dataclass(frozen=True, slots=True)
class Reissue:
    """What is marked on the paper: how often it was printed again, and when last."""

    count: int
    on: datetime


async def reissue_of(certificate: UUID) -> Reissue | None:
    """None for a paper that was never lost."""
    rows = (
        await LifeEvent.select(LifeEvent.at)
        .where(LifeEvent.certificate == certificate, LifeEvent.kind == "reissued")
        .order_by(LifeEvent.at)
    )
    return Reissue(len(rows), rows[-1]["at"]) if rows else None


async def reissue_certificate(
    by: Actor, id: str, *, reason: str, now: datetime | None = None
) -> Reissue:
    """The paper was lost: it is printed again with a mark. What is signed stays letter for letter, so the
    lost one verifies too, and the page says that there are two."""
    at = now or datetime.now(UTC)
    async with transaction():
        row, scope = await _issued(by, id, reason)
        await past.note([row["id"]], "reissued", now=at, reason=reason)
        await Certificate.update({Certificate.changed_at: at}).where(Certificate.id == row["id"])
        made = await reissue_of(row["id"])
        after = {"count": made.count if made else 0, "reason": reason}
        await audit.record(
            by, "certificate.reissue", scope=scope, subject=row["public_id"], after=after
        )
    return made or Reissue(0, at)


async def renew_certificate(by: Actor, id: str, *, until: datetime, reason: str) -> None:
    """Signs it again with a later last day; the version before turns replaced."""
    async with transaction():
        row, scope = await _issued(by, id, reason)
        before = row["valid_until"]
        if before is None:
            raise NothingToRenew(id=row["public_id"])
        until = until.astimezone(UTC).replace(microsecond=0)
        if until <= max(before, datetime.now(UTC)):
            raise Invalid([Finding("/until", "credentials.until-not-later", {})])
        if await keyring.outside_key(row["issuer"]):
            raise SignsElsewhere(issuer=row["issuer"])
        await _sign(row, until)
        await past.note([row["id"]], "renewed", now=datetime.now(UTC), reason=reason)
        await audit.record(
            by,
            "certificate.renew",
            scope=scope,
            subject=row["public_id"],
            before=before.isoformat(),
            after={"until": until.isoformat(), "reason": reason},
        )


async def _sign(row: dict[str, Any], until: datetime) -> None:
    payload = rendering.payload_of(rendering.token_of(row))

    def document(position: int, now: datetime, addresses: Addresses) -> dict[str, Any]:
        return claims.renewed(payload, row["issuer"], until, position, now, addresses)

    content = row["content_hash"]
    if not await sign_again(
        row, payload, document, source=SOURCE, content=content, valid_until=until
    ):
        raise Invalid([Finding("", "credentials.changed-meanwhile", {})])


async def _issued(by: Actor, id: str, reason: str) -> tuple[dict[str, Any], Scope]:
    """A certificate that counts, with its token. Raises what stands in the way."""
    row = await queries.stored(id)
    if row is None:
        raise NotFound(kind="certificate", id=id[:32])
    scopes = await issuer_scopes(row["issuer"])
    check(by, "certificate.issue", *scopes)
    if not reason.strip():
        raise Invalid([Finding("/reason", "credentials.reason-missing")])
    if row["state"] != "issued" or not rendering.token_of(row):
        state = "erased" if row["erased_at"] else row["state"]
        raise CertificateState(id=row["public_id"], state=state, needed="issued")
    return row, scopes[0]
