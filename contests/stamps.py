"""The time-keepers' entries of a contest, read from its log."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from contests.tables import LogEntry

KINDS = ("clock", "interruption")


async def timed(contest: UUID) -> dict[str, dict[str, Any]]:
    """Every stamp and compensation of the contest that has an id, by it, in the order of the log."""
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind.is_in(list(KINDS)))
        .order_by(LogEntry.seq)
    )
    bodies = [{**json.loads(row["body"]), "kind": row["kind"]} for row in rows]
    return {body["id"]: body for body in bodies if body.get("id")}
