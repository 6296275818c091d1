"""Who did what to an honour or an application, when and why. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core.security import Actor
from credentials.records.honours.tables import RecordEvent
from credentials.records.sealing import hide, shown

_TABLE = "record_event"


@dataclass(frozen=True, slots=True)
class Happened:
    """why: "" once the person was erased."""

    at: datetime
    account: UUID | None
    kind: str
    note: str
    why: str


async def note(
    by: Actor,
    row: Mapping[str, Any],
    kind: str,
    *,
    note: str = "",
    why: str = "",
    about: UUID | None = None,
) -> None:
    """row: the honour or application, whose key seals `why`."""
    id = uuid4()
    await RecordEvent.insert(
        RecordEvent(
            id=id,
            about=about or row["id"],
            at=datetime.now(UTC),
            account=by.account,
            kind=kind,
            note=note,
            sealed_text=hide(row["wrapped_key"], why, _TABLE, "sealed_text", id),
        )
    )


async def history_of(row: Mapping[str, Any]) -> list[Happened]:
    """Oldest first."""
    rows = await RecordEvent.select().where(RecordEvent.about == row["id"]).order_by(RecordEvent.at)
    return [
        Happened(
            one["at"],
            one["account"],
            one["kind"],
            one["note"],
            shown(one, "sealed_text", _TABLE, row["wrapped_key"]),
        )
        for one in rows
    ]
