"""Who may add and open the files of an honour or an application; each look is on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.security import Actor
from credentials.records import history
from credentials.records.applications.filing import with_the_unit
from credentials.records.applications.reaching import (
    ApplicationState,
    application_for,
    unit_s_own,
)
from credentials.records.bodies import ACTS, READS
from credentials.records.honours import cases
from credentials.records.honours.deciding import HonourState
from credentials.records.papers.keeping import Opened, keep, open_file
from credentials.scopes import issuer_scopes

ENDED = ("declined", "withdrawn")


async def add_to_honour(by: Actor, case: UUID, name: str, content: bytes) -> None:
    """By its authority, as long as it is on its way or stands."""
    async with transaction():
        row, scopes = await cases.case_for(by, case, ACTS)
        if row["state"] in ENDED:
            raise HonourState()
        hash = await keep(by, row, name, content)
        await history.note(by, row, "evidence", note=_short(hash))
        await _audit(by, "honour.evidence", scopes[0], row, hash)


async def open_of_honour(by: Actor, case: UUID, file: UUID) -> Opened:
    async with transaction():
        row, scopes = await cases.case_for(by, case, READS)
        found = await open_file(row, file)
        await _audit(by, "honour.evidence-opened", scopes[0], row, found.hash)
    return found


async def add_to_application(by: Actor, application: UUID, name: str, content: bytes) -> None:
    """By the unit, while the application is with it."""
    async with transaction():
        row, scope = await unit_s_own(by, application)
        if not await with_the_unit(row):
            raise ApplicationState()
        hash = await keep(by, row, name, content)
        await history.note(by, row, "evidence", note=_short(hash))
        await _audit(by, "application.evidence", scope, row, hash)


async def open_of_application(by: Actor, application: UUID, file: UUID) -> Opened:
    """For the unit, and for each body from its turn on."""
    async with transaction():
        row = await application_for(by, application)
        found = await open_file(row, file)
        scopes = await issuer_scopes(row["unit"])
        await _audit(by, "application.evidence-opened", scopes[0], row, found.hash)
    return found


def _short(hash: str) -> str:
    return f"SHA-256 {hash[:16]}…"


async def _audit(by: Actor, action: str, scope: Any, row: Mapping[str, Any], hash: str) -> None:
    await audit.record(by, action, scope=scope, subject=str(row["id"]), after={"sha256": hash})
