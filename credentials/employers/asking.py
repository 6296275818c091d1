"""Which program asks: its key, what it may do, and how much of its rate is left."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast

from litestar.handlers.base import BaseRouteHandler

from core.errors import Forbidden, TooMany, Unauthenticated
from core.security import Connection, Guard
from core.web.headers import ADDED
from core.web.limits import Buckets, address_of
from core.web.session import PROGRAM_KEYS
from credentials.employers.keys import BULK, EXCHANGE, FOLLOW, VERIFY, Caller, caller_of
from credentials.limits import Misses

RATES: Mapping[str, Buckets] = {
    VERIFY: Buckets(per_minute=600),
    BULK: Buckets(per_minute=6),
    FOLLOW: Buckets(per_minute=120),
    EXCHANGE: Buckets(per_minute=120),
}
"""Requests a minute, for each key."""
wrong_keys = Misses(capacity=60, per_second=1)
_CALLER = "employer_caller"


class KeyUnknown(Unauthenticated):
    slug = "key-unknown"
    title = "This API key is unknown, has ended or was revoked. Make or rotate one on the page of your organisation's keys."


class KeyNeeded(Unauthenticated):
    slug = "key-needed"
    title = "Send an API key with the request, as Authorization: Bearer jx_…"


class KeyNarrow(Forbidden):
    slug = "key-narrow"
    title = "This API key lacks the scope {scope}. Make one that has it on the page of your organisation's keys."


def key_for(scope: str) -> Guard:
    """A route guard: a key with this scope, within its rate."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        if await caller_if_any(connection, scope) is None:
            raise KeyNeeded

    guard.__dict__["key_scope"] = scope
    return guard


async def caller_if_any(connection: Connection, scope: str) -> Caller | None:
    """None when the request brings no key. One that it brings must be good for this."""
    text = _key_in(connection)
    if text is None:
        return None
    address = address_of(connection)
    wrong_keys.check(address)
    caller = await caller_of(text)
    if caller is None:
        wrong_keys.miss(address)
        raise KeyUnknown
    if scope not in caller.scopes:
        raise KeyNarrow(scope=scope, permission=scope)
    _take(connection, caller, scope)
    _known(connection)[_CALLER] = caller
    return caller


def caller_in(connection: Connection) -> Caller:
    """Behind `key_for`."""
    return cast("Caller", _known(connection)[_CALLER])


def _take(connection: Connection, caller: Caller, scope: str) -> None:
    """Raises TooMany; what is left stands in the answer's headers either way."""
    buckets, key, now = RATES[scope], f"{caller.key}", time.monotonic()
    wait = buckets.take(key, now=now)
    left = buckets.left(key, now=now)
    _known(connection)[ADDED] = {
        "RateLimit-Limit": str(left.limit),
        "RateLimit-Remaining": str(left.remaining),
        "RateLimit-Reset": str(left.reset),
    }
    if wait:
        raise TooMany(seconds=int(wait) + 1)


def _key_in(connection: Connection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    text = token.strip()
    return text if scheme.lower() == "bearer" and text.startswith(PROGRAM_KEYS) else None


def _known(connection: Connection) -> dict[str, Any]:
    return cast("dict[str, Any]", connection.scope)
