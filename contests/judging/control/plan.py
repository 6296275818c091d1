"""What is to be marked by whom, once the rules are frozen: the rows and columns of the grid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.duties import MARKING_ROLES, duties
from contests.owed import by_duty
from contests.preparing import appointed_facts
from contests.replay import AppointedFacts, read_frozen
from contests.replay.seats import voided
from contests.tables import Appointment, LogEntry
from core.scoring.model import Aspect, Module, Text

_CONTESTS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Group:
    """Judges of one panel and group who mark the same aspects of a module. agreeing: one of them
    hands in the sheet that all have agreed on."""

    panel: str
    group: str
    judges: tuple[AppointedFacts, ...]
    agreeing: bool
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """codes: in the order in which they were drawn. trial: those that never count."""

    id: str
    title: Text
    codes: tuple[str, ...]
    trial: frozenset[str]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """modules: those that anybody marks. judges: ended appointments too, by id."""

    modules: tuple[ModulePlan, ...]
    judges: Mapping[str, AppointedFacts]
    ended: frozenset[str]
    out: frozenset[str] = frozenset()
    """Judges who left in the middle and nothing of whose marks counts."""


_kept: dict[UUID, tuple[tuple[int, str], Plan]] = {}


async def plan_of(contest: UUID, *, roster: int, rules_hash: str) -> Plan | None:
    """None before the rules are frozen. Read again only when appointments or codes have changed."""
    if not rules_hash:
        return None
    key = (roster, rules_hash)
    kept = _kept.get(contest)
    if kept is not None and kept[0] == key:
        return kept[1]
    plan = await _read(contest)
    if plan is not None:
        if len(_kept) >= _CONTESTS_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[contest] = (key, plan)
    return plan


async def _read(contest: UUID) -> Plan | None:
    rows = (
        await LogEntry.select(LogEntry.kind, LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind.is_in(["rules_frozen", "drawn"]))
        .order_by(LogEntry.seq)
    )
    frozen = next((row["body"] for row in rows if row["kind"] == "rules_frozen"), None)
    if frozen is None:
        return None
    drawn = [json.loads(row["body"]) for row in rows if row["kind"] == "drawn"]
    appointed = (
        await Appointment.select()
        .where(Appointment.contest == contest, Appointment.role.is_in(sorted(MARKING_ROLES)))
        .order_by(Appointment.created_at, Appointment.seat, Appointment.id)
    )
    return plan(
        read_frozen(frozen).scheme.modules,
        drawn,
        [appointed_facts(row) for row in appointed],
        frozenset(str(row["id"]) for row in appointed if row["ended_at"] is not None),
        {str(row["id"]): row["left_by"] for row in appointed if row["left_by"]},
    )


def plan(
    modules: Sequence[Module],
    drawn: Sequence[Mapping[str, Any]],
    judges: Sequence[AppointedFacts],
    ended: frozenset[str],
    policies: Mapping[str, str] | None = None,
) -> Plan:
    """From the bodies of `drawn` and the appointments. policies: of judges who left. Pure."""
    active = [judge for judge in judges if judge.id not in ended]
    planned = [_module(module, drawn, active) for module in modules]
    known = {judge.id: judge for judge in judges}
    return Plan(
        modules=tuple(one for one in planned if one.groups),
        judges=known,
        ended=ended,
        out=voided(known, policies or {}),
    )


def _module(
    module: Module, drawn: Sequence[Mapping[str, Any]], active: Sequence[AppointedFacts]
) -> ModulePlan:
    own = [body for body in drawn if body["module"] == module.id]
    alone, agreeing = by_duty(module, active)
    together: dict[tuple[str, str], list[AppointedFacts]] = {}
    for judge in alone:
        together.setdefault((judge.panel, judge.group), []).append(judge)
    groups = [
        Group(panel, group, tuple(judges), agree, duties(module, judges[0]))
        for found, agree in ((together, False), (agreeing, True))
        for (panel, group), judges in found.items()
    ]
    return ModulePlan(
        id=module.id,
        title=module.title,
        codes=tuple(dict.fromkeys(code for body in own for code in body["codes"])),
        trial=frozenset(code for body in own for code in body.get("trial", ())),
        groups=tuple(groups),
    )
