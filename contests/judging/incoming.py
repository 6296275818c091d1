"""Whose revision it is: size, form, algorithm, key, signature, numbers. Before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contests.judging.signing import ALGORITHM, is_signed_by
from contests.sheets import (
    MAXIMUM_BYTES,
    SHEET_TYPE,
    Payload,
    jws_hash,
    read_payload,
    slot_id,
    take_apart,
)
from contests.tables import Device
from core.scoring.codec import load
from core.scoring.model import Finding

_KID = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brought a revision: an account, or the tablet of this kid. Anybody enrolled may bring
    another's (a courier), so nothing that is decided about it asks for this."""

    account: UUID | None = None
    kid: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An authentic, readable revision. digest: its `jws_hash`."""

    jws: str
    digest: str
    kid: str
    public_jwk: str
    payload: Payload
    sender: Sender
    now: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why bytes go to the quarantine. rid, contest and sheet as claimed, "" when they can't be read;
    kid as claimed, but device_seq only when the device's signature is right: a number that anybody
    could write would hide a gap."""

    reason: str
    findings: tuple[Finding, ...] = ()
    rid: str = ""
    contest: str = ""
    answer: str = "quarantined"
    kid: str = ""
    device_seq: int = 0
    sheet: str = ""


async def authentic(jws: str, *, sender: Sender, now: datetime) -> Incoming | Refusal:
    """Algorithm and type are ours to choose: the header may only agree."""
    if len(jws) > MAXIMUM_BYTES:
        return Refusal(
            "revision-too-large",
            (Finding("", "revision-too-large", {"limit": str(MAXIMUM_BYTES)}),),
        )
    parts = take_apart(jws)
    if parts is None:
        return Refusal("not-a-jws")
    header = parts.header
    if header.get("alg") != ALGORITHM or header.get("typ") != SHEET_TYPE or "crit" in header:
        return Refusal("algorithm-refused")
    kid = header.get("kid")
    named = isinstance(kid, str) and _KID.fullmatch(kid) is not None
    public_jwk = await _public_jwk(str(kid)) if named else None
    if public_jwk is None:
        return _claimed("device-unknown", parts.payload, kid)
    if not is_signed_by(jws, public_jwk):
        return _claimed("signature-wrong", parts.payload, kid)
    payload, findings = read_payload(parts.payload)
    if payload is None:
        return _claimed("unreadable", parts.payload, kid, findings, signed=True)
    if payload.sheet != str(_slot(payload)):
        pointed = Finding("/sheet", "slot-differs", {"expected": str(_slot(payload))})
        return _claimed("unreadable", parts.payload, kid, [pointed], signed=True)
    return Incoming(jws, jws_hash(jws), str(kid), public_jwk, payload, sender, now)


def _slot(payload: Payload) -> UUID:
    return slot_id(
        payload.contest,
        payload.module,
        payload.code,
        payload.attempt,
        payload.round,
        payload.judge,
    )


def _claimed(
    reason: str, data: bytes, kid: object, findings: Sequence[Finding] = (), *, signed: bool = False
) -> Refusal:
    """What such bytes say of themselves, as far as it can be read."""
    value, _ = load(data)
    claimed = value if isinstance(value, dict) else {}
    rid, contest, sheet = (str(claimed.get(name, ""))[:60] for name in ("rid", "contest", "sheet"))
    seq = claimed.get("seq", 0)
    number = seq if signed and type(seq) is int and 0 < seq < 2**53 else 0
    known = kid if isinstance(kid, str) and _KID.fullmatch(kid) else ""
    return Refusal(reason, tuple(findings), rid, contest, kid=known, device_seq=number, sheet=sheet)


_keys: dict[str, str] = {}
"""kid -> public JWK: the two never change; whether the key is revoked is read each time."""


async def _public_jwk(kid: str) -> str | None:
    if kid not in _keys:
        row = await Device.select(Device.public_jwk).where(Device.kid == kid).first()
        if row is None:
            return None
        if len(_keys) > 10_000:
            _keys.clear()
        _keys[kid] = row["public_jwk"]
    return _keys[kid]
