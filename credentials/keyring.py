"""Keys in the database: the active signer of an issuer, and everybody's public keys as a trust store.

Private keys stand sealed under a key of their own, wrapped by the installation's.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import db, settings
from core.errors import Unavailable
from core.privacy import new_key, seal, unseal, unwrap, wrap
from core.tables import Organisation
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import (
    Signer,
    from_bytes,
    key_from_jwk,
    kid_of,
    new_private_key,
    public_jwk,
    to_bytes,
)
from credentials.tables import SigningKey
from credentials.trust import CERTIFICATE, TrustedKey, TrustStore, store_of

FRESH = 5.0
"""Seconds for which other processes may not yet know of a key that one of them changed."""


def addresses() -> Addresses:
    current = settings.current()
    return Addresses((current.certificate_origin or current.origin).rstrip("/"))


async def insert_key(issuer: str, purpose: str, *, state: str, now: datetime) -> SigningKey:
    """A new key, inside the caller's transaction."""
    private = new_private_key()
    jwk = public_jwk(private.public_key())
    data_key, kid = new_key(), kid_of(jwk)
    row = SigningKey(
        id=uuid4(),
        issuer=issuer,
        purpose=purpose,
        kid=kid,
        public_jwk=to_json(jwk).decode(),
        wrapped_key=wrap(data_key),
        sealed_private=seal(data_key, to_bytes(private), _context(kid)),
        state=state,
        published_at=now,
        activated_at=now if state == "active" else None,
    )
    await SigningKey.insert(row)
    return row


def _context(kid: str) -> bytes:
    return b"signing key " + kid.encode()


async def signer_of(issuer: str, purpose: str) -> Signer:
    """The active key of an issuer. Raises Unavailable when there is none, so that what waits for
    it is tried again."""
    row = (
        await SigningKey.select()
        .where(
            SigningKey.issuer == issuer,
            SigningKey.purpose == purpose,
            SigningKey.state == "active",
        )
        .order_by(SigningKey.activated_at, ascending=False)
        .first()
    )
    if row is None:
        raise Unavailable(what=f"an active {purpose} key of issuer {issuer or 'installation'}")
    return _signer(row)


async def issuers_with_keys() -> set[str]:
    """Codes of the organisations that sign certificates here, whatever became of their keys."""
    rows = await SigningKey.select(SigningKey.issuer).where(SigningKey.purpose == CERTIFICATE)
    return {row["issuer"] for row in rows}


_signers: dict[UUID, Signer] = {}


def _signer(row: dict[str, Any]) -> Signer:
    found = _signers.get(row["id"])
    if found is None or found.kid_url != addresses().key(row["kid"]):
        private = unseal(unwrap(row["wrapped_key"]), row["sealed_private"], _context(row["kid"]))
        found = Signer(row["kid"], addresses().key(row["kid"]), from_bytes(private))
        if len(_signers) >= 256:
            _signers.clear()
        _signers[row["id"]] = found
    return found


# --- the trust store ---------------------------------------------------------------------------

_known: tuple[object, float, TrustStore] | None = None


async def trust_store() -> TrustStore:
    """All public keys of this installation, at most FRESH seconds old."""
    global _known
    engine, now, own = db.engine(), time.monotonic(), addresses()
    if _known and _known[0] is engine and now - _known[1] <= FRESH and _known[2].addresses == own:
        return _known[2]
    store = await _loaded()
    _known = (engine, now, store)
    return store


def forget_trust_store() -> None:
    """After a change of keys; other processes follow within FRESH seconds."""
    global _known
    _known = None


async def _loaded() -> TrustStore:
    rows = await SigningKey.select(
        SigningKey.issuer,
        SigningKey.purpose,
        SigningKey.kid,
        SigningKey.public_jwk,
        SigningKey.activated_at,
        SigningKey.retired_at,
        SigningKey.compromised_at,
    )
    organisations = await organisations_of({row["issuer"] for row in rows})
    keys = [_trusted(row, organisations.get(row["issuer"], {})) for row in rows]
    return store_of(addresses(), keys, datetime.now(UTC))


def _trusted(row: dict[str, Any], organisation: dict[str, Any]) -> TrustedKey:
    return TrustedKey(
        kid=row["kid"],
        issuer=row["issuer"],
        issuer_name=json.loads(organisation["title"]) if organisation else {},
        purpose=row["purpose"],
        key=key_from_jwk(json.loads(row["public_jwk"])),
        activated_at=row["activated_at"],
        retired_at=row["retired_at"],
        compromised_at=row["compromised_at"],
        demonstration=bool(organisation and organisation["demonstration"]),
    )


async def organisations_of(codes: set[str]) -> dict[str, dict[str, Any]]:
    rows = await Organisation.select().where(Organisation.code.is_in(sorted(codes or {""})))
    return {row["code"]: row for row in rows}
