"""Verifying a device's revision, signing one with a software key, and the installation's receipts.

ES256 only; the algorithm is a constant here, never read from the token.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm

from contests.chain import instant
from contests.sheets import SHEET_TYPE, Payload, b64, jws_hash, payload_bytes, slot_id, unb64
from core.scoring.model import Mark
from core.settings import current

ALGORITHM = "ES256"
RECEIPT_TYPE = "jiangxin-receipt+jwt"
_ecdsa = ECAlgorithm(ECAlgorithm.SHA256)


class KeyRefused(ValueError):
    """Not the public JWK of a P-256 key."""


def read_public_key(jwk: Mapping[str, Any]) -> tuple[str, str]:
    """(kid, canonical public JWK) of a P-256 key; anything private in it is refused."""
    try:
        known = {"kty": jwk["kty"], "crv": jwk["crv"], "x": jwk["x"], "y": jwk["y"]}
        right = known["kty"] == "EC" and known["crv"] == "P-256" and "d" not in jwk
        right = right and all(len(unb64(str(known[part]))) == 32 for part in ("x", "y"))
        if not right:
            raise KeyRefused("an EC P-256 public key is needed")
        text = json.dumps(known, sort_keys=True, separators=(",", ":"))
        _key(text)
    except KeyRefused:
        raise
    except Exception as error:
        raise KeyRefused("this is no public JWK") from error
    return kid_of(text), text


def kid_of(public_jwk: str) -> str:
    """base64url of the first 8 bytes of the RFC 7638 thumbprint."""
    return b64(hashlib.sha256(public_jwk.encode()).digest()[:8])


def is_signed_by(jws: str, public_jwk: str) -> bool:
    """Whether the compact JWS carries this key's ES256 signature; its header is not asked."""
    signed, _, signature = jws.rpartition(".")
    try:
        return bool(_ecdsa.verify(signed.encode("ascii"), _key(public_jwk), unb64(signature)))
    except ValueError:
        return False


def sign_receipt(content: Mapping[str, Any]) -> str:
    """A compact JWS by this installation's receipt key."""
    secrets = current().secrets
    if secrets is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return _compact(_plain_json(content), _private(secrets.receipt_key), {"typ": RECEIPT_TYPE})


def sign_as_desk(payload: bytes, kid: str) -> str:
    """A sheet by the paper desk, which signs with the same key under another type."""
    secrets = current().secrets
    if secrets is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return _compact(payload, _private(secrets.receipt_key), {"kid": kid, "typ": SHEET_TYPE})


def receipt_public_jwk() -> dict[str, Any]:
    """What a device checks receipts with."""
    secrets = current().secrets
    if secrets is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return _public_jwk(_private(secrets.receipt_key))


@dataclass(slots=True)
class SoftwareDevice:
    """A device whose key lives in memory: the demonstration, tests, API clients."""

    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    seq: int = 0
    prev: str = ""

    @property
    def public_jwk(self) -> dict[str, Any]:
        return _public_jwk(self.private_key)

    @property
    def kid(self) -> str:
        return read_public_key(self.public_jwk)[0]

    def sign_sheet(
        self,
        *,
        contest: str,
        module: str,
        code: str,
        judge: str,
        marks: Mapping[str, Mark],
        rules: str,
        base: str = "",
        attempt: int = 1,
        round_: int = 1,
        rid: str = "",
        now: datetime | None = None,
        **changes: Any,
    ) -> str:
        """The next numbered, chained revision. `changes` override payload fields, for tests."""
        payload = Payload(
            rid=rid or str(uuid4()),
            contest=contest,
            module=module,
            code=code,
            judge=judge,
            sheet=str(slot_id(contest, module, code, attempt, round_, judge)),
            seq=self.seq + 1,
            marks=marks,
            rules=rules,
            at=instant(now or datetime.now(UTC)),
            attempt=attempt,
            round=round_,
            base=base,
            prev=self.prev,
            app="software",
        )
        return self.sign(payload_bytes(replace(payload, **changes)))

    def sign(self, payload: bytes) -> str:
        """Signs bytes as they are and moves the chain on."""
        jws = _compact(payload, self.private_key, {"kid": self.kid, "typ": SHEET_TYPE})
        self.seq, self.prev = self.seq + 1, jws_hash(jws)
        return jws


def _compact(payload: bytes, key: ec.EllipticCurvePrivateKey, headers: Mapping[str, str]) -> str:
    header = b64(_plain_json({"alg": ALGORITHM, **headers}))
    signed = f"{header}.{b64(payload)}"
    return f"{signed}.{b64(_ecdsa.sign(signed.encode('ascii'), key))}"


def _plain_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return {name: found[name] for name in ("crv", "kty", "x", "y")}


@lru_cache(maxsize=4096)
def _key(public_jwk: str) -> ec.EllipticCurvePublicKey:
    key = _ecdsa.from_jwk(public_jwk)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise KeyRefused("a public key is needed")
    return key


@lru_cache(maxsize=8)
def _private(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyRefused("the receipt key must be a P-256 key")
    return key
