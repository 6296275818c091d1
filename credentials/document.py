"""PURE: is this payload a certificate as we write them, each registered claim equal to its member?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.claims import COLLECTIVE, CONTEXTS, NOTICE, SUBJECTS, TYPES
from credentials.encoding import Malformed, from_instant
from credentials.identifiers import PUBLIC_ID, Addresses
from credentials.status import BLOCK
from credentials.trust import Refused, TrustedKey

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTEXTS, _TYPES = list(CONTEXTS), list(TYPES)
_SUBJECTS = (["AchievementSubject"], *(list(types) for types in SUBJECTS.values()))


@dataclass(frozen=True, slots=True)
class Document:
    public_id: str
    valid_from: datetime
    valid_until: datetime | None
    block: int
    index: int


def check_document(payload: Mapping[str, Any], key: TrustedKey, addresses: Addresses) -> Document:
    """Raises Refused with the first thing that is not as it must be."""
    if payload.get("@context") != _CONTEXTS or _redefined(payload):
        raise Refused("unaltered", "context")
    if payload.get("type") != _TYPES or "vc" in payload or "proof" in payload:
        raise Refused("unaltered", "type")
    _issued_by(payload, addresses.issuer(key.issuer))
    public_id = _identified(payload, addresses)
    try:
        valid_from, valid_until = _dated(payload)
    except Malformed:
        raise Refused("unaltered", "claims") from None
    block, index = _placed(payload.get("credentialStatus"), key.issuer, addresses)
    return Document(public_id, valid_from, valid_until, block, index)


def _redefined(payload: Mapping[str, Any]) -> bool:
    """Whether a part brings a context of its own, which would give its words another meaning."""
    parts = [*payload.values()]
    for part in parts:  # grows while it is read: a walk without a call for each part
        if type(part) is dict:
            if "@context" in part:
                return True
            parts.extend(part.values())
        elif type(part) is list:
            parts.extend(part)
    return False


def _issued_by(payload: Mapping[str, Any], expected: str) -> None:
    issuer = payload.get("issuer")
    if not isinstance(issuer, dict) or issuer.get("id") != payload.get("iss"):
        raise Refused("unaltered", "claims")
    if issuer["id"] != expected:
        raise Refused("issuer", "other-issuer")


def _identified(payload: Mapping[str, Any], addresses: Addresses) -> str:
    id, subject = payload.get("id"), payload.get("credentialSubject")
    prefix = addresses.certificate("")
    if not isinstance(id, str) or id != payload.get("jti") or not id.startswith(prefix):
        raise Refused("unaltered", "claims")
    if not isinstance(subject, dict) or subject.get("type") not in _SUBJECTS:
        raise Refused("unaltered", "type")
    if not isinstance(subject.get("id"), str) or subject["id"] != payload.get("sub"):
        raise Refused("unaltered", "claims")
    if not isinstance(subject.get("achievement"), dict):
        raise Refused("unaltered", "type")
    public_id = id[len(prefix) :]
    if not PUBLIC_ID.fullmatch(public_id):
        raise Refused("unaltered", "claims")
    return public_id


def _dated(payload: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    valid_from = from_instant(payload.get("validFrom"))
    if not _equal(payload.get("nbf"), valid_from):
        raise Malformed("claims")
    if "validUntil" not in payload:
        if "exp" in payload:
            raise Malformed("claims")
        return valid_from, None
    valid_until = from_instant(payload["validUntil"])
    if not _equal(payload.get("exp"), valid_until) or valid_until <= valid_from:
        raise Malformed("claims")
    return valid_from, valid_until


def _equal(claim: object, at: datetime) -> bool:
    # type() and not isinstance: True is an int, and a string or a float is no NumericDate of ours.
    return type(claim) is int and claim == int(at.timestamp())


def _placed(entry: object, issuer: str, addresses: Addresses) -> tuple[int, int]:
    if not isinstance(entry, dict) or set(entry) != _ENTRY:
        raise Refused("unaltered", "status-entry")
    index, url = entry["statusListIndex"], entry["statusListCredential"]
    prefix = addresses.revocation_list(issuer, 0)[:-1]
    if not isinstance(index, str) or not isinstance(url, str) or not url.startswith(prefix):
        raise Refused("unaltered", "status-entry")
    block = url[len(prefix) :]
    kind = (entry["type"], entry["statusPurpose"])
    if kind != ("BitstringStatusListEntry", "revocation") or entry["id"] != f"{url}#{index}":
        raise Refused("unaltered", "status-entry")
    if not _DECIMAL.fullmatch(index) or not _DECIMAL.fullmatch(block) or int(index) >= BLOCK:
        raise Refused("unaltered", "status-entry")
    return int(block), int(index)


_ENTRY = {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"}


def of_collective(payload: Mapping[str, Any]) -> bool:
    """Whether a unit, a team or a studio holds it, and no person."""
    return bool(payload["credentialSubject"]["type"] == list(SUBJECTS[COLLECTIVE]))


def holder_name(payload: Mapping[str, Any]) -> str:
    """The name as signed; empty when there is none."""
    identifiers = payload["credentialSubject"].get("identifier")
    for identity in identifiers if isinstance(identifiers, list) else ():
        match identity:
            case {"identityType": "name", "hashed": False, "identityHash": str(name)}:
                return name
    return ""


def notice_of(payload: Mapping[str, Any]) -> str:
    """Last day of the public notice, or empty."""
    results = payload["credentialSubject"].get("result")
    for result in results if isinstance(results, list) else ():
        match result:
            case {"resultDescription": str(url), "value": str(until)} if url.endswith(NOTICE):
                return _day(until)
    return ""


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007
    except ValueError:
        raise Refused("unaltered", "claims") from None
