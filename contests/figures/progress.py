"""Sheets stored over the day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_STEPS = (5, 10, 15, 30, 60, 120, 240, 720, 1440)
"""Minutes."""
_MOST = 24


@dataclass(frozen=True, slots=True)
class Stretch:
    """stored: sheets in this stretch; all: until its end."""

    begin: datetime
    end: datetime
    stored: int
    all: int


def stretches(moments: Sequence[datetime]) -> list[Stretch]:
    """At most 24 equal stretches of a round length, from the first sheet to the last; a contest that
    takes many days gets longer ones."""
    if not moments:
        return []
    ordered = sorted(moments)
    first, last = ordered[0], ordered[-1]
    length = timedelta(minutes=_length(last - first))
    begin = first - (first - first.replace(hour=0, minute=0, second=0, microsecond=0)) % length
    found: list[Stretch] = []
    done, place = 0, 0
    while place < len(ordered):
        end = begin + length
        stored = 0
        while place < len(ordered) and ordered[place] < end:
            stored += 1
            place += 1
        done += stored
        found.append(Stretch(begin, end, stored, done))
        begin = end
    return found


def _length(whole: timedelta) -> int:
    minutes = whole.total_seconds() / 60
    fitting = next((step for step in _STEPS if minutes / step <= _MOST - 1), None)
    return fitting or 1440 * (int(minutes / 1440 / (_MOST - 1)) + 1)
