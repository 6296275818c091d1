"""Who may see a job, and so cancel it and take its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import enclosing
from core.errors import NotFound
from core.jobs.kinds import KINDS
from core.security import SYSTEM, Actor, Scope
from core.tables import Job


async def row_for(by: Actor, job: UUID) -> dict[str, Any]:
    row = await Job.select().where(Job.id == job).first()
    if row is None or not await may_see(by, row):
        raise NotFound(kind="job", id=job)
    return dict(row)


async def may_see(by: Actor, row: Mapping[str, Any]) -> bool:
    if by is SYSTEM:
        return True
    kind = KINDS.get(row["kind"])
    if kind is None or not kind.permission:
        return by.account is not None and row["account"] == by.account
    try:
        return by.may(
            kind.permission, *await enclosing.scopes(Scope(row["scope_kind"], row["scope_id"]))
        )
    except NotFound:  # what it was about is gone
        return False
