"""The history of certificates: what happened beside their signings. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from credentials.bulk import insert_new
from credentials.employers import noticing
from credentials.lifecycle.tables import LifeEvent
from credentials.tables import Certificate

_CHUNK = 500


async def note(
    certificates: Sequence[UUID], kind: str, *, now: datetime, reason: str = "", authority: str = ""
) -> None:
    """Those who follow one of them hear of it. authority: code of the organisation that decided; by default each certificate's issuer."""
    rows = []
    for start in range(0, len(certificates), _CHUNK):
        rows += await Certificate.select(
            Certificate.id, Certificate.version, Certificate.issuer
        ).where(Certificate.id.is_in(list(certificates[start : start + _CHUNK])))
    await insert_new(
        LifeEvent,
        [
            {
                "id": uuid4(),
                "certificate": row["id"],
                "at": now,
                "kind": kind,
                "n": row["version"],
                "reason": reason,
                "authority": authority or row["issuer"],
            }
            for row in rows
        ],
    )
    await noticing.note_event(certificates, kind, now=now)


async def events_of(certificate: UUID) -> list[dict[str, Any]]:
    """Oldest first."""
    found: list[dict[str, Any]] = (
        await LifeEvent.select().where(LifeEvent.certificate == certificate).order_by(LifeEvent.at)
    )
    return found
