"""When the last sheet may be in, from the pace of those that are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

FEWEST = 5
"""With fewer sheets there is no pace yet."""
LATEST = 40
"""So many of the newest sheets tell the pace: the hall of now, not of the morning."""
STALE = timedelta(hours=2)
"""After so long without a sheet nothing can be said."""


def expected_end(times: Sequence[datetime], left: int, now: datetime) -> datetime | None:
    """times: when sheets were stored, in any order; left: how many are missing. None = unknown."""
    newest = sorted(times)[-LATEST:]
    if left <= 0 or len(newest) < FEWEST or now - newest[-1] > STALE:
        return None
    passed = now - newest[0]
    if passed <= timedelta():
        return None
    return now + passed * left / (len(newest) - 1)
