"""How often one certificate may be compared on one day, whoever asks and from wherever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from core.db import transaction
from credentials.comparing.tables import ComparisonTries
from credentials.verify import CHINA

A_DAY: Mapping[str, int] = {"paper": 60, "document": 5}
_COUNT = (
    "INSERT INTO comparison_tries (id, certificate, kind, day, tries) VALUES ({}, {}, {}, {}, 1)"
    " ON CONFLICT (id) DO UPDATE SET tries = comparison_tries.tries + 1"
    " WHERE comparison_tries.tries < {} RETURNING tries"
)


_swept = ""


async def take(certificate: UUID, kind: str, now: datetime, *, most: int | None = None) -> bool:
    """Counts one try; False when today's are used up: `most`, or those of A_DAY. Of earlier days nothing is
    kept."""
    day = now.astimezone(CHINA).date().isoformat()
    id = uuid5(certificate, f"tries|{kind}|{day}")
    limit = A_DAY[kind] if most is None else most
    async with transaction():
        await _forget(certificate, day)
        return bool(await ComparisonTries.raw(_COUNT, id, certificate, kind, day, limit))


async def _forget(certificate: UUID, day: str) -> None:
    """This certificate's, and once a day and process everybody's."""
    global _swept
    old = ComparisonTries.delete().where(ComparisonTries.day < day)
    if _swept == day:
        old = old.where(ComparisonTries.certificate == certificate)
    await old
    _swept = day
