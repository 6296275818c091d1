"""Limits on what the world can send. Rates: a token bucket per route and address (or whom a route tells
apart otherwise), in this process.

    @get("/c/{id:str}", guards=[rate_limit(60)])

Behind several processes each keeps its own buckets; the proxy's limit (docs/deploy.md) is shared.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil

from litestar.handlers.base import BaseRouteHandler

from core import settings
from core.errors import TooMany
from core.security import Connection, Guard

BODY_LIMIT = 32 * 1024 * 1024
BODY_LIMIT_SHOWN = "32 MB"
_MOST = 20_000


class Buckets:
    """`per_minute` requests an address, `burst` at once; as many addresses as fit are remembered."""

    def __init__(self, per_minute: int, burst: int | None = None) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst or per_minute)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        _buckets.append(self)

    def forget(self) -> None:
        self._levels.clear()

    def take(self, key: str, *, now: float) -> float:
        """0 when allowed, else the seconds until the next one is."""
        level, at = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        while len(self._levels) > _MOST:
            self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self._rate

    def left(self, key: str, *, now: float) -> Left:
        level, at = self._levels.get(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        return Left(int(self._burst), int(level), ceil((self._burst - level) / self._rate))


@dataclass(frozen=True, slots=True)
class Left:
    """Of a bucket: its size, what is left now, and seconds until it is full again."""

    limit: int
    remaining: int
    reset: int


_buckets: list[Buckets] = []


def forget() -> None:
    """A new application starts with full buckets, although its routes are made once a process."""
    for buckets in _buckets:
        buckets.forget()


def address_of(connection: Connection) -> str:
    """The caller's address. A trusted proxy names it; anybody else's X-Forwarded-For is nothing."""
    found = connection.client.host if connection.client else ""
    trusted = settings.current().trusted_proxies
    hops = connection.headers.get("x-forwarded-for", "").split(",")
    while hops and _within(found, trusted):
        hop = hops.pop().strip()
        if not hop:
            break
        found = hop
    return found


def rate_limit(
    per_minute: int, burst: int | None = None, *, of: Callable[[Connection], str] = address_of
) -> Guard:
    """A route guard that raises TooMany. of: whose requests are counted together."""
    buckets = Buckets(per_minute, burst)

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        wait = buckets.take(of(connection), now=time.monotonic())
        if wait:
            raise TooMany(seconds=int(wait) + 1)

    return guard


def _within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network) for network in networks)
    except ValueError:
        return False
