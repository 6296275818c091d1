"""The log, its texts, and what waits for a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.chain import LogLine, verify_chain
from contests.log import read
from contests.tables import Approval
from contests.texts import texts_of
from core.scoring.model import (
    Finding,
)


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: str
    verb: str
    body: Mapping[str, Any]
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    outcome: str


async def log_lines(contest: UUID, *, after: int = 0, limit: int = 100) -> list[LogLine]:
    """A page of the log of a contest or competition."""
    return (await read(contest, after=after))[:limit]


async def log_findings(contest: UUID) -> list[Finding]:
    """Whether the stored log is whole."""
    lines = await read(contest)
    return verify_chain(lines, contest=str(contest))


async def log_texts(contest: UUID) -> dict[str, str]:
    """Hash -> free text, for readers who may."""
    return await texts_of(contest)


async def approvals(contest: UUID, *, pending: bool = True) -> list[ApprovalView]:
    """Two-person steps that were asked for, oldest first."""
    query = Approval.select().where(Approval.contest == contest).order_by(Approval.requested_at)
    rows = await (query.where(Approval.decided_at.is_null()) if pending else query)
    return [
        ApprovalView(
            str(row["id"]),
            row["verb"],
            json.loads(row["body"]),
            str(row["requested_by"]),
            row["requested_at"],
            str(row["decided_by"] or ""),
            row["decided_at"],
            row["outcome"],
        )
        for row in rows
    ]
