"""The projection of sheets: what the group has stored for one work in one round."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contests.judging.panel import Panel
from contests.log import Writing
from contests.sheets import Payload, payload_of, sheet_of, slot_id
from contests.tables import LogEntry, SheetRow
from core.scoring.codec import canonical, from_json, to_json
from core.scoring.model import Mark, Sheet


@dataclass(frozen=True, slots=True)
class Slot:
    """One judge's head revision. state: accepted, not_countable, conflict."""

    id: UUID
    judge: str
    revision: str
    state: str
    seq: int
    marks: Mapping[str, Mark]

    @property
    def countable(self) -> bool:
        return self.state == "accepted"

    def sheet(self, payload: Payload, panel: str) -> Sheet:
        """As the engine reads it, with the work of `payload`."""
        own = sheet_of(payload, panel=panel)
        return Sheet(
            own.entry,
            own.module,
            self.judge,
            self.marks,
            panel=panel,
            attempt=own.attempt,
            round=own.round,
        )


async def load_slots(panel: Panel, payload: Payload) -> dict[str, Slot]:
    """Judge -> slot, for the judge and everybody of the same group, in this round."""
    ids = {
        slot_id(
            payload.contest, payload.module, payload.code, payload.attempt, payload.round, judge
        ): judge
        for judge in panel.colleagues(payload.module, payload.judge)
    }
    rows = await SheetRow.select(
        SheetRow.id, SheetRow.revision, SheetRow.state, SheetRow.seq, SheetRow.marks
    ).where(SheetRow.id.is_in(list(ids)))
    return {
        ids[row["id"]]: Slot(
            row["id"],
            ids[row["id"]],
            row["revision"],
            row["state"],
            row["seq"],
            from_json(_Marks, {"marks": json.loads(row["marks"])}).marks,
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class _Marks:
    """Lets the codec read a mapping of marks."""

    marks: Mapping[str, Mark]


async def store_head(
    log: Writing, payload: Payload, *, seq: int, hash_: str, countable: bool, known: bool
) -> Slot:
    """Makes this revision the slot's head."""
    state = "accepted" if countable else "not_countable"
    marks = canonical({aspect: to_json(mark) for aspect, mark in payload.marks.items()}).decode()
    slot = UUID(payload.sheet)
    if known:
        await SheetRow.raw(
            "UPDATE sheet_row SET revision = {}, state = {}, countable = {}, marks = {}, seq = {},"
            " hash = {}, stored_at = {} WHERE id = {}",
            payload.rid,
            state,
            countable,
            marks,
            seq,
            hash_,
            log.now,
            slot,
        )
    else:
        await SheetRow.insert(
            SheetRow(
                id=slot,
                contest=log.contest,
                module=payload.module,
                code=payload.code,
                judge=UUID(payload.judge),
                attempt=payload.attempt,
                round=payload.round,
                revision=payload.rid,
                state=state,
                countable=countable,
                marks=marks,
                seq=seq,
                hash=hash_,
                stored_at=log.now,
            )
        )
    return Slot(slot, payload.judge, payload.rid, state, seq, payload.marks)


async def mark_conflict(slot: UUID) -> None:
    """Two revisions stand against each other until somebody decides."""
    await SheetRow.update({SheetRow.state: "conflict"}).where(SheetRow.id == slot)


async def is_predecessor(log: Writing, head: Slot, payload: Payload) -> bool:
    """Whether the head was made from this very revision, which only now arrives."""
    if payload.base == head.revision:
        return False
    row = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == log.contest, LogEntry.seq == head.seq)
        .first()
    )
    if row is None:
        return False
    body = json.loads(row["body"])
    return "jws" in body and payload_of(body["jws"]).base == payload.rid
