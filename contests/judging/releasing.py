"""What was held until something happens: a round is opened, judging starts, the contest comes back,
a device is enrolled, a judge signs in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.tables import Quarantine

WAITS_FOR_CONTEST = (
    "round-not-open",
    "held-for-venue",
    "judging-not-started",
    "contest-type-missing",
)
WAITS_FOR_DEVICE = ("device-unknown", "judge-not-admitted")
_AT_ONCE = 50
_MOST = 5000


async def waiting_for(*, contest: UUID | None = None, kid: str = "") -> list[list[dict[str, Any]]]:
    """What is held for a contest, or for a device, in the device's order and in small batches."""
    mine, reasons = (
        (Quarantine.kid == kid, WAITS_FOR_DEVICE)
        if kid
        else (Quarantine.contest == contest, WAITS_FOR_CONTEST)
    )
    rows = (
        await Quarantine.select(Quarantine.id, Quarantine.payload)
        .where(mine, Quarantine.reason.is_in(list(reasons)), Quarantine.resolution == "")
        .order_by(Quarantine.device_seq)
        .limit(_MOST)
    )
    return [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]


async def settle_kept(rows: list[dict[str, Any]], *, by: UUID | None = None) -> None:
    """Marks kept bytes as taken: they are in the log now."""
    if rows:
        await Quarantine.update(
            {
                Quarantine.resolution: "taken",
                Quarantine.resolved_at: datetime.now(UTC),
                Quarantine.resolved_by: by,
            }
        ).where(Quarantine.id.is_in([row["id"] for row in rows]), Quarantine.resolution == "")


def kept_text(row: Mapping[str, Any]) -> str:
    """The bytes as they were sent."""
    return bytes(row["payload"]).decode("utf-8", "surrogatepass")
