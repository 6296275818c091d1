"""From a stored row to what is handed out: the token, the QR's text, the picture. On request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.privacy import seal, unseal, unwrap
from credentials import keyring, qr
from credentials.cwt import Printed, sign_printed
from credentials.document import holder_name
from credentials.encoding import from_base64url, from_json
from credentials.issuing import TOKEN_CONTEXT
from credentials.status import split
from credentials.tables import CertificateVersion
from credentials.trust import CERTIFICATE

CWT_CONTEXT = b"certificate qr "


def token_of(row: Mapping[str, Any]) -> str:
    """The compact JWS of a version row; empty after erasure."""
    if row["wrapped_key"] is None or row["sealed_token"] is None:
        return ""
    context = TOKEN_CONTEXT + row["version_id"].bytes
    return unseal(unwrap(row["wrapped_key"]), row["sealed_token"], context).decode("ascii")


def payload_of(token: str) -> dict[str, Any]:
    payload: dict[str, Any] = from_json(from_base64url(token.split(".")[1]))
    return payload


def name_in(token: str) -> str:
    return holder_name(payload_of(token))


async def qr_text(row: Mapping[str, Any]) -> str:
    """The address with the signed content behind `#`; only the address after erasure.

    Signed when first asked for, with the issuer's key of that day, and kept."""
    url = keyring.addresses().certificate(row["public_id"])
    if row["wrapped_key"] is None:
        return url
    return f"{url}#{await _cwt(row)}"


async def _cwt(row: Mapping[str, Any]) -> str:
    key, id = unwrap(row["wrapped_key"]), row["version_id"]
    if row["sealed_cwt"] is not None:
        return unseal(key, row["sealed_cwt"], CWT_CONTEXT + id.bytes).decode("ascii")
    signer = await keyring.signer_of(row["issuer"], CERTIFICATE)
    text = sign_printed(_printed(row), signer)
    stored = await CertificateVersion.raw(
        "UPDATE certificate_version SET sealed_cwt = {} WHERE id = {} AND sealed_cwt IS NULL"
        " RETURNING id",
        seal(key, text.encode("ascii"), CWT_CONTEXT + id.bytes),
        id,
    )
    if stored:
        return text
    again = (
        await CertificateVersion.select(CertificateVersion.sealed_cwt)
        .where(CertificateVersion.id == id)
        .first()
    )
    sealed = again["sealed_cwt"] if again else None
    return unseal(key, sealed, CWT_CONTEXT + id.bytes).decode("ascii") if sealed else text


def _printed(row: Mapping[str, Any]) -> Printed:
    block, index = split(row["position"])
    return Printed(
        public_id=row["public_id"],
        kind=row["kind"],
        name=name_in(token_of(row)),
        title_code=row["title_code"],
        grade=row["grade"],
        block=block,
        index=index,
        issued_at=datetime.now(UTC),
        expires_at=row["valid_until"],
        notice_until=row["notice_until"],
    )


async def picture(row: Mapping[str, Any], kind: str) -> bytes:
    """The QR as "svg" or "png" with the token baked in, which makes it an Open Badge."""
    text, token = await qr_text(row), token_of(row)
    if kind == "svg":
        return qr.svg(text, title=row["public_id"], token=token).encode()
    return qr.png(text, token=token)
