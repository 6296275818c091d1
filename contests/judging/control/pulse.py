"""The version of what a control room shows, asked of the database once a second per contest and process,
however many listen.

It is made of what every process reads alike, so that a listener who comes back to another process knows
whether anything was missed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from uuid import UUID

from contests.statements import run
from core.notices import standing

EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)

_DEVICES = """(device.competition = contest.competition OR device.account IN
    (SELECT account FROM appointment WHERE appointment.contest = contest.id))"""
_VERSION = f"""
SELECT contest.length, contest.roster, contest.state, contest.home, contest.title,
  contest.judging_ended_at, contest.rules_hash, apart.*, devices.*, messages.*, admitted.*, pins.*
FROM contest
LEFT JOIN (SELECT COUNT(*) AS apart, COUNT(resolved_at) AS resolved FROM quarantine
  WHERE contest = {{}}) AS apart ON TRUE
LEFT JOIN (SELECT COUNT(*) AS devices, COUNT(revoked_at) AS revoked, COUNT(returned_at) AS returned,
  MAX(last_seen_at) AS seen, SUM(last_seq) AS numbers FROM device JOIN contest ON contest.id = {{}}
  WHERE {_DEVICES}) AS devices ON TRUE
LEFT JOIN (SELECT COUNT(*) AS messages, COUNT(read_at) AS heard FROM tablet_message
  WHERE contest = {{}}) AS messages ON TRUE
LEFT JOIN (SELECT COUNT(*) AS admitted, COUNT(tablet_judge.ended_at) AS gone FROM tablet_judge
  JOIN device ON device.id = tablet_judge.device JOIN contest ON contest.id = {{}}
  WHERE device.competition = contest.competition) AS admitted ON TRUE
LEFT JOIN (SELECT COUNT(*) AS pins, MAX(set_at) AS pin_set, SUM(failures) AS failures FROM judge_pin
  WHERE id IN (SELECT account FROM appointment WHERE contest = {{}})) AS pins ON TRUE
WHERE contest.id = {{}}
"""  # noqa: S608 - only our own words


async def version_of(contest: UUID) -> str:
    """ "" for a contest that does not exist."""
    rows = await run(_VERSION, *[contest] * 6)
    if not rows:
        return ""
    told = "|".join(f"{name}={value}" for name, value in rows[0].items())
    told += "".join(f"|{notice.finding}" for notice in standing())
    return f"{rows[0]['length']}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


class Pulse:
    """One contest's version in this process, while anybody listens."""

    def __init__(self, contest: UUID) -> None:
        self.contest = contest
        self.version = ""
        self.asked = 0.0
        """When the database last answered (`time.monotonic`)."""
        self.listeners = 0
        self.begun = asyncio.Event()
        """It has asked once."""
        self._changed = asyncio.Event()

    async def ask(self) -> None:
        version = await version_of(self.contest)
        self.asked = time.monotonic()
        if version != self.version:
            self.version = version
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()

    async def change(self, seconds: float) -> None:
        """Returns when the version has changed, or after so many seconds."""
        changed = self._changed
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return

    async def beat(self) -> None:
        while self.listeners:
            try:
                await self.ask()
            except Exception:
                _log.exception("the control room of contest %s has no news", self.contest)
            self.begun.set()
            await asyncio.sleep(EVERY_SECONDS)


_pulses: dict[tuple[asyncio.AbstractEventLoop, UUID], Pulse] = {}
_tasks: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def listening(contest: UUID) -> AsyncIterator[Pulse]:
    """The contest's pulse; it stops when the last listener has gone."""
    loop = asyncio.get_running_loop()
    pulse = _pulses.get((loop, contest))
    if pulse is None:
        pulse = _pulses[loop, contest] = Pulse(contest)
    pulse.listeners += 1
    try:
        if pulse.listeners == 1:
            # A context of its own: the task must not inherit the first listener's request.
            task = loop.create_task(pulse.beat(), context=Context())
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
        await pulse.begun.wait()
        yield pulse
    finally:
        pulse.listeners -= 1
        if not pulse.listeners:
            _pulses.pop((loop, contest), None)
