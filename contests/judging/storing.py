"""Deciding one revision at an open desk: stored, doubled, or kept apart, and which answer."""

from __future__ import annotations

from collections.abc import Mapping

from contests.judging.accepting import Accepting
from contests.judging.admission import DeviceState
from contests.judging.checking import device_refusal, place_refusal, slot_refusal
from contests.judging.desk import Desk, KnownRevision
from contests.judging.incoming import Incoming, Refusal
from contests.judging.keeping import Answer, keep_apart, quarantine
from contests.judging.panel import Panel
from contests.judging.rounds import round_aspects
from contests.log import here
from contests.sheets import Payload
from contests.tables import Contest

__all__ = ["Answer", "decide", "quarantine"]


async def decide(
    desk: Desk, incoming: Incoming, *, taken: Mapping[str, str] | None = None
) -> Answer:
    """What becomes of one revision. A refusal is an answer, never an exception.

    `taken`: a leader takes it out of the quarantine: who signed it, on which device and under which
    rules is then his decision, and `taken` is written beside it.
    """
    payload, device = incoming.payload, desk.devices.get(incoming.kid)
    known = desk.known.get(payload.rid)
    if known is not None:
        return _known(desk, incoming, known)
    refusal = None if taken else device_refusal(device)
    refusal = refusal or await _shut(desk, payload, taken=bool(taken))
    if refusal is None and desk.panel is not None and device is not None:
        refusal = _slot_refusal(payload, desk.panel, device, taken=bool(taken))
    if refusal is not None or desk.log is None or desk.panel is None or device is None:
        return keep_apart(desk, incoming, refusal or Refusal("contest-type-missing", answer="held"))
    aspects = round_aspects(desk, desk.panel, payload)
    if aspects is None:
        return keep_apart(desk, incoming, Refusal("round-not-open", answer="held"))
    accepting = Accepting(desk, desk.log, desk.panel, incoming, device, taken or {})
    return await accepting.store(aspects)


def _slot_refusal(
    payload: Payload, panel: Panel, device: DeviceState, *, taken: bool
) -> Refusal | None:
    if not taken:
        return slot_refusal(payload, panel, device)
    if panel.known(payload.judge) is None:
        return Refusal("not-appointed")
    return place_refusal(payload, panel)


def _known(desk: Desk, incoming: Incoming, known: KnownRevision) -> Answer:
    """Sent before: the same bytes get the first receipt, other bytes under the id are kept apart."""
    if known.jws_hash != incoming.digest:
        return keep_apart(desk, incoming, Refusal("rid-used", answer="conflict"))
    return Answer(incoming.payload.rid, "duplicate", known.seq, "", known.receipt)


async def _shut(desk: Desk, payload: Payload, *, taken: bool) -> Refusal | None:
    """Why nothing is taken now."""
    if desk.log is not None:
        if desk.log.row["judging_ended_at"] is not None:
            return Refusal("judging-ended", answer="late")
        wrong = payload.rules != desk.log.row["rules_hash"]
        return Refusal("rules-differ") if wrong and not taken else None
    row = (
        await Contest.select(Contest.state, Contest.home).where(Contest.id == desk.contest).first()
    )
    if row is None:
        return Refusal("contest-unknown")
    if row["home"] != here():
        return Refusal("held-for-venue", answer="held")
    if row["state"] in {"draft", "ready"}:
        return Refusal("judging-not-started", answer="held")
    return Refusal("contest-closed", answer="late")
