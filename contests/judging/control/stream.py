"""The control room's server-sent events: a version whenever it changes, and a beat in between.

    id: 417-9f2c…           the version, which comes back as Last-Event-ID
    event: version
    data: 417-9f2c…

Nothing else is sent; the page asks for what it shows. A beat is an event, because a page can't see
comments, and only sent when the database has answered: silence is the alarm.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from contests.judging.control.pulse import EVERY_SECONDS, Pulse, listening
from core import streams

BEAT_SECONDS = 5.0
RETRY_MILLISECONDS = 2000
MOST_STREAMS = 200
"""Of one process; more listeners poll."""

Allowed = Callable[[], Awaitable[bool]]
_open = 0


def full() -> bool:
    return _open >= MOST_STREAMS


async def events(contest: UUID, *, last: str, allowed: Allowed) -> AsyncIterator[bytes]:
    """Until the process ends, or `allowed`, asked with every beat, says no."""
    global _open
    _open += 1
    try:
        async with listening(contest) as pulse:
            yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
            known, beaten = last, 0.0
            while not streams.ending():
                if pulse.version not in {known, ""}:
                    known = pulse.version
                    yield f"id: {known}\nevent: version\ndata: {known}\n\n".encode()
                if time.monotonic() - beaten >= BEAT_SECONDS:
                    beaten = time.monotonic()
                    if not await allowed():
                        yield b"event: end\ndata:\n\n"
                        return
                    if _fresh(pulse):
                        yield f"event: beat\ndata: {known}\n\n".encode()
                await pulse.change(EVERY_SECONDS)
    finally:
        _open -= 1


def _fresh(pulse: Pulse) -> bool:
    return time.monotonic() - pulse.asked < BEAT_SECONDS
