"""When a judge's own sheet is locked, and who may countersign a change of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from contests.judging.admission import DeviceState
from contests.judging.panel import Panel
from contests.judging.slots import Slot, group_slots, slot_ids
from contests.sheets import Payload

LEADING = ("group_leader", "chief_referee")


def is_locked(panel: Panel, payload: Payload, before: Mapping[UUID, Slot]) -> bool:
    """Whether the sheet that this revision changes was locked. `before`: the slots as they were when
    the gate opened: until then nobody could have seen his colleagues' marks.

    A sheet that does not count yet is never locked: its judge has to put it right.
    """
    if not payload.base:
        return False
    own = before.get(UUID(payload.sheet))
    if own is not None and own.state == "not_countable" and own.revision == payload.base:
        return False
    lock = panel.frozen.rules.lock
    if lock == "entry":
        return True
    return lock == "round" and own is not None and _round_is_in(panel, payload, before)


def countersigner(panel: Panel, payload: Payload, device: DeviceState) -> str:
    """The appointment of the leader who rightly countersigned, or "": somebody else than the judge,
    who leads in this contest and had signed in on this device."""
    if payload.countersign is None:
        return ""
    leader = panel.appointments.get(payload.countersign.judge)
    if leader is None or leader.role not in LEADING:
        return ""
    if leader.account == panel.facts(payload.judge).account:
        return ""
    return leader.id if device.admits(leader.account, payload.at) else ""


def _round_is_in(panel: Panel, payload: Payload, before: Mapping[UUID, Slot]) -> bool:
    """Every sheet of the group is there; of a group that agrees on one sheet, that one."""
    duties = panel.duties(payload.module, payload.judge)
    if all(aspect.judges <= 1 for aspect in duties):
        known = [before[id_] for id_ in slot_ids(panel, payload) if id_ in before]
        return any(slot.state != "not_countable" for slot in known)
    slots = group_slots(before, panel, payload)
    return slots is not None and all(slot.state != "not_countable" for slot in slots)
