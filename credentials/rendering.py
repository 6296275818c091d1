"""From a stored row to what is handed out: the token, the QR's text, the picture. On request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.privacy import seal, unseal, unwrap
from credentials import keyring, qr
from credentials.cwt import Printed, open_printed, sign_printed
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
    kept = _kept(row)
    if kept and (not await _spoilt(kept) or await keyring.outside_key(row["issuer"])):
        return kept
    signer = await keyring.signer_of(row["issuer"], CERTIFICATE)
    printed = printed_of(row, name_in(token_of(row)), datetime.now(UTC))
    text = sign_printed(printed, signer)
    stored = await CertificateVersion.raw(
        "UPDATE certificate_version SET sealed_cwt = {} WHERE id = {}"
        " AND (sealed_cwt IS NULL OR sealed_cwt = {}) RETURNING id",
        seal(key, text.encode("ascii"), CWT_CONTEXT + id.bytes),
        id,
        row["sealed_cwt"] or b"",
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


def _kept(row: Mapping[str, Any]) -> str:
    if row["sealed_cwt"] is None:
        return ""
    context = CWT_CONTEXT + row["version_id"].bytes
    return unseal(unwrap(row["wrapped_key"]), row["sealed_cwt"], context).decode("ascii")


def printed_in(row: Mapping[str, Any], at: datetime) -> Printed:
    """What the QR of a version says or would say, if it was signed at that moment."""
    if kept := _kept(row):
        return replace(open_printed(kept).printed, issued_at=at)
    return printed_of(row, name_in(token_of(row)), at)


async def _spoilt(text: str) -> bool:
    """Signed with a key that others have: no verifier believes it offline, so a reprint needs another."""
    found = (await keyring.trust_store()).by_kid.get(open_printed(text).kid)
    return found is not None and found.compromised_at is not None


def printed_of(row: Mapping[str, Any], name: str, now: datetime) -> Printed:
    """What the QR of a certificate says, by its row or what will be one."""
    block, index = split(row["position"])
    return Printed(
        public_id=row["public_id"],
        kind=row["kind"],
        name=name,
        title_code=row["title_code"],
        grade=row["grade"],
        block=block,
        index=index,
        issued_at=now,
        expires_at=row["valid_until"],
        notice_until=row["notice_until"],
    )


async def picture(row: Mapping[str, Any], kind: str) -> bytes:
    """The QR as "svg" or "png" with the token baked in, which makes it an Open Badge."""
    text, token = await qr_text(row), token_of(row)
    if kind == "svg":
        return qr.svg(text, title=row["public_id"], token=token).encode()
    return qr.png(text, token=token)
