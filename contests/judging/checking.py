"""What is wrong with an authentic revision: whose work it is, its marks, its place in the device's
chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.judging.incoming import Incoming, Refusal
from contests.judging.panel import Panel
from contests.sheets import Payload, sheet_of
from core.scoring.model import Finding


def device_refusal(incoming: Incoming, device: Mapping[str, Any]) -> Refusal | None:
    """The key must be the sender's and not revoked."""
    if device["account"] != incoming.account:
        return Refusal("device-of-another")
    if device["revoked_at"] is not None:
        return Refusal("device-revoked")
    return None


def slot_refusal(incoming: Incoming, panel: Panel) -> Refusal | None:
    """The sheet must be one that this account is appointed to mark."""
    payload = incoming.payload
    appointment = panel.appointments.get(payload.judge)
    if appointment is None or appointment.account != str(incoming.account):
        return Refusal("not-appointed")
    if not panel.duties(payload.module, payload.judge):
        return Refusal("module-not-theirs")
    if payload.code not in panel.codes.get(payload.module, ()):
        return Refusal("code-unknown")
    return None


def sheet_findings(panel: Panel, payload: Payload, aspects: frozenset[str]) -> list[Finding]:
    """What keeps the sheet from counting; it is stored all the same."""
    own = panel.appointments[payload.judge]
    sheet = sheet_of(payload, panel=own.panel)
    theirs = {aspect.id for aspect in panel.duties(payload.module, payload.judge)} & aspects
    foreign = [
        Finding(f"/marks/{aspect}", "aspect-not-theirs", {"aspect": aspect, "seat": own.seat})
        for aspect in payload.marks
        if aspect not in theirs
    ]
    return [*foreign, *panel.type.check(panel.frozen.scheme, sheet)]


def order_findings(payload: Payload, last: int, last_hash: str) -> list[Finding]:
    """Where the revision stands in its device's chain. The sheet counts whatever these say."""
    if payload.seq == last + 1 and payload.prev == last_hash:
        return []
    if payload.seq <= last:
        params = {"seq": str(payload.seq), "last": str(last)}
        return [Finding("/seq", "device-out-of-order", params)]
    if payload.seq > last + 1:
        params = {"first": str(last + 1), "last": str(payload.seq - 1)}
        return [Finding("/seq", "device-gap", params)]
    return [Finding("/prev", "device-chain-broken", {"seq": str(payload.seq)})]
