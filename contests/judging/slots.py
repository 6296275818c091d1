"""The projection of sheets: what a group has stored for one work in one round."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contests.judging.panel import Panel
from contests.sheets import Payload, slot_id
from contests.tables import SheetRow
from core.scoring.codec import canonical, from_json, to_json
from core.scoring.model import Mark, Sheet


@dataclass(frozen=True, slots=True)
class Slot:
    """One judge's head revision. state: accepted, not_countable, conflict."""

    id: UUID
    contest: UUID
    module: str
    code: str
    judge: str
    attempt: int
    round: int
    revision: str
    state: str
    seq: int
    hash: str
    stored_at: datetime
    marks: Mapping[str, Mark]

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Slot:
        return cls(
            id=row["id"],
            contest=row["contest"],
            module=row["module"],
            code=row["code"],
            judge=str(row["judge"]),
            attempt=row["attempt"],
            round=row["round"],
            revision=row["revision"],
            state=row["state"],
            seq=row["seq"],
            hash=row["hash"],
            stored_at=row["stored_at"],
            marks=_marks(row["marks"]),
        )

    @classmethod
    def of(cls, payload: Payload, *, seq: int, hash_: str, countable: bool, now: datetime) -> Slot:
        return cls(
            id=UUID(payload.sheet),
            contest=UUID(payload.contest),
            module=payload.module,
            code=payload.code,
            judge=payload.judge,
            attempt=payload.attempt,
            round=payload.round,
            revision=payload.rid,
            state="accepted" if countable else "not_countable",
            seq=seq,
            hash=hash_,
            stored_at=now,
            marks=payload.marks,
        )

    @property
    def countable(self) -> bool:
        return self.state == "accepted"

    def row(self) -> SheetRow:
        marks = {aspect: to_json(mark) for aspect, mark in self.marks.items()}
        return SheetRow(
            id=self.id,
            contest=self.contest,
            module=self.module,
            code=self.code,
            judge=UUID(self.judge),
            attempt=self.attempt,
            round=self.round,
            revision=self.revision,
            state=self.state,
            countable=self.countable,
            marks=canonical(marks).decode(),
            seq=self.seq,
            hash=self.hash,
            stored_at=self.stored_at,
        )

    def sheet(self, panel: str) -> Sheet:
        """As the engine reads it, with the code in the place of the entry."""
        return Sheet(
            self.code,
            self.module,
            self.judge,
            self.marks,
            panel=panel,
            attempt=self.attempt,
            round=self.round,
        )


@lru_cache(maxsize=1024)
def _marks(text: str) -> Mapping[str, Mark]:
    """A group's slots are read at each of its sheets, and change only with their own."""
    marks = {aspect: from_json(Mark, mark) for aspect, mark in json.loads(text).items()}
    return MappingProxyType(marks)


def slot_ids(panel: Panel, payload: Payload) -> list[UUID]:
    """The slots of everybody who sits or sat in the judge's group, for this work and round; the judge's
    own too."""
    seats = panel.seats(payload.module, payload.judge) + panel.gone(payload.module, payload.judge)
    judges = {payload.judge, *(judge for seat in seats for judge in seat)}
    return [_slot_of(payload, judge) for judge in judges]


def group_slots(found: Mapping[UUID, Slot], panel: Panel, payload: Payload) -> list[Slot] | None:
    """What stands in each seat of the group for this work and round; None while one is missing. Of a
    seat with several judges the sheet of the one before stands."""
    standing = []
    for seat in panel.seats(payload.module, payload.judge):
        slot = _standing(found, payload, seat)
        if slot is None:
            return None
        standing.append(slot)
    for seat in panel.gone(payload.module, payload.judge):
        slot = _standing(found, payload, seat)
        if slot is not None and slot.countable:
            standing.append(slot)
    return standing


def _standing(found: Mapping[UUID, Slot], payload: Payload, seat: Sequence[str]) -> Slot | None:
    slots = [found[id_] for judge in seat if (id_ := _slot_of(payload, judge)) in found]
    return next((slot for slot in slots if slot.countable), slots[-1] if slots else None)


def _slot_of(payload: Payload, judge: str) -> UUID:
    return slot_id(
        payload.contest, payload.module, payload.code, payload.attempt, payload.round, judge
    )
