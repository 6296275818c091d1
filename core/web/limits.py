"""Rate limits on what the world can reach: a token bucket per name and address, in this process.

Behind several processes each keeps its own bucket; the proxy's limit (docs/deploy.md) is the shared one.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from litestar.handlers.base import BaseRouteHandler

from core.errors import TooMany
from core.security import Connection

_MOST = 20_000


class Buckets:
    """`per_minute` requests an address, `burst` at once."""

    def __init__(self, per_minute: int, burst: int | None = None) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst or per_minute)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, *, now: float) -> float:
        """0 when allowed, else the seconds until the next one is."""
        level, at = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        while len(self._levels) > _MOST:
            self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self._rate


def rate_limit(
    per_minute: int, burst: int | None = None
) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """A route guard that raises TooMany."""
    buckets = Buckets(per_minute, burst)

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        wait = buckets.take(address_of(connection), now=time.monotonic())
        if wait:
            raise TooMany(seconds=int(wait) + 1)

    return guard


def address_of(connection: Connection) -> str:
    """The caller's address; that of the proxy on this machine names the real one."""
    peer = connection.client.host if connection.client else ""
    if peer in {"127.0.0.1", "::1", ""}:
        forwarded = connection.headers.get("x-forwarded-for", "")
        return forwarded.rpartition(",")[2].strip() or peer
    return peer
