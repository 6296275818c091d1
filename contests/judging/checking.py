"""What is wrong with an authentic revision: whose work it is, its marks, its place in the device's
chain."""

from __future__ import annotations

from contests.judging.admission import TABLET, DeviceState
from contests.judging.incoming import Refusal
from contests.judging.panel import Panel
from contests.sheets import Payload, sheet_of
from core.scoring.model import Finding


def device_refusal(device: DeviceState | None) -> Refusal | None:
    """A key that is not enrolled (any more) or was revoked signs nothing."""
    if device is None:
        return Refusal("device-unknown")
    if device.row["revoked_at"] is not None:
        return Refusal("device-revoked")
    return None


def slot_refusal(payload: Payload, panel: Panel, device: DeviceState) -> Refusal | None:
    """The sheet must be one that a judge marks whose sheets this device may sign."""
    appointment = panel.appointments.get(payload.judge)
    if appointment is None:
        return Refusal("not-appointed")
    if not device.may_sign(appointment.account, payload):
        return Refusal(_not_admitted(device, payload))
    return place_refusal(payload, panel)


def place_refusal(payload: Payload, panel: Panel) -> Refusal | None:
    """The work must be there, and one that the judge marks."""
    if not panel.duties(payload.module, payload.judge):
        return Refusal("module-not-theirs")
    if payload.code not in panel.codes.get(payload.module, ()):
        return Refusal("code-unknown")
    return None


def _not_admitted(device: DeviceState, payload: Payload) -> str:
    if payload.paper is not None:
        return "paper-not-here"
    return "judge-not-admitted" if device.kind == TABLET else "device-of-another"


def sheet_findings(panel: Panel, payload: Payload, aspects: frozenset[str]) -> list[Finding]:
    """What keeps the sheet from counting; it is stored all the same."""
    own = panel.facts(payload.judge)
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
