"""The signed content of a QR: an untagged COSE_Sign1 with CWT claims, in base32.

Protected header {alg: ES256, kid: 8 bytes}; claims {exp?, iat, cti, -70001: [version, kind, name,
title code, grade, block, index, noticeUntil?]}. One spelling of each message is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import cbor2

from credentials.encoding import Malformed, from_base32, from_base64url, to_base32, to_base64url
from credentials.identifiers import public_id_bytes, public_id_from_bytes
from credentials.keys import Signer
from credentials.status import BLOCK

LIMIT = 2048
"""Characters of base32; ours have about 280."""
VERSION = 1
CLAIM = -70001
KINDS = ("award", "level", "honour", "partner", "collective")
EXP, IAT, CTI = 4, 6, 7


@dataclass(frozen=True, slots=True)
class Printed:
    """What the QR says by itself."""

    public_id: str
    kind: str
    name: str
    title_code: str
    grade: str
    block: int
    index: int
    issued_at: datetime
    expires_at: datetime | None = None
    notice_until: str = ""


def sign_printed(printed: Printed, signer: Signer) -> str:
    return sign_claims(claims_bytes(printed), signer)


def claims_bytes(printed: Printed) -> bytes:
    """What is signed of it, for somebody who signs elsewhere."""
    return _encoded(_claims(printed))


def read_claims(data: bytes) -> Printed:
    """Raises Malformed for other bytes than `claims_bytes` writes."""
    return _printed(_decoded(data))


def sign_claims(payload: bytes, signer: Signer) -> str:
    protected = _encoded({1: -7, 4: from_base64url(signer.kid)})
    signature = signer.signature(_signature_input(protected, payload))
    return to_base32(_encoded([protected, {}, payload, signature]))


@dataclass(frozen=True, slots=True)
class Opened:
    """A QR's message, read but not yet believed: `kid` names the key that must have signed."""

    kid: str
    signature: bytes
    signed: bytes
    printed: Printed
    claims: bytes = b""


def open_printed(text: str) -> Opened:
    """Raises Malformed for anything that `sign_printed` would have written in another way."""
    if len(text) > LIMIT:
        raise Malformed("too-large")
    message = _decoded(from_base32(text))
    match message:
        case [bytes() as protected, dict() as loose, bytes() as payload, bytes() as signature]:
            if loose:
                raise Malformed("header")
        case _:
            raise Malformed("cose")
    return Opened(
        kid=_kid(_decoded(protected)),
        signature=signature,
        signed=_signature_input(protected, payload),
        printed=_printed(_decoded(payload)),
        claims=payload,
    )


def _claims(printed: Printed) -> dict[int, Any]:
    claims: dict[int, Any] = {}
    if printed.expires_at:
        claims[EXP] = int(printed.expires_at.timestamp())
    claims[IAT] = int(printed.issued_at.timestamp())
    claims[CTI] = public_id_bytes(printed.public_id)
    claims[CLAIM] = [
        VERSION,
        printed.kind,
        printed.name,
        printed.title_code,
        printed.grade,
        printed.block,
        printed.index,
        *([printed.notice_until] if printed.notice_until else []),
    ]
    return claims


def _kid(header: object) -> str:
    match header:
        case {1: -7, 4: bytes() as kid, **rest} if not rest and len(kid) == 8:
            return to_base64url(kid)
    raise Malformed("header")


def _printed(claims: object) -> Printed:
    if not isinstance(claims, dict) or not set(claims) <= {EXP, IAT, CTI, CLAIM}:
        raise Malformed("claims")
    facts = claims.get(CLAIM)
    if not isinstance(facts, list) or [type(fact) for fact in facts[:7]] != _TYPES:
        raise Malformed("claims")
    version, kind, name, title_code, grade, block, index, *notice = facts
    public_id = public_id_from_bytes(claims.get(CTI))
    if version != VERSION or kind not in KINDS or not public_id:
        raise Malformed("claims")
    if not (0 <= index < BLOCK and 0 <= block < 1 << 40) or len(notice) > 1:
        raise Malformed("claims")
    return Printed(
        public_id=public_id,
        kind=kind,
        name=name,
        title_code=title_code,
        grade=grade,
        block=block,
        index=index,
        issued_at=_instant(claims.get(IAT)),
        expires_at=_instant(claims[EXP]) if EXP in claims else None,
        notice_until=_day(notice[0]) if notice else "",
    )


_TYPES = [int, str, str, str, str, int, int]


def _instant(value: object) -> datetime:
    if type(value) is not int or not 0 <= value < 253_402_300_800:
        raise Malformed("claims")
    return datetime.fromtimestamp(value, UTC)


def _day(value: object) -> str:
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise Malformed("claims")


def _signature_input(protected: bytes, payload: bytes) -> bytes:
    return _encoded(["Signature1", protected, b"", payload])


def _encoded(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def _decoded(data: bytes) -> Any:
    # Writing it again finds what a lenient reader lets pass: trailing bytes, indefinite lengths,
    # the same key twice, long forms of short numbers. Tags and floats fail on their types.
    try:
        value = cbor2.loads(data)
        if _encoded(value) != data:
            raise Malformed("cbor")
    except Malformed:
        raise
    except Exception:
        # cbor2 answers hostile bytes with a dozen kinds of exception, some of them bare.
        raise Malformed("cbor") from None
    return value
