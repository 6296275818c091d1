"""PURE: what the offline root says of one installation, signed: its origins and its trust keys.

The root's key stays on another machine. A verifier that pins the root's thumbprint believes a trust
bundle only when the key that signed it stands in the newest authorisation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from credentials.encoding import Malformed, from_base64url, from_json, to_base64url, to_json
from credentials.keys import (
    PrivateKey,
    Signer,
    key_from_jwk,
    kid_of,
    public_jwk,
    signed_by,
    thumbprint_of,
)

TYPE = "jiangxin-root+jwt"
LIMIT = 64 * 1024
VALIDITY = timedelta(days=400)
LEEWAY = timedelta(minutes=5)


class Unauthorised(Malformed):
    """Not what the root signed, or not for this. `args[0]` is the code of the reason."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """`root`: thumbprint of the key that signed it. `n` rises with each: an older one counts no more.
    `kids`: trust keys that may sign this installation's bundle."""

    root: str
    n: int
    not_before: datetime
    expires_at: datetime
    origins: tuple[str, ...]
    kids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What an installation asks its root for."""

    n: int
    origins: tuple[str, ...]
    keys: tuple[Mapping[str, str], ...]


def request_payload(request: Request) -> dict[str, Any]:
    return {
        "format": "jiangxin-root-request/1",
        "n": request.n,
        "origins": list(request.origins),
        "keys": [dict(jwk) for jwk in request.keys],
    }


def read_request(data: bytes) -> Request:
    """Raises Malformed, also for a key that is none."""
    try:
        body = from_json(data)
        if body["format"] != "jiangxin-root-request/1" or type(body["n"]) is not int:
            raise Malformed("request")
        keys = tuple(public_jwk(key_from_jwk(jwk)) for jwk in body["keys"])
        return Request(body["n"], _texts(body["origins"]), keys)
    except (KeyError, TypeError, ValueError):
        raise Malformed("request") from None


def authorise(request: Request, root: PrivateKey, now: datetime, *, days: int) -> str:
    """Signs what was asked for, good for so many days."""
    jwk = public_jwk(root.public_key())
    thumb = thumbprint_of(jwk)
    payload = {
        "root": jwk,
        "n": request.n,
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + timedelta(days=days)).timestamp()),
        "origins": list(request.origins),
        "keys": [{"kid": kid_of(dict(key)), "jwk": dict(key)} for key in request.keys],
    }
    return Signer(thumb, thumb, root).sign(to_json(payload), typ=TYPE)


def read_authorisation(token: str, *, root: str = "") -> Authorisation:
    """`root`: the thumbprint that must have signed it; without it the one that it names itself.
    Its dates are the caller's to look at. Raises Unauthorised."""
    try:
        return _read(token, root)
    except Unauthorised:
        raise
    except (Malformed, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        raise Unauthorised("authorisation") from None


def _read(token: str, root: str) -> Authorisation:
    if len(token) > LIMIT:
        raise Unauthorised("too-large")
    header, body, signature = token.split(".")
    claims = from_json(from_base64url(body))
    thumb = thumbprint_of(claims["root"])
    if root and thumb != root:
        raise Unauthorised("other-root")
    if header != to_base64url(to_json({"alg": "ES256", "kid": thumb, "typ": TYPE})):
        raise Unauthorised("header")
    if not _holds(key_from_jwk(claims["root"]), signature, f"{header}.{body}"):
        raise Unauthorised("signature")
    if any(type(claims[name]) is not int for name in ("n", "nbf", "exp")):
        raise Unauthorised("authorisation")
    kids = tuple(entry["kid"] for entry in claims["keys"])
    if kids != tuple(kid_of(entry["jwk"]) for entry in claims["keys"]):
        raise Unauthorised("authorisation")
    return Authorisation(
        root=thumb,
        n=claims["n"],
        not_before=datetime.fromtimestamp(claims["nbf"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        origins=_texts(claims["origins"]),
        kids=kids,
    )


def _holds(key: EllipticCurvePublicKey, signature: str, signed: str) -> bool:
    return signed_by(key, from_base64url(signature), signed.encode("ascii"))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Malformed("authorisation")
    return tuple(value)


def check_authorised(
    authorisation: Authorisation, *, kid: str, origins: Sequence[str], now: datetime, least: int = 0
) -> None:
    """Raises Unauthorised unless this key may speak for all of these origins now. `least`: the highest
    number seen before; a lower one is an old authorisation played again."""
    if authorisation.n < least:
        raise Unauthorised("authorisation-replayed")
    if not authorisation.not_before - LEEWAY <= now < authorisation.expires_at:
        raise Unauthorised("authorisation-out-of-date")
    if kid not in authorisation.kids:
        raise Unauthorised("authorisation-other-key")
    if not set(origins) <= set(authorisation.origins):
        raise Unauthorised("authorisation-other-origin")
