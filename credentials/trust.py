"""Whose signature is believed: the local trust store, and the signed bundle it travels in.

A key is found here before anything of a token is looked at, and never fetched from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from core.scoring.model import Text
from credentials.encoding import (
    Malformed,
    from_base64url,
    from_instant,
    from_json,
    to_instant,
)
from credentials.foreign import body_names_another_issuer
from credentials.identifiers import Addresses
from credentials.keys import header_segment, key_from_jwk, kid_of, public_jwk, signed_by
from credentials.trusting.authorisation import Unauthorised, check_authorised, read_authorisation

BUNDLE_VALIDITY = timedelta(days=30)
BUNDLE_LIMIT = 8 * 1024 * 1024
BUNDLE_TYPE = "jiangxin-trust+jwt"
CERTIFICATE, STATUS, TRUST = "certificate", "status", "trust"


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key with the one issuer and the one purpose that it counts for."""

    kid: str
    issuer: str
    issuer_name: Text
    purpose: str
    key: EllipticCurvePublicKey
    activated_at: datetime | None
    retired_at: datetime | None = None
    compromised_at: datetime | None = None
    demonstration: bool = False


class Named(NamedTuple):
    """A key as a header names it: under the origin of the day on which it signed."""

    key: TrustedKey
    addresses: Addresses


@dataclass(frozen=True)
class TrustStore:
    """Keys of one installation by their names. `made_at`: how old this knowledge is."""

    addresses: Addresses
    keys: tuple[TrustedKey, ...]
    made_at: datetime
    by_kid: dict[str, TrustedKey] = field(init=False)
    by_header: dict[tuple[str, str], Named] = field(init=False)

    def __post_init__(self) -> None:
        by_kid = {key.kid: key for key in self.keys}
        if len(by_kid) != len(self.keys):
            raise ValueError("two keys have the same kid")
        headers = {
            (purpose, header_segment(addresses.key(key.kid), typ)): Named(key, addresses)
            for addresses in self.addresses.everywhere()
            for key in self.keys
            for purpose, typ in HEADERS
            if key.purpose == purpose
        }
        object.__setattr__(self, "by_kid", by_kid)
        object.__setattr__(self, "by_header", headers)

    def by_url(self, url: object) -> TrustedKey | None:
        for addresses in self.addresses.everywhere() if isinstance(url, str) else ():
            if str(url).startswith(prefix := addresses.key("")):
                return self.by_kid.get(str(url).removeprefix(prefix))
        return None


HEADERS = (
    (CERTIFICATE, "JWT"),
    (STATUS, "JWT"),
    (STATUS, "statuslist+jwt"),
    (TRUST, BUNDLE_TYPE),
)
"""The only headers there are: purpose of the key and `typ`."""


class Refused(Malformed):
    """A token that is not to be believed. `check` names the check that it fails."""

    def __init__(self, check: str, code: str) -> None:
        self.check, self.code = check, code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Signed:
    """A payload whose signature holds, the key that made it, and the origin that it names."""

    payload: dict[str, Any]
    body: str
    key: TrustedKey
    addresses: Addresses


def open_signed(token: str, trust: TrustStore, *, purpose: str, limit: int) -> Signed:
    """The payload, or Refused. Nothing is decoded before the size and the key are known."""
    if len(token) > limit:
        raise Refused("unaltered", "too-large")
    header, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    named = trust.by_header.get((purpose, header))
    if named is None:
        if purpose == CERTIFICATE and body_names_another_issuer(body, trust.addresses):
            raise Refused("issuer", "unknown-key")
        raise _why_unknown(header, trust)
    key, addresses = named
    try:
        genuine = signed_by(key.key, from_base64url(signature), f"{header}.{body}".encode())
        if not genuine:
            raise Refused("unaltered", "signature")
        payload = from_json(from_base64url(body))
    except Refused:
        raise
    except (Malformed, UnicodeEncodeError):
        raise Refused("unaltered", "encoding") from None
    if not isinstance(payload, dict):
        raise Refused("unaltered", "encoding")
    return Signed(payload, body, key, addresses)


def _why_unknown(segment: str, trust: TrustStore) -> Refused:
    try:
        if len(segment) > 512:
            raise Malformed("too-large")
        header = from_json(from_base64url(segment))
    except Malformed:
        return Refused("unaltered", "header")
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ"}:
        return Refused("unaltered", "header")
    if header["alg"] != "ES256":
        return Refused("unaltered", "algorithm")
    if trust.by_url(header["kid"]) is None:
        return Refused("issuer", "unknown-key")
    return Refused("unaltered", "type")


# --- the bundle --------------------------------------------------------------------------------


