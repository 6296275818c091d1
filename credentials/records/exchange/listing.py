"""The lists that somebody may know of. No writes."""

from __future__ import annotations

from typing import Any

from core.security import Actor
from credentials.records.bodies import READS, codes_for
from credentials.records.exchange.tables import RecordImport

MOST = 200


async def lists_for(by: Actor) -> list[dict[str, Any]]:
    """The newest first, without what stands in them."""
    codes = await codes_for(by, READS)
    table = RecordImport
    query = table.select(
        table.id, table.keeper, table.origin, table.state, table.size, table.taken, table.created_at
    )
    if codes is not None:
        query = query.where(table.keeper.is_in(sorted(codes) or [""]))
    rows: list[dict[str, Any]] = await query.order_by(table.created_at, ascending=False).limit(MOST)
    return rows
