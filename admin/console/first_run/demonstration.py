"""The demonstration beside a real installation: the same play as `jiangxin demo`, in the background.

Its accounts have no passwords and nobody is handed their links; its administrator is one no longer
when it is over.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, cast
from uuid import UUID

import httpx

from admin.demonstration.facts import MEETINGS
from admin.demonstration.play import Demonstration
from admin.demonstration.progress import Report
from core import jobs, settings
from core.accounts import revoke_grant
from core.errors import Conflict
from core.jobs import JobContext, JobKind, start_job
from core.security import INSTALLATION, SYSTEM, Actor, Role, check
from core.tables import Account, Organisation

KIND = "demonstration"
LOOK_SECONDS = 0.5
COMMAND = "jiangxin demo"


class DemonstrationThere(Conflict):
    slug = "demonstration-there"
    title = "The demonstration is here already, or was begun. It is not loaded twice."


def possible() -> bool:
    """It reads every QR picture back, which takes the extra `demo`."""
    return find_spec("zxingcpp") is not None


async def is_there() -> bool:
    return await Organisation.exists().where(Organisation.code == MEETINGS[0].organiser)


async def load(by: Actor) -> UUID:
    """The job. Raises DemonstrationThere."""
    check(by, "installation.manage")
    if await is_there():
        raise DemonstrationThere
    return await start_job(by, KIND, INSTALLATION, {})


class _Bar:
    def __init__(self, told: _Told, total: int) -> None:
        self._told = told
        told.total += total

    def advance(self, by: int = 1) -> None:
        self._told.done += by


class _Told:
    """The play's report, as the job's progress. The number of steps grows as they are reached."""

    def __init__(self) -> None:
        self.done = self.total = 0

    def step(self, what: str, total: int) -> _Bar:
        return _Bar(self, total)


async def run(context: JobContext) -> None:
    """Interrupted, it is not taken up again: what was made stays, marked as demonstration."""
    from core.app import create_app  # late: the application names this module's pages

    if await is_there():
        raise DemonstrationThere
    told = _Told()
    origin = settings.current().origin
    transport = httpx.ASGITransport(app=cast("Any", create_app(settings.current())))
    async with httpx.AsyncClient(transport=transport, base_url=origin, timeout=60) as client:
        play = asyncio.create_task(Demonstration(client, cast("Report", told)).run())
        try:
            while not play.done():
                await asyncio.wait({play}, timeout=LOOK_SECONDS)
                await context.progress(told.done, told.total)
                if await context.cancelled():
                    break
        finally:
            play.cancel()
            await asyncio.wait({play})
            await _dismiss_administrator()
        with suppress(asyncio.CancelledError):
            await play  # raises what went wrong in it


async def _dismiss_administrator() -> None:
    row = await Account.select(Account.id).where(Account.login == "demo-administrator").first()
    if row is not None:
        await revoke_grant(SYSTEM, row["id"], Role.ADMINISTRATOR, INSTALLATION)


def register() -> None:
    jobs.register(JobKind(KIND, "Demonstration", run, permission="installation.manage"))
