"""Nonces, and a tablet's proof that it holds its key. Nothing here depends on the tablet's clock.

A proof is a compact JWS, ES256, header {alg, kid, typ: "jiangxin-device+jwt"}, payload
{aud: origin, nonce, at}. A nonce is ours, signed, and good for two minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from contests.judging.signing import ALGORITHM, is_signed_by
from contests.judging.tablets.errors import ProofWrong
from contests.sheets import b64, take_apart, unb64
from core import settings
from core.scoring.codec import load
from core.settings import LOOPBACK

PROOF_TYPE = "jiangxin-device+jwt"
NONCE_LIFE = timedelta(minutes=2)
_LONGEST = 2000
_RANDOM, _MOMENT, _SIGN = 8, 8, 16


@dataclass(frozen=True, slots=True)
class Proof:
    """Taken apart, not verified. `issued_at`: microseconds of the nonce, by our clock."""

    jws: str
    kid: str
    issued_at: int


def make_nonce(now: datetime) -> str:
    body = secrets.token_bytes(_RANDOM) + microseconds(now).to_bytes(_MOMENT, "big")
    return b64(body + _mac(body))


def read_proof(jws: str, *, now: datetime) -> Proof:
    """Whose key it says it is. Raises ProofWrong for another form, audience or nonce."""
    parts = take_apart(jws) if len(jws) <= _LONGEST else None
    if parts is None:
        raise ProofWrong
    header, (payload, findings) = parts.header, load(parts.payload)
    fits = header.get("alg") == ALGORITHM and header.get("typ") == PROOF_TYPE
    if not fits or "crit" in header or findings or not isinstance(payload, dict):
        raise ProofWrong
    if not isinstance(header.get("kid"), str) or not _is_ours(payload.get("aud")):
        raise ProofWrong
    return Proof(jws, header["kid"], _issued_at(payload.get("nonce"), now))


def verify_proof(proof: Proof, public_jwk: str) -> None:
    """Raises ProofWrong when another key signed it."""
    if not is_signed_by(proof.jws, public_jwk):
        raise ProofWrong


def microseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) * 1_000_000 + moment.microsecond


def key_for(purpose: str) -> bytes:
    """A secret of its own for each use, so that nothing signed for one passes for another."""
    found = settings.current().secrets
    if found is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return hmac.new(found.session, f"tablets|{purpose}".encode(), hashlib.sha256).digest()


def _issued_at(nonce: Any, now: datetime) -> int:
    try:
        data = unb64(nonce) if isinstance(nonce, str) else b""
    except ValueError:
        raise ProofWrong from None
    body, sign = data[: _RANDOM + _MOMENT], data[_RANDOM + _MOMENT :]
    if len(sign) != _SIGN or not hmac.compare_digest(sign, _mac(body)):
        raise ProofWrong
    issued = int.from_bytes(body[_RANDOM:], "big")
    age = microseconds(now) - issued
    if not 0 <= age <= NONCE_LIFE // timedelta(microseconds=1):
        raise ProofWrong
    return issued


def _mac(body: bytes) -> bytes:
    return hmac.new(key_for("nonce"), body, hashlib.sha256).digest()[:_SIGN]


def _is_ours(audience: Any) -> bool:
    """This machine has several names for itself; every other host has one."""
    if not isinstance(audience, str):
        return False
    ours = settings.current().origin
    try:
        said, own = urlsplit(audience), urlsplit(ours)
        local = said.hostname in LOOPBACK and own.hostname in LOOPBACK
        return audience == ours or (local and (said.scheme, said.port) == (own.scheme, own.port))
    except ValueError:
        return False
