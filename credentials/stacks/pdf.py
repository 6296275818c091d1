"""One PDF handed in over the API."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from core.errors import TooMany
from core.web.limits import Buckets
from credentials.stacks.judging import verdict_of
from credentials.stacks.reading import seen_in_pdf
from credentials.trust import Refused
from credentials.verify import Verdict, refusal

LIMIT = 4 * 1024 * 1024
_addresses = Buckets(per_minute=30)
"""Looking at a page takes a hundred times as long as reading a token."""


async def verify(data: bytes, *, address: str, now: datetime | None = None) -> tuple[Verdict, bool]:
    """The verdict, and whether the holder's name may be shown. Raises TooMany, NoEyes."""
    now = now or datetime.now(UTC)
    if wait := _addresses.take(address, now=time.monotonic()):
        raise TooMany(seconds=int(wait) + 1)
    seen = await seen_in_pdf(data)
    if seen.problem or any(page.problem for page in seen.pages):
        return refusal(Refused("unaltered", "paper-unread"), now), False
    return await verdict_of(seen, now)