def bundle_payload(
    trust: TrustStore,
    now: datetime,
    *,
    authorisation: str = "",
    installations: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Everything that a verifier without a network needs for thirty days. `authorisation`: what the
    offline root says of the key that signs this. `installations`: bundles of others that are believed
    here too, each as `{origin, root, bundle}`."""
    issuers = {key.issuer: key.issuer_name for key in trust.keys if key.issuer}
    return {
        "iss": trust.addresses.origin,
        "sub": trust.addresses.bundle,
        "iat": int(now.timestamp()),
        "exp": int((now + BUNDLE_VALIDITY).timestamp()),
        "issuers": [
            {"code": code, "id": trust.addresses.issuer(code), "name": dict(name)}
            for code, name in sorted(issuers.items())
        ],
        "keys": [_written(key) for key in trust.keys],
        "status": {
            "revocation": f"{trust.addresses.origin}/status/r/{{issuer}}/{{block}}",
            "token": f"{trust.addresses.origin}/status/t/{{issuer}}/{{block}}",
        },
        "formerOrigins": list(trust.addresses.former),
        **({"authorisation": authorisation} if authorisation else {}),
        **({"installations": [dict(one) for one in installations]} if installations else {}),
    }


def _written(key: TrustedKey) -> dict[str, Any]:
    dates = {
        "activeFrom": key.activated_at,
        "retiredAt": key.retired_at,
        "revokedAt": key.compromised_at,
    }
    return {
        "kid": key.kid,
        "issuer": key.issuer,
        "purpose": key.purpose,
        "demonstration": key.demonstration,
        "jwk": public_jwk(key.key),
        **{name: to_instant(at) for name, at in dates.items() if at},
    }


def read_bundle(
    token: str, now: datetime, *, pinned: str = "", root: str = "", least: int = 0
) -> TrustStore:
    """The store that a bundle carries. `pinned`: the kid of the trust key that must have signed it.
    `root`: the thumbprint of the offline root that must authorise that key, by an authorisation not
    older than number `least`. Without either the bundle is believed because whoever calls this
    vouches for its origin."""
    if len(token) > BUNDLE_LIMIT:
        raise Refused("issuer", "too-large")
    try:
        claims = from_json(from_base64url(token.split(".")[1]))
        addresses = Addresses(claims["iss"], tuple(map(_origin, claims.get("formerOrigins", ()))))
        names = {issuer["code"]: issuer["name"] for issuer in claims["issuers"]}
        keys = tuple(_read(entry, names) for entry in claims["keys"])
        made_at = datetime.fromtimestamp(claims["iat"], UTC)
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        store = TrustStore(addresses, keys, made_at)
    except (Malformed, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError):
        raise Refused("issuer", "bundle") from None
    signer = open_signed(token, store, purpose=TRUST, limit=BUNDLE_LIMIT).key
    if signer.compromised_at or (pinned and signer.kid != pinned):
        raise Refused("issuer", "bundle")
    if now >= expires_at:
        raise Refused("issuer", "bundle-expired")
    if root:
        _check_root(claims.get("authorisation"), store, signer.kid, root, least=least, now=now)
    return store


def _origin(text: object) -> str:
    if not isinstance(text, str) or not text.startswith(("https://", "http://")):
        raise Malformed("bundle")
    return text


def _check_root(
    token: object, store: TrustStore, kid: str, root: str, *, least: int, now: datetime
) -> None:
    if not isinstance(token, str):
        raise Refused("issuer", "unauthorised")
    origins = [addresses.origin for addresses in store.addresses.everywhere()]
    try:
        found = read_authorisation(token, root=root)
        check_authorised(found, kid=kid, origins=origins, now=now, least=least)
    except Unauthorised as error:
        raise Refused("issuer", str(error.args[0])) from None


def _read(entry: dict[str, Any], names: dict[str, Any]) -> TrustedKey:
    if kid_of(entry["jwk"]) != entry["kid"]:
        raise Malformed("bundle")
    at = {
        name: from_instant(entry[name]) if name in entry else None
        for name in ("activeFrom", "retiredAt", "revokedAt")
    }
    return TrustedKey(
        kid=entry["kid"],
        issuer=entry["issuer"],
        issuer_name=names.get(entry["issuer"], {}),
        purpose=entry["purpose"],
        key=key_from_jwk(entry["jwk"]),
        activated_at=at["activeFrom"],
        retired_at=at["retiredAt"],
        compromised_at=at["revokedAt"],
        demonstration=entry["demonstration"],
    )


def read_bundles(token: str, now: datetime, *, root: str = "") -> list[TrustStore]:
    """The stores of the installation that a bundle speaks for, and of those that it accepts. One whose
    bundle is out of date is left out, as its certificates then can't be verified offline."""
    own = read_bundle(token, now, root=root)
    entries = from_json(from_base64url(token.split(".")[1])).get("installations")
    entries = entries if isinstance(entries, list) else []
    return [own, *(store for entry in entries if (store := _accepted(entry, now)))]


def _accepted(entry: object, now: datetime) -> TrustStore | None:
    match entry:
        case {"origin": str(origin), "root": str(root), "bundle": str(bundle)}:
            try:
                store = read_bundle(bundle, now, root=root)
            except Refused:
                return None
            return store if store.addresses.origin == origin else None
    return None


def store_of(addresses: Addresses, keys: Iterable[TrustedKey], made_at: datetime) -> TrustStore:
    return TrustStore(addresses, tuple(sorted(keys, key=lambda key: key.kid)), made_at)
