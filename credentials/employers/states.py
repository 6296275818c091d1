"""The state of a certificate in one word, from the ledger. What a calendar decides (public notice, a last
day) is no change of its state: the verify page says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from credentials.status import Status
from credentials.tables import Certificate

STATES = ("valid", "under_correction", "suspended", "revoked", "replaced", "erased")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Stands:
    """id: the certificate's number."""

    id: str
    word: str
    version: int


async def read_states(certificates: Sequence[UUID]) -> dict[UUID, Stands]:
    found: dict[UUID, Stands] = {}
    for start in range(0, len(certificates), _CHUNK):
        chunk = certificates[start : start + _CHUNK]
        places = ", ".join("{}" for _ in chunk)
        rows = await Certificate.raw(
            "SELECT c.id, c.public_id, c.state, c.cause, c.version, c.erased_at, v.status"  # noqa: S608 - no value
            " FROM certificate c JOIN certificate_version v ON v.id = c.current"
            f" WHERE c.id IN ({places})",
            *chunk,
        )
        found |= {row["id"]: Stands(row["public_id"], _word(row), row["version"]) for row in rows}
    return found


def _word(row: Mapping[str, Any]) -> str:
    if row["erased_at"] is not None:
        return "erased"
    if row["state"] == "revoked":
        return "replaced" if row["status"] == Status.REPLACED else "revoked"
    if row["state"] == "suspended":
        return "under_correction" if row["cause"] == "correcting" else "suspended"
    return "valid"
