"""One opening of a contest's gate for several revisions: everything is read together, decided one by
one in memory, and written together before the commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contests.judging.admission import DeviceState, read_judges
from contests.judging.graph import Stored
from contests.judging.incoming import Incoming
from contests.judging.panel import Panel, panel_of
from contests.judging.slots import Slot, group_slots, slot_ids
from contests.log import Writing, open_gate
from contests.sheets import Payload, round_id
from contests.statements import insert, run
from contests.tables import Device, MarkRound, Quarantine, Revision, SheetRow
from core.db import after_commit
from core.errors import ContestTypeMissing
from core.events import SheetSubmitted
from core.outbox import put


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
    batch: Sequence[Incoming] = ()
    before: dict[UUID, Slot] = field(default_factory=dict)
    """The slots as they were when the gate opened."""
    fresh: list[Stored] = field(default_factory=list)
    """What went into the log at this desk and is not in the database yet."""
    revisions: list[Revision] = field(default_factory=list)
    quarantine: list[Quarantine] = field(default_factory=list)
    touched: dict[UUID, SheetRow] = field(default_factory=dict)
    submitted: list[SheetSubmitted] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    """kids whose key goes into the log with this commit."""
    admitted: list[tuple[str, str]] = field(default_factory=list)
    """(kid, account) that go into the log with this commit."""

    @property
    def opens_rounds(self) -> bool:
        """Whether a group is asked to mark again, so that what waited for it may come."""
        return any(found.changed and found.resolved_at is None for found in self.rounds.values())

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
        if self.entered or self.admitted:
            after_commit(self._remember_keys)

    def _remember_keys(self) -> None:
        if self.panel is not None and self.log is not None:
            self.panel.devices.update(self.entered)
            self.panel.admitted.update(self.admitted)
            self.panel.keys_at = self.log.length


async def open_desk(contest: UUID, batch: Sequence[Incoming]) -> Desk:
    """Inside a transaction. From here on every other submit and every close of this contest waits."""
    return await desk_at(await open_gate(contest, ("judging",), now=batch[0].now), contest, batch)


async def desk_at(log: Writing | None, contest: UUID, batch: Sequence[Incoming]) -> Desk:
    """The desk for a batch at a gate that is open already, or has stayed shut."""
    desk = Desk(contest, log, batch=batch)
    await _read_devices(desk, batch)
    for device in desk.devices.values():
        device.foreign = log is not None and _is_foreign(device, log.row["competition"])
    if log is None or log.row["judging_ended_at"] is not None:
        return desk
    try:
        desk.panel = await panel_of(log)
    except ContestTypeMissing:
        return desk
    payloads = [one.payload for one in batch if desk.panel.known(one.payload.judge)]
    await _read_slots(desk, desk.panel, payloads)
    await _read_rounds(desk, desk.panel, payloads)
    desk.before = dict(desk.slots)
    return desk


async def read_more(desk: Desk, panel: Panel, payload: Payload) -> None:
    """The slots and rounds of another work of the same judge, as far as they are not here yet."""
    await _read_slots(desk, panel, [payload])
    await _read_rounds(desk, panel, [payload])


async def desk_behind(log: Writing, payload: Payload) -> Desk:
    """The desk of an open gate, with the group's sheets of one work and its rounds."""
    desk = Desk(log.contest, log, await panel_of(log))
    if desk.panel is not None and desk.panel.known(payload.judge):
        await _read_slots(desk, desk.panel, [payload])
        await _read_rounds(desk, desk.panel, [payload])
    return desk


def _is_foreign(device: DeviceState, competition: UUID) -> bool:
    """A judge's own browser and the paper desk belong to no competition."""
    return device.row["competition"] not in {None, competition}


def round_of(panel: Panel, payload: Payload, number: int) -> UUID:
    """The id of this group's round for the payload's work."""
    own = panel.facts(payload.judge)
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
        if row["disabled_at"] is not None and found["revoked_at"] is None:
            found["revoked_at"] = row["disabled_at"]  # read, never written: its account has ended
        desk.devices.setdefault(row["kid"], DeviceState(found))
        if row["rid"] is not None:
            rid = str(UUID(str(row["rid"])))
            desk.known[rid] = KnownRevision(row["jws_hash"], row["receipt"], row["revision_seq"])
    await read_judges(list(desk.devices.values()))


async def _read_slots(desk: Desk, panel: Panel, payloads: Sequence[Payload]) -> None:
    ids = {id_ for payload in payloads for id_ in slot_ids(panel, payload)}
    if ids:
        rows = await run(_SLOTS.format(", ".join(["{}"] * len(ids))), *ids)
        for slot in map(Slot.read, rows):
            desk.slots.setdefault(slot.id, slot)


async def _read_rounds(desk: Desk, panel: Panel, payloads: Sequence[Payload]) -> None:
    """Only where there can be one: a later round, or a group whose sheets are all there."""
    ids = {
        round_of(panel, payload, number)
        for payload in payloads
        if payload.round > 1 or group_slots(desk.slots, panel, payload) is not None
        for number in (payload.round, payload.round + 1)
    }
    rows = await MarkRound.select().where(MarkRound.id.is_in(list(ids))) if ids else []
    for row in rows:
        found = Round(
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
        desk.rounds.setdefault(found.id, found)


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
    " revision.seq AS revision_seq, account.disabled_at FROM device"
    " LEFT JOIN account ON account.id = device.account LEFT JOIN revision ON revision.id IN ({})"
    " WHERE device.kid IN ({})"
)
