"""Where a contest stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row
from contests.interests import conflicts_of
from contests.next_step import next_step
from contests.profile import SharedDuties, shared_duties_of
from contests.tables import Entry, LogEntry
from core.scoring.codec import from_json
from core.scoring.model import (
    Finding,
    Rules,
    Scheme,
    Text,
)


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a contest stands. `row`: its columns; `next_step`: a verb of contests/actions or
    "collect_sheets"; `warnings`: conflicts of interest that do not block."""

    row: Mapping[str, Any]
    title: Text
    options: Mapping[str, Any]
    facts: Mapping[str, Any]
    scheme: Scheme
    rules: Rules
    entries: int
    next_step: str
    unmet: Sequence[Finding]
    warnings: Sequence[Finding]
    shared_duties: Sequence[SharedDuties] = ()
    """Of a small contest: who holds more than one duty."""


async def contest_overview(contest: UUID, *, now: datetime | None = None) -> Overview:
    """The contest, its next step and all that is unmet."""
    row = await contest_row(contest)
    scheme, rules = await _configuration(contest, row)
    verb, unmet = await next_step(contest, row, now or datetime.now(UTC))
    return Overview(
        row=row,
        title=json.loads(row["title"]),
        options=json.loads(row["options"]),
        facts=json.loads(row["facts"]),
        scheme=scheme,
        rules=rules,
        entries=await Entry.count().where(Entry.contest == contest, Entry.status != "withdrawn"),
        next_step=verb,
        unmet=unmet,
        warnings=[finding for finding, blocks in await conflicts_of(contest) if not blocks],
        shared_duties=await shared_duties_of(contest),
    )


async def _configuration(contest: UUID, row: Mapping[str, Any]) -> tuple[Scheme, Rules]:
    frozen = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == "rules_frozen")
        .first()
    )
    if frozen is not None:
        body = json.loads(frozen["body"])
        return from_json(Scheme, body["scheme"]), from_json(Rules, body["rules"])
    return (
        from_json(Scheme, json.loads(row["scheme"])),
        from_json(Rules, json.loads(row["rules"])),
    )
