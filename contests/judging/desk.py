"""One opening of a contest's gate for several revisions: everything is read together, decided one by
one in memory, and written together before the commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.judging.incoming import Incoming
from contests.judging.panel import Panel, panel_of
from contests.judging.slots import Slot, slot_ids
from contests.log import Writing, open_gate
from contests.sheets import Payload, round_id
from contests.statements import insert, run
from contests.tables import Device, MarkRound, Quarantine, Revision, SheetRow
from core.errors import ContestTypeMissing
from core.events import SheetSubmitted
from core.outbox import put


@dataclass(slots=True)
class DeviceState:
    """Where a device's chain stands; `row` is the whole row, to be written back."""

    row: dict[str, Any]
    changed: bool = False

    @property
    def last_seq(self) -> int:
        return int(self.row["last_seq"])

    @property
    def last_hash(self) -> str:
        return str(self.row["last_hash"])


@dataclass(frozen=True, slots=True)
class KnownRevision:
    jws_hash: str
    receipt: str
    seq: int


@dataclass(slots=True)
class Round:
    """A round of marking that was opened once."""

    id: UUID
    module: str
    code: str
    attempt: int
    panel: str
    group: str
    number: int
    aspects: list[str]
    opened_at: datetime
    resolved_at: datetime | None = None
    changed: bool = False


@dataclass(slots=True)
class Desk:
    """log None: the gate is shut. panel None: the contest's type is not installed."""

    contest: UUID
    log: Writing | None
    panel: Panel | None = None
    devices: dict[str, DeviceState] = field(default_factory=dict)
    known: dict[str, KnownRevision] = field(default_factory=dict)
    slots: dict[UUID, Slot] = field(default_factory=dict)
    rounds: dict[UUID, Round] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    """rid -> base of what was decided here."""
    revisions: list[Revision] = field(default_factory=list)
    quarantine: list[Quarantine] = field(default_factory=list)
    touched: dict[UUID, SheetRow] = field(default_factory=dict)
    submitted: list[SheetSubmitted] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    """kids whose key goes into the log with this commit."""

    async def write(self) -> None:
        """Everything that was decided, in as few statements as there are tables."""
        if self.log is not None:
            await self.log.flush()
        if self.touched:
            await insert(SheetRow, self.touched.values(), update=_SLOT_COLUMNS)
        if self.revisions:
            await insert(Revision, self.revisions)
        changed = [Device(**d.row) for d in self.devices.values() if d.changed]
        if changed:
            await insert(Device, changed, update=_CHAIN_COLUMNS)
        rounds = [_round_row(self.contest, r) for r in self.rounds.values() if r.changed]
        if rounds:
            await insert(MarkRound, rounds, update=_ROUND_COLUMNS)
        if self.quarantine:
            await Quarantine.insert(*self.quarantine).on_conflict(action="DO NOTHING")
        if self.submitted:
            await put(*self.submitted)


async def open_desk(contest: UUID, batch: Sequence[Incoming]) -> Desk:
    """Inside a transaction. From here on every other submit and every close of this contest waits."""
    log = await open_gate(contest, ("judging",), now=batch[0].now)
    desk = Desk(contest, log)
    await _read_devices(desk, batch)
    if log is None or log.row["judging_ended_at"] is not None:
        return desk
    try:
        desk.panel = await panel_of(log)
    except ContestTypeMissing:
        return desk
    payloads = [one.payload for one in batch if one.payload.judge in desk.panel.appointments]
    await _read_slots(desk, desk.panel, payloads)
    await _read_rounds(desk, desk.panel, payloads)
    return desk


async def desk_behind(log: Writing, payload: Payload) -> Desk:
    """The desk of an open gate, with the group's sheets of one work and its rounds."""
    desk = Desk(log.contest, log, await panel_of(log))
    if desk.panel is not None and payload.judge in desk.panel.appointments:
        await _read_slots(desk, desk.panel, [payload])
        await _read_rounds(desk, desk.panel, [payload])
    return desk


def round_of(panel: Panel, payload: Payload, number: int) -> UUID:
    """The id of this group's round for the payload's work."""
    own = panel.appointments[payload.judge]
    return round_id(
        payload.contest,
        payload.module,
        payload.code,
        payload.attempt,
        own.panel,
        own.group,
        number,
    )


async def _read_devices(desk: Desk, batch: Sequence[Incoming]) -> None:
    """In one question: while it is asked, everybody else waits at the gate. A revision that is known
    already is rare, so the join hardly ever multiplies."""
    kids = list({one.kid for one in batch})
    rids = list({UUID(one.payload.rid) for one in batch})
    rows = await run(
        _DEVICES.format(", ".join(["{}"] * len(rids)), ", ".join(["{}"] * len(kids))),
        *rids,
        *kids,
    )
    for row in rows:
        found = {name: row[name] for name in _DEVICE_NAMES}
        desk.devices.setdefault(row["kid"], DeviceState(found))
        if row["rid"] is not None:
            rid = str(UUID(str(row["rid"])))
            desk.known[rid] = KnownRevision(row["jws_hash"], row["receipt"], row["revision_seq"])


async def _read_slots(desk: Desk, panel: Panel, payloads: Sequence[Payload]) -> None:
    ids = {id_ for payload in payloads for id_ in slot_ids(panel, payload)}
    if ids:
        rows = await run(_SLOTS.format(", ".join(["{}"] * len(ids))), *ids)
        slots = [Slot.read(row) for row in rows]
        desk.slots = {slot.id: slot for slot in slots}


async def _read_rounds(desk: Desk, panel: Panel, payloads: Sequence[Payload]) -> None:
    """Only where there can be one: a later round, or a group whose sheets are all there."""
    ids = {
        round_of(panel, payload, number)
        for payload in payloads
        if payload.round > 1 or all(i in desk.slots for i in slot_ids(panel, payload))
        for number in (payload.round, payload.round + 1)
    }
    rows = await MarkRound.select().where(MarkRound.id.is_in(list(ids))) if ids else []
    desk.rounds = {
        row["id"]: Round(
            row["id"],
            row["module"],
            row["code"],
            row["attempt"],
            row["panel"],
            row["group_code"],
            row["round"],
            json.loads(row["aspects"]),
            row["opened_at"],
            row["resolved_at"],
        )
        for row in rows
    }


def _round_row(contest: UUID, facts: Round) -> MarkRound:
    return MarkRound(
        id=facts.id,
        contest=contest,
        module=facts.module,
        code=facts.code,
        attempt=facts.attempt,
        panel=facts.panel,
        group_code=facts.group,
        round=facts.number,
        aspects=json.dumps(facts.aspects),
        opened_at=facts.opened_at,
        resolved_at=facts.resolved_at,
    )


_SLOT_COLUMNS = [
    SheetRow.revision,
    SheetRow.state,
    SheetRow.countable,
    SheetRow.marks,
    SheetRow.seq,
    SheetRow.hash,
    SheetRow.stored_at,
]
_CHAIN_COLUMNS = [Device.last_seq, Device.last_hash, Device.last_seen_at]
_ROUND_COLUMNS = [MarkRound.aspects, MarkRound.resolved_at]
_SLOTS = "SELECT * FROM sheet_row WHERE id IN ({})"
_DEVICE_NAMES = [column._meta.name for column in Device._meta.columns]
_DEVICES = (
    "SELECT device.*, revision.id AS rid, revision.jws_hash, revision.receipt,"
    " revision.seq AS revision_seq FROM device LEFT JOIN revision ON revision.id IN ({})"
    " WHERE device.kid IN ({})"
)
