"""PURE: a batch on its way to be signed and back. Runs on the partner's machine too: no database here.

Unsigned: `{format, batch, issuer, kid, certificates: [{document, paper}]}`; `document` is the payload's
exact text, `paper` the QR's claims in base64url. Signed: `{format, batch, certificates: [{token, paper}]}`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from credentials.cwt import read_claims, sign_claims
from credentials.document import check_document, holder_name
from credentials.encoding import Malformed, from_base64url, from_json, to_base64url, to_json
from credentials.identifiers import Addresses
from credentials.keys import (
    PrivateKey,
    Signer,
    header_segment,
    key_from_jwk,
    kid_of,
    public_jwk,
    signed_by,
)
from credentials.trust import CERTIFICATE, Refused, TrustedKey

UNSIGNED, SIGNED = "jiangxin-unsigned/1", "jiangxin-signed/1"
LIMIT = 64 * 1024 * 1024


class BatchRefused(Malformed):
    """`args[0]` says what is wrong with which certificate of the batch."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One certificate to sign: exactly these bytes."""

    document: str
    paper: bytes


@dataclass(frozen=True, slots=True)
class UnsignedBatch:
    """`issuer` and `kid`: as the tokens will name them."""

    batch: UUID
    issuer: str
    kid: str
    certificates: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    token: str
    paper: str


def write_unsigned(batch: UnsignedBatch) -> bytes:
    return to_json(
        {
            "format": UNSIGNED,
            "batch": str(batch.batch),
            "issuer": batch.issuer,
            "kid": batch.kid,
            "certificates": [
                {"document": one.document, "paper": to_base64url(one.paper)}
                for one in batch.certificates
            ],
        }
    )


def read_unsigned(data: bytes) -> UnsignedBatch:
    """Refuses whatever is no batch of certificates of the one issuer that it names: nobody gets
    anything else signed by slipping it in."""
    try:
        body = _body(data, UNSIGNED)
        asked = [
            Asked(str(one["document"]), from_base64url(one["paper"]))
            for one in body["certificates"]
        ]
        found = UnsignedBatch(
            UUID(body["batch"]), str(body["issuer"]), str(body["kid"]), tuple(asked)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BatchRefused("This is no batch of certificates to sign.") from None
    for n, one in enumerate(found.certificates, 1):
        _check(n, one, found)
    return found


def _body(data: bytes, format: str) -> dict[str, Any]:
    if len(data) > LIMIT:
        raise BatchRefused("It is larger than any batch of ours.")
    body = from_json(data)
    if body["format"] != format:
        raise BatchRefused("This is no batch of certificates to sign.")
    return dict(body)


def _check(n: int, asked: Asked, batch: UnsignedBatch) -> None:
    origin, _, code = batch.issuer.rpartition("/issuers/")
    if not origin or not batch.kid.startswith(f"{origin}/keys/"):
        raise BatchRefused("Its issuer and its key belong to different installations.")
    try:
        payload = from_json(asked.document.encode())
        document = check_document(payload, _believed(unquote(code)), Addresses(origin))
        printed = read_claims(asked.paper)
    except (Refused, Malformed, UnicodeEncodeError):
        raise BatchRefused(f"Number {n} is no certificate of {batch.issuer}.") from None
    same = (printed.public_id, printed.block, printed.index, printed.name)
    if same != (document.public_id, document.block, document.index, holder_name(payload)):
        raise BatchRefused(f"The QR code of number {n} says something else than its certificate.")


def _believed(issuer: str) -> TrustedKey:
    """As if the issuer's key had signed: what is looked at is the document."""
    nobody: Any = None
    return TrustedKey("", issuer, {}, CERTIFICATE, nobody, None)


def told(batch: UnsignedBatch) -> list[str]:
    """What the partner reads before signing: how many of what, and each with its holder."""
    documents = [from_json(one.document.encode()) for one in batch.certificates]
    counts = Counter(document["name"] for document in documents)
    return [
        f"{len(documents)} certificates of {batch.issuer}:",
        *(f"  {count} × {name}" for name, count in sorted(counts.items())),
        *(f"  {d['id']}  {holder_name(d)}  {d['name']}" for d in documents),
    ]


def sign_batch(batch: UnsignedBatch, key: PrivateKey) -> bytes:
    """Raises BatchRefused when the batch asks for another key."""
    kid = kid_of(public_jwk(key.public_key()))
    if batch.kid.rpartition("/")[2] != kid:
        raise BatchRefused(
            f"The batch asks for key {batch.kid.rpartition('/')[2]}, and this is {kid}."
        )
    signer = Signer(kid, batch.kid, key)
    header = signer.header("JWT")
    signed = [
        {
            "token": signer.sign_under(header, one.document.encode()),
            "paper": sign_claims(one.paper, signer),
        }
        for one in batch.certificates
    ]
    return to_json({"format": SIGNED, "batch": str(batch.batch), "certificates": signed})


def read_signed(data: bytes) -> tuple[UUID, list[Returned]]:
    try:
        body = _body(data, SIGNED)
        found = [Returned(str(one["token"]), str(one["paper"])) for one in body["certificates"]]
        return UUID(body["batch"]), found
    except BatchRefused:
        raise
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BatchRefused("This is no signed batch.") from None


# --- enrolment ---------------------------------------------------------------------------------

ENROLMENT = "jiangxin-enrolment+jwt"


def enrolment(issuer: str, key: PrivateKey, now: datetime) -> str:
    """What a partner hands over instead of a key: its public half, signed by the private one."""
    jwk = public_jwk(key.public_key())
    payload = {"issuer": issuer, "jwk": jwk, "iat": int(now.timestamp())}
    return Signer(kid_of(jwk), kid_of(jwk), key).sign(to_json(payload), typ=ENROLMENT)


@dataclass(frozen=True, slots=True)
class Enrolment:
    issuer: str
    jwk: dict[str, str]
    made_at: datetime


def read_enrolment(token: str) -> Enrolment:
    try:
        header, body, signature = token.split(".")
        claims = from_json(from_base64url(body))
        key = key_from_jwk(claims["jwk"])
        jwk = public_jwk(key)
        whole = header == header_segment(kid_of(jwk), ENROLMENT) and len(token) < 4096
        if not whole or not signed_by(key, from_base64url(signature), f"{header}.{body}".encode()):
            raise BatchRefused("The enrolment is not signed by the key that it brings.")
        return Enrolment(str(claims["issuer"]), jwk, datetime.fromtimestamp(claims["iat"], UTC))
    except BatchRefused:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise BatchRefused("This is no enrolment of a partner's key.") from None
