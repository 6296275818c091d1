"""Workers that issue until nothing waits, one after the other: `python -m tests.credentials.issuing_process
WHERE …`.

Each is a process of its own. After each batch it says how many results it has acted on and how much
memory it holds, and when. WHERE = "before:3" ends it as a power cut would: before its third batch's work, "within"
that batch's transaction when everything is written and nothing committed, or right "after" its commit;
"never" lets it finish. On stdout a line of JSON for each: [[[results, bytes, seconds], …], exit code].
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from core import worker
from core.db import after_commit
from core.outbox import Handler
from core.process import ready
from core.registry import registry
from core.settings import current
from core.tables import OutboxMessage

HANDLER = "credentials.issue_final"
PAGE_BYTES = resource.getpagesize()


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


class Watched:
    """The handler's own work, counted, and ended where it is asked for."""

    def __init__(
        self, apply: Callable[[Sequence[Any]], Awaitable[None]], kill_at: str, out: int
    ) -> None:
        self._apply = apply
        self._out = out
        self._where, _, which = kill_at.partition(":")
        self._which = int(which or 0)
        self._batches = 0
        self._done = 0

    async def __call__(self, events: Sequence[Any]) -> None:
        self._batches += 1
        self._end("before")
        await self._apply(events)
        self._end("within")
        after_commit(lambda: self._committed(len(events)))

    def _committed(self, count: int) -> None:
        self._done += count
        os.write(self._out, f"{self._done} {resident()} {time.monotonic()}\n".encode())
        self._end("after")

    def _end(self, where: str) -> None:
        if (where, self._batches) == (self._where, self._which):
            os.kill(os.getpid(), signal.SIGKILL)


async def left() -> bool:
    """By the index of what is due: to count a hundred thousand again and again would slow the worker."""
    message = OutboxMessage
    return await message.exists().where(message.done_at.is_null(), message.stuck_at.is_null())


async def work(kill_at: str, out: int) -> None:
    async with ready(current()):
        handler = registry().handler(HANDLER)
        assert isinstance(handler, Handler)
        object.__setattr__(handler, "apply", Watched(handler.apply, kill_at, out))
        async with worker.working(current()):
            while await left():
                await asyncio.sleep(0.2)


def run(kill_at: str) -> tuple[list[list[float]], int]:
    """In a process of its own, forked from this one, which has imported everything."""
    with TemporaryFile() as said:
        child = os.fork()
        if not child:
            asyncio.run(work(kill_at, said.fileno()))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        lines = said.read().decode().splitlines()
    return [[float(n) for n in line.split()] for line in lines], os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    registry()
    for where in sys.argv[1:]:
        print(json.dumps(run(where)), flush=True)
