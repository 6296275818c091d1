"""Keys in the database: the active signer of an issuer, and everybody's public keys as a trust store.

Private keys stand sealed under a key of their own, wrapped by the installation's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from core import db, settings
from core.errors import Unavailable
from core.privacy import new_key, seal, unseal, unwrap, wrap
from core.tables import Organisation
from credentials import device
from credentials.encoding import to_json
from credentials.identifiers import Addresses
from credentials.keys import (
    PrivateKey,
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

DATABASE, DEVICE, PARTNER = "database", "device", "partner"
"""Where a private key stands."""
FRESH = 5.0
"""Seconds for which other processes may not yet know of a key that one of them changed."""


def addresses() -> Addresses:
    current = settings.current()
    own = (current.certificate_origin or current.origin).rstrip("/")
    return Addresses(own, tuple(o for o in current.former_origins if o != own))


async def insert_key(issuer: str, purpose: str, *, state: str, now: datetime) -> SigningKey:
    """A new key, inside the caller's transaction."""
    id = uuid4()
    public, kept = _made(id)
    jwk = public_jwk(public)
    row = SigningKey(
        id=id,
        issuer=issuer,
        purpose=purpose,
        kid=kid_of(jwk),
        public_jwk=to_json(jwk).decode(),
        **kept,
        state=state,
        published_at=now,
        activated_at=now if state == "active" else None,
    )
    await SigningKey.insert(row)
    return row


def _made(id: UUID) -> tuple[EllipticCurvePublicKey, dict[str, Any]]:
    """A new key, and the columns that keep its private half: in the device where there is one."""
    current = settings.current()
    if current.hsm_module:
        key = device.make_key(*_device(current.hsm_module), label=_label(id))
        return key.public_key(), {"place": DEVICE}
    private, data_key = new_private_key(), new_key()
    kid = kid_of(public_jwk(private.public_key()))
    sealed = seal(data_key, to_bytes(private), _context(kid))
    return private.public_key(), {"wrapped_key": wrap(data_key), "sealed_private": sealed}


def _device(module: Path) -> tuple[Path, str, str]:
    current = settings.current()
    return module, current.hsm_token, current.hsm_pin


def _label(id: UUID) -> str:
    return f"jiangxin {id}"


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
    if row["place"] == PARTNER:
        raise Unavailable(what=f"a signature of issuer {issuer}, who signs on its own machine")
    return _signer(row)


async def outside_key(issuer: str) -> str | None:
    """The kid with which an issuer signs its certificates on its own machine; None for one that
    signs here."""
    row = (
        await SigningKey.select(SigningKey.kid)
        .where(
            SigningKey.issuer == issuer,
            SigningKey.purpose == CERTIFICATE,
            SigningKey.state == "active",
            SigningKey.place == PARTNER,
        )
        .first()
    )
    return str(row["kid"]) if row else None


async def issuers_with_keys() -> set[str]:
    """Codes of the organisations that sign certificates here, whatever became of their keys."""
    rows = await SigningKey.select(SigningKey.issuer).where(SigningKey.purpose == CERTIFICATE)
    return {row["issuer"] for row in rows}


async def active_issuers() -> set[str]:
    """Codes of those that have a key for certificates in use now."""
    rows = await SigningKey.select(SigningKey.issuer).where(
        SigningKey.purpose == CERTIFICATE, SigningKey.state == "active"
    )
    return {row["issuer"] for row in rows}


_signers: dict[UUID, Signer] = {}


def _signer(row: dict[str, Any]) -> Signer:
    found = _signers.get(row["id"])
    if found is None or found.kid_url != addresses().key(row["kid"]):
        found = Signer(row["kid"], addresses().key(row["kid"]), _private(row))
        if len(_signers) >= 256:
            _signers.clear()
        _signers[row["id"]] = found
    return found


def _private(row: dict[str, Any]) -> PrivateKey:
    if row["place"] != DEVICE:
        sealed = row["sealed_private"]
        return from_bytes(unseal(unwrap(row["wrapped_key"]), sealed, _context(row["kid"])))
    module = settings.current().hsm_module
    if module is None:
        raise Unavailable(what=f"the device of key {row['kid']}: JIANGXIN_HSM_MODULE is not set")
    return device.open_key(*_device(module), label=_label(row["id"]))


# --- the trust store ---------------------------------------------------------------------------

Organisations = Mapping[str, Mapping[str, Any]]
_known: tuple[object, float, TrustStore] | None = None
_organisations: Organisations = {}


async def trust_store() -> TrustStore:
    """All public keys of this installation, at most FRESH seconds old."""
    global _known
    engine, now, own = db.engine(), time.monotonic(), addresses()
    if _known and _known[0] is engine and now - _known[1] <= FRESH and _known[2].addresses == own:
        return _known[2]
    store = await _loaded()
    _known = (engine, now, store)
    return store


def last_known() -> tuple[TrustStore, Organisations] | None:
    """The keys as they were last read, however long ago, and the organisations that own them: for when
    the database can't be reached. A key that was lost since is not known to be."""
    if _known is None or _known[0] is not db.engine() or _known[2].addresses != addresses():
        return None
    return _known[2], _organisations


async def trust_store_or_last() -> TrustStore:
    """Raises what reading raised only where no keys were ever read."""
    try:
        return await trust_store()
    except Exception as error:
        known = last_known()
        if known is None or not db.unreachable(error):
            raise
        return known[0]


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
    global _organisations
    _organisations = organisations
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
