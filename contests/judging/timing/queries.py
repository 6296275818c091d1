"""Clocks of a contest out of its log. Codes only, and no marks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from contests.judging.panel import read_panel
from contests.judging.timing.schemas import (
    AttemptOut,
    ModuleClocks,
    StampOut,
    TimedContest,
    WorkClock,
)
from contests.stamps import timed
from contests.tables import Appointment, Contest
from core.errors import NotFound
from core.scoring.model import Module

KEEPERS = ("time_keeper", "group_leader", "chief_referee", "clerk")


async def my_timed_contests(account: UUID) -> list[TimedContest]:
    """Where the account is appointed to keep the time, or leads."""
    rows = await Appointment.select(Appointment.contest).where(
        Appointment.account == account,
        Appointment.role.is_in(list(KEEPERS)),
        Appointment.ended_at.is_null(),
    )
    ids = list({row["contest"] for row in rows})
    found = await Contest.select().where(Contest.id.is_in(ids)) if ids else []
    return sorted((_contest(row) for row in found), key=lambda one: one.code)


async def clocks_of(contest: UUID) -> tuple[TimedContest, list[ModuleClocks]]:
    """Raises NotFound before marking starts."""
    row = await Contest.select().where(Contest.id == contest).first()
    if row is None:
        raise NotFound(kind="contest", id=contest)
    try:
        panel = await read_panel(contest)
    except LookupError:
        raise NotFound(kind="frozen scheme of contest", id=contest) from None
    entries = await timed(contest)
    taken_back = {e["cancels"] for e in entries.values() if e.get("stamp") == "cancel"}
    by_work: dict[tuple[str, str, int], list[StampOut]] = {}
    for entry in entries.values():
        if entry.get("stamp") != "cancel":
            key = (entry["module"], entry["code"], entry["attempt"])
            by_work.setdefault(key, []).append(_stamp(entry, entry["id"] in taken_back))
    modules = [
        _module(module, sorted(panel.codes.get(module.id, ())), by_work)
        for module in panel.frozen.scheme.modules
        if panel.codes.get(module.id)
    ]
    return _contest(row), modules


def _module(
    module: Module, codes: Iterable[str], by_work: Mapping[tuple[str, str, int], list[StampOut]]
) -> ModuleClocks:
    works = []
    for code in codes:
        attempts = sorted({1, *(n for m, c, n in by_work if (m, c) == (module.id, code))})
        clocks = [AttemptOut(n, by_work.get((module.id, code, n), [])) for n in attempts]
        works.append(WorkClock(code, clocks))
    limit = module.over_time.limit if module.over_time else 0
    return ModuleClocks(module.id, dict(module.title), limit, works)


def _stamp(entry: Mapping[str, Any], cancelled: bool) -> StampOut:
    compensation = entry["kind"] == "interruption"
    return StampOut(
        id=entry["id"],
        kind="compensation" if compensation else entry["stamp"],
        at="" if compensation else entry["at"],
        seconds=entry.get("seconds", 0),
        acknowledged=entry.get("acknowledged", False),
        cancelled=cancelled,
    )


def _contest(row: Mapping[str, Any]) -> TimedContest:
    return TimedContest(
        id=str(row["id"]),
        code=row["code"],
        title=json.loads(row["title"]),
        state=row["state"],
        ended=row["judging_ended_at"] is not None,
    )
