"""Whose revision it is: size, form, algorithm, key, signature, numbers. Before anything is written."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Incoming:
    """An authentic, readable revision. digest: its `jws_hash`; account: who sent it."""

    jws: str
    digest: str
    kid: str
    public_jwk: str
    payload: Payload
    account: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why bytes go to the quarantine. rid and contest as claimed, "" when they can't be read."""

    reason: str
    findings: tuple[Finding, ...] = ()
    rid: str = ""
    contest: str = ""
    answer: str = "quarantined"


async def authentic(jws: str, *, account: UUID, now: datetime) -> Incoming | Refusal:
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
    public_jwk = await _public_jwk(kid) if isinstance(kid, str) else None
    if public_jwk is None:
        return Refusal("device-unknown")
    if not is_signed_by(jws, public_jwk):
        return Refusal("signature-wrong")
    payload, findings = read_payload(parts.payload)
    if payload is None:
        return _unreadable(parts.payload, findings)
    if payload.sheet != str(_slot(payload)):
        pointed = Finding("/sheet", "slot-differs", {"expected": str(_slot(payload))})
        return Refusal("unreadable", (pointed,), payload.rid, payload.contest)
    return Incoming(jws, jws_hash(jws), str(kid), public_jwk, payload, account, now)


def _slot(payload: Payload) -> UUID:
    return slot_id(
        payload.contest,
        payload.module,
        payload.code,
        payload.attempt,
        payload.round,
        payload.judge,
    )


def _unreadable(data: bytes, findings: list[Finding]) -> Refusal:
    value, _ = load(data)
    claimed = value if isinstance(value, dict) else {}
    rid, contest = claimed.get("rid", ""), claimed.get("contest", "")
    return Refusal("unreadable", tuple(findings), str(rid)[:60], str(contest)[:60])


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
