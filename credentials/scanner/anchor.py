"""What the scanner is delivered with: whose signature under the trust bundle it believes at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.errors import Unavailable
from credentials import keyring, published
from credentials.encoding import Malformed, from_base64url, from_json, to_json
from credentials.trust import TRUST
from credentials.trusting.authorisation import read_authorisation


@dataclass(frozen=True, slots=True)
class Anchor:
    """`body`: the bytes that the app reads. `others`: origins whose lists it may fetch."""

    body: bytes
    others: tuple[str, ...]


async def delivered() -> Anchor:
    """Read from the installation's own bundle. With an offline root its thumbprint is pinned, without
    one the trust keys of today; both stay on the device from the first visit on."""
    try:
        claims = _claims(await published.trust_bundle())
    except Unavailable:  # nobody issues here yet
        claims = {"iss": keyring.addresses().origin, "keys": []}
    origins = [claims["iss"], *claims.get("formerOrigins", ())]
    authorisation = claims.get("authorisation")
    root = read_authorisation(authorisation).root if authorisation else ""
    keys = [] if root else _trust_keys(claims)
    body = to_json({"origins": origins, "keys": keys, "root": root, "n": 0})
    return Anchor(body, tuple(sorted(_others(claims) - set(origins))))


def _trust_keys(claims: dict[str, Any]) -> list[dict[str, str]]:
    kept = [
        key
        for key in claims["keys"]
        if key["purpose"] == TRUST and not {"revokedAt", "retiredAt"} & key.keys()
    ]
    return [key["jwk"] for key in sorted(kept, key=lambda key: str(key["kid"]))]


def _others(claims: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for installation in claims.get("installations", ()):
        try:
            found.add(str(_claims(installation["bundle"])["iss"]))
        except (Malformed, KeyError):
            continue
    return found


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = from_json(from_base64url(token.split(".")[1]))
    return claims
