"""Whose sheets have changed since a length of a contest's log, without an entry of their own."""

from __future__ import annotations

import json
from uuid import UUID

from contests.statements import run

_DISPUTED = (
    "SELECT body FROM log_entry WHERE contest = {} AND seq > {} AND (kind IN"
    " ('conflict', 'conflict_decided', 'correction') OR (kind = 'sheet' AND"
    " (body LIKE '%\"heads\":%' OR body LIKE '%\"undecided\":%')))"
)


async def disputed_since(contest: UUID, length: int) -> list[UUID]:
    """Slots whose state or head changed by an entry other than their head's own."""
    rows = await run(_DISPUTED, contest, length)
    found: dict[str, None] = {}
    for row in rows:
        body = json.loads(row["body"])
        for slot in (body.get("sheet"), *body.get("heads", ()), *body.get("undecided", ())):
            if slot:
                found[slot] = None
    return [UUID(slot) for slot in found]
