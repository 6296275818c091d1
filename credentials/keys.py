"""ES256 keys: making, naming, sealing at rest, signing. No table names here."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from credentials.encoding import from_base64url, to_base64url, to_json
from credentials.identifiers import Addresses

ALGORITHM = "ES256"
_ECDSA = ec.ECDSA(hashes.SHA256())
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class PrivateKey(Protocol):
    """The two things that are asked of a private key, wherever it stands: here or in a device."""

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """DER, as cryptography's own keys answer."""

    def public_key(self) -> ec.EllipticCurvePublicKey: ...


@dataclass(frozen=True, slots=True)
class Signer:
    """One active private key and how a token names it."""

    kid: str
    kid_url: str
    key: PrivateKey

    def at(self, addresses: Addresses) -> Signer:
        """The same key as it is named under another of the installation's origins."""
        return Signer(self.kid, addresses.key(self.kid), self.key)

    def header(self, typ: str) -> str:
        return header_segment(self.kid_url, typ)

    def sign(self, payload: bytes, *, typ: str = "JWT") -> str:
        """Compact JWS over exactly these bytes."""
        return self.sign_under(self.header(typ), payload)

    def sign_under(self, header: str, payload: bytes) -> str:
        """The same with the encoded header at hand, for many tokens in a row."""
        body = base64.urlsafe_b64encode(payload).rstrip(b"=").decode("ascii")
        signing_input = f"{header}.{body}"
        return f"{signing_input}.{to_base64url(self.signature(signing_input.encode('ascii')))}"

    def signature(self, data: bytes) -> bytes:
        """r and s, 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(data, _ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def header_segment(kid_url: str, typ: str) -> str:
    return to_base64url(to_json({"alg": ALGORITHM, "kid": kid_url, "typ": typ}))


def signed_by(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        return False
    try:
        key.verify(encode_dss_signature(r, s), data, _ECDSA)
    except InvalidSignature:
        return False
    return True


def new_private_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Members in the order of RFC 7638, so that its JSON is what the thumbprint hashes."""
    numbers = key.public_numbers()
    x, y = (to_base64url(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def kid_of(jwk: dict[str, Any]) -> str:
    """base64url of the first eight bytes of the JWK thumbprint."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return to_base64url(hashlib.sha256(to_json(required)).digest()[:8])


def thumbprint_of(jwk: dict[str, Any]) -> str:
    """The whole thumbprint of RFC 7638: what is pinned."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return to_base64url(hashlib.sha256(to_json(required)).digest())


def key_from_jwk(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """Raises ValueError for a point that is not on P-256, or another kind of key."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ValueError("only P-256")
    x, y = (int.from_bytes(from_base64url(jwk[axis]), "big") for axis in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def to_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def from_bytes(data: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("this is no ES256 key")
    return key
