"""The projection of sheets: what a group has stored for one work in one round."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
            marks={a: from_json(Mark, mark) for a, mark in json.loads(row["marks"]).items()},
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


def slot_ids(panel: Panel, payload: Payload) -> list[UUID]:
    """The slots of everybody in the judge's group for this work and round; the judge's own too."""
    judges = {payload.judge, *panel.colleagues(payload.module, payload.judge)}
    return [
        slot_id(
            payload.contest, payload.module, payload.code, payload.attempt, payload.round, judge
        )
        for judge in judges
    ]
