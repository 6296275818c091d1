"""Signs again what a compromised key has signed: one certificate at a time, so that a killed process goes
on where it was. Each old version turns *replaced*, and the paper of it says why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import Conflict, NotFound
from core.jobs import start_job_row
from core.security import Actor, Scope, check
from credentials import claims, keyring, queries, rendering
from credentials.document import holder_name
from credentials.identifiers import Addresses
from credentials.partners import waiting
from credentials.renaming import sign_again
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate, CertificateVersion, SigningKey
from credentials.trust import CERTIFICATE

SOURCE = "key"
"""`CertificateVersion.source` of one that was signed again because its key was lost."""
PERMISSION = "issuer.manage"
JOB = "certificates.signed-again"


class KeySound(Conflict):
    slug = "key-sound"
    title = (
        "Key {kid} is no lost key of certificates: only what a compromised one signed is signed"
        " again. Report it as compromised first."
    )


async def lost_key(kid: str) -> dict[str, Any]:
    """Raises NotFound, KeySound."""
    row = await SigningKey.select().where(SigningKey.kid == kid).first()
    if row is None:
        raise NotFound(kind="key", id=kid[:32])
    if row["state"] != "compromised" or row["purpose"] != CERTIFICATE:
        raise KeySound(kid=kid)
    return dict(row)


async def may_sign_again(by: Actor, issuer: str) -> Scope:
    scopes = await issuer_scopes(issuer)
    check(by, PERMISSION, *scopes)
    return scopes[0]


async def ask_to_sign_again(by: Actor, kid: str) -> UUID:
    """Starts the work in the background; its job. Twice does no harm: what is done is left alone."""
    row = await lost_key(kid)
    scope = await may_sign_again(by, row["issuer"])
    affected = await affected_by(kid)
    async with transaction():
        job = await start_job_row(by, JOB, scope, {"kid": kid}, total=len(affected))
        await audit.record(by, "key.sign_again", scope=scope, subject=kid, after=len(affected))
    return job


async def affected_by(kid: str) -> list[str]:
    """Public ids of those whose newest version this key signed and that still mean anything; not those
    that wait for their issuer's own machine already."""
    now = datetime.now(UTC)
    rows = await Certificate.raw(
        "SELECT c.public_id FROM certificate c JOIN certificate_version v ON v.id = c.current"
        " WHERE v.kid = {} AND c.state <> 'revoked' AND c.erased_at IS NULL"
        " AND (c.valid_until IS NULL OR c.valid_until > {})"
        " AND NOT EXISTS (SELECT 1 FROM unsigned_certificate u WHERE u.id = c.id"
        " AND (u.batch IS NULL OR u.batch <> {}))"
        " ORDER BY c.public_id",
        kid,
        now,
        waiting.SETTLED,
    )
    return [row["public_id"] for row in rows]


async def sign_affected(kid: str) -> AsyncIterator[str]:
    """The id of each, once it is signed again or waits for its issuer's own machine; each in a transaction
    of its own. Raises Unavailable where the issuer has no key in use."""
    row = await lost_key(kid)
    outside = await keyring.outside_key(row["issuer"])
    for public_id in await affected_by(kid):
        async with transaction():
            await _sign_one(public_id, outside=bool(outside))
        yield public_id


async def _sign_one(public_id: str, *, outside: bool) -> None:
    found = await queries.stored(public_id)
    token = rendering.token_of(found) if found else ""
    if found is None or not token:  # erased meanwhile
        return
    if outside:
        await waiting.again(found["id"])
        return
    payload = rendering.payload_of(token)
    name = holder_name(payload)

    def document(position: int, now: datetime, addresses: Addresses) -> dict[str, Any]:
        return claims.renamed(payload, found["issuer"], name, position, now, addresses)

    await sign_again(found, payload, document, source=SOURCE, content=found["content_hash"])


async def signed_again(kid: str) -> int:
    """How many certificates that this key had signed were signed again since it was lost."""
    rows = await CertificateVersion.raw(
        "SELECT count(*) AS done FROM certificate_version v JOIN certificate_version n"
        " ON n.certificate = v.certificate AND n.n = v.n + 1"
        " WHERE v.kid = {} AND n.kid <> v.kid AND n.issued_at >= {}",
        kid,
        (await lost_key(kid))["compromised_at"].replace(microsecond=0),
    )
    return int(rows[0]["done"])
