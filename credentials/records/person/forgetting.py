"""What is left of training, joinings and retention after erasure: ids and days, and no words."""

from __future__ import annotations

from uuid import UUID

from credentials.records.honours.tables import RecordEvent
from credentials.records.person import joining, learning, retention


async def forget(person: UUID) -> None:
    """Inside the caller's transaction."""
    ids = [id for room in (joining, learning, retention) for id in await room.ids_of(person)]
    if ids:
        await RecordEvent.update({RecordEvent.sealed_text: None}).where(
            RecordEvent.about.is_in(ids)
        )
    for room in (joining, learning, retention):
        await room.forget(person)
