"""Pages of a list: `?limit=&after=` in, `{items, next}` out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

Item = TypeVar("Item")

LIMIT = 50
MOST = 500


class Page(msgspec.Struct, Generic[Item]):
    """next: what to send as `after` for the following page; null on the last one."""

    items: list[Item]
    next: str | None = None


def page(rows: Sequence[Item], limit: int, key: Callable[[Item], object]) -> Page[Item]:
    """`rows` were asked for with one more than the limit."""
    shown = list(rows[:limit])
    return Page(shown, str(key(shown[-1])) if shown and len(rows) > limit else None)
