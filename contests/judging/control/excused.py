"""Works of which no sheet is owed: absent, not finished, disqualified or void, as far as that was
recorded by code. What was recorded of an entrant stays with the entrant until the codes are opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contests.tables import LogEntry

_KINDS = ["status", "penalty", "penalty_cancelled"]
_ENDING = {"module": "DSQ", "project": "DSQ", "disqualify": "DSQ"}
"""Kinds of penalty after which a work is not marked."""
_CONTESTS_KEPT = 200

Excused = Mapping[tuple[str, str], str]
"""(module, code) -> DNS, DNF, DSQ or void."""


@dataclass(slots=True)
class Record:
    """What the log's entries up to `seq` said."""

    seq: int = 0
    statuses: dict[tuple[str, str, str], str] = field(default_factory=dict)
    penalties: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def read(self, kind: str, body: Mapping[str, Any]) -> None:
        """One entry of the log."""
        if kind == "penalty_cancelled":
            self.penalties.pop(body["id"], None)
            return
        where = (body.get("located") or body.get("module", ""), body.get("code", ""))
        if kind == "penalty" and body["scope"] in _ENDING:
            self.penalties[body["id"]] = (*where, _ENDING[body["scope"]])
        elif kind == "status" and body["status"]:
            self.statuses[(*where, body.get("module", ""))] = body["status"]
        elif kind == "status":
            self.statuses.pop((*where, body.get("module", "")), None)

    def excused(self) -> Excused:
        found = {(module, code): status for (module, code, _), status in self.statuses.items()}
        return found | {(module, code): word for module, code, word in self.penalties.values()}


_kept: dict[UUID, Record] = {}


async def excused_works(contest: UUID, *, length: int) -> Excused:
    """Reads only what the log has got since the last time."""
    known = _kept.get(contest)
    if known is None or known.seq > length:
        known = Record()
    if known.seq < length:
        rows = (
            await LogEntry.select(LogEntry.seq, LogEntry.kind, LogEntry.body)
            .where(
                LogEntry.contest == contest, LogEntry.seq > known.seq, LogEntry.kind.is_in(_KINDS)
            )
            .order_by(LogEntry.seq)
        )
        # Another request may have read them meanwhile: only what is new to the record is added.
        for row in rows:
            if row["seq"] > known.seq:
                known.read(row["kind"], json.loads(row["body"]))
                known.seq = row["seq"]
        known.seq = max(known.seq, length)
        if contest not in _kept and len(_kept) >= _CONTESTS_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[contest] = known
    return known.excused()
