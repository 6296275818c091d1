"""How many sheets are kept apart and wait for somebody's decision."""

from __future__ import annotations

from uuid import UUID

from contests.judging.releasing import kept_text
from contests.sheets import jws_hash
from contests.tables import Quarantine, Revision


async def undecided(contest: UUID) -> int:
    """What has been stored since, under the same id and with the same bytes, waits for nobody."""
    rows = await Quarantine.select(Quarantine.id, Quarantine.rid).where(
        Quarantine.contest == contest, Quarantine.resolution == ""
    )
    named = [UUID(row["rid"]) for row in rows if row["rid"]]
    found = (
        await Revision.select(Revision.id, Revision.jws_hash).where(Revision.id.is_in(named))
        if named
        else []
    )
    stored = {str(row["id"]): row["jws_hash"] for row in found}
    doubtful = [row["id"] for row in rows if row["rid"] in stored]
    kept = await Quarantine.select().where(Quarantine.id.is_in(doubtful)) if doubtful else []
    since = [row for row in kept if jws_hash(kept_text(row)) == stored[row["rid"]]]
    waiting: int = len(rows) - len(since)
    return waiting
