"""Enters winning works into the register, and shows how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar import get

from plugins import ResultFinal
from wood_carving.tables import CarvedWork


async def enter(events: Sequence[ResultFinal]) -> None:
    """Database work only, in the delivery's transaction. The entry's id is the row's, so a second
    delivery of the same result changes nothing."""
    rows = [_row(event) for event in events if event.facts.rank == 1]
    if rows:
        await CarvedWork.insert(*rows).on_conflict(action="DO NOTHING")


@get("/gallery")
async def gallery() -> dict[str, int]:
    return {"works": await CarvedWork.count()}


def _row(event: ResultFinal) -> CarvedWork:
    facts = event.facts
    return CarvedWork(id=UUID(facts.entry), contest=facts.contest_code, total=facts.total)
