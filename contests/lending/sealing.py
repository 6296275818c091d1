"""Reasons that were written at a venue, sealed on their way home: only the lender can open them.

The lender makes a key pair for each loan out of its key-encryption key, so that nothing of it has to
be kept, and writes the public half into the log's `lent` entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import ECAlgorithm

from contests.sheets import b64, unb64
from core.privacy import Damaged, seal, unseal
from core.settings import current

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Texts = Sequence[Mapping[str, str]]


def loan_key(contest: str, head: str) -> dict[str, str]:
    """The public JWK that a venue seals its texts for; `head` is where the loan began."""
    found: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(_private(contest, head).public_key()))
    return {name: found[name] for name in ("crv", "kty", "x", "y")}


def seal_texts(texts: Texts, public_jwk: Mapping[str, str], *, context: str) -> str:
    """ "" for none. `context`: the contest, so that nothing of another can be put in its place."""
    if not texts:
        return ""
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ECAlgorithm.from_jwk(json.dumps(dict(public_jwk)))
    if not isinstance(theirs, ec.EllipticCurvePublicKey):
        raise ValueError("a loan's key is public")
    key = _shared(own, theirs)
    sealed = seal(key, json.dumps([dict(one) for one in texts]).encode(), _context(context))
    public: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(own.public_key()))
    return json.dumps({"x": public["x"], "y": public["y"], "sealed": b64(sealed)}, sort_keys=True)


def open_texts(sealed: str, contest: str, head: str) -> Texts:
    """Raises Damaged for what was altered or meant for another."""
    if not sealed:
        return []
    try:
        found = json.loads(sealed)
        public = {"kty": "EC", "crv": "P-256", "x": found["x"], "y": found["y"]}
        theirs = ECAlgorithm.from_jwk(json.dumps(public))
        box = unb64(found["sealed"])
    except Exception as error:
        raise Damaged() from error
    if not isinstance(theirs, ec.EllipticCurvePublicKey):
        raise Damaged()
    key = _shared(_private(contest, head), theirs)
    texts: Texts = json.loads(unseal(key, box, _context(contest)))
    return texts


def _shared(own: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey) -> bytes:
    return _derived(own.exchange(ec.ECDH(), theirs), b"jiangxin loan texts", 32)


def _private(contest: str, head: str) -> ec.EllipticCurvePrivateKey:
    secrets = current().secrets
    if secrets is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    wide = _derived(secrets.key_encryption, f"jiangxin loan|{contest}|{head}".encode(), 48)
    return ec.derive_private_key(int.from_bytes(wide, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def _derived(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)


def _context(contest: str) -> bytes:
    return b"loan|" + contest.encode()
