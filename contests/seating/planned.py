"""The seats that a contest brought along from last year's: how many judges of which panel and group,
who leads, which other duties. A plan to fill, without persons."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row
from contests.seating.accounts import labels_of
from contests.seating.drawing import SeatWanted, seats_wanted
from contests.tables import Appointment
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme
from core.security import Role


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """name: who has it by now, "" while it is open."""

    role: str
    seat: str
    panel: str
    group: str
    modules: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """judges: the seats that a draw may fill. findings: where the plan and the scheme part."""

    duties: Sequence[PlannedDuty] = ()
    judges: Sequence[SeatWanted] = ()
    findings: Sequence[Finding] = ()

    @property
    def open(self) -> int:
        return sum(not duty.name for duty in self.duties)


def planned_duties(facts: Mapping[str, Any]) -> list[PlannedDuty]:
    """As they were last time; the officials first, judges by their number."""
    duties = [
        PlannedDuty(
            str(one.get("role", "")),
            str(one.get("seat", "")),
            str(one.get("panel", "")),
            str(one.get("group", "")),
            tuple(map(str, one.get("modules", ()))),
        )
        for one in facts.get("seats", ())
    ]
    return sorted(duties, key=_place)


def planned_seats(duties: Sequence[PlannedDuty], scheme: Scheme) -> list[SeatWanted]:
    """The judges of the plan whom the scheme still has work for, numbered anew; of each panel and
    group that had a leader the first one leads."""
    known = {(seat.panel, seat.group) for seat in seats_wanted(scheme)}
    panels = {panel for panel, _ in known}
    modules = {module.id for module in scheme.modules}
    leaders = {(d.panel, d.group) for d in duties if d.role == Role.GROUP_LEADER.value}
    seats: list[SeatWanted] = []
    for duty in duties:
        place = (duty.panel, duty.group)
        fits = place in known or (not duty.group and duty.panel in panels)
        if duty.role == Role.JUDGE.value and fits and modules.issuperset(duty.modules):
            lead = place in leaders
            leaders.discard(place)
            seats.append(SeatWanted(len(seats) + 1, duty.panel, duty.group, duty.modules, lead))
    return seats


async def plan_of(contest: UUID) -> SeatPlan:
    """The plan with who has which duty by now. Empty for a contest that brought none along."""
    return await plan_in(await contest_row(contest))


async def plan_in(row: Mapping[str, Any]) -> SeatPlan:
    """The same of a contest whose row has been read."""
    contest: UUID = row["id"]
    duties = planned_duties(json.loads(row["facts"]))
    if not duties:
        return SeatPlan()
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    seats = planned_seats(duties, scheme)
    return SeatPlan(await _filled(contest, duties), seats, _differences(duties, seats, scheme))


async def seats_to_draw(contest: UUID, scheme: Scheme, *, planned: bool) -> list[SeatWanted]:
    """planned: those of the plan, where there is one; otherwise those that the scheme asks for."""
    facts = json.loads((await contest_row(contest))["facts"])
    seats = planned_seats(planned_duties(facts), scheme) if planned else []
    return seats or seats_wanted(scheme)


def _differences(
    duties: Sequence[PlannedDuty], seats: Sequence[SeatWanted], scheme: Scheme
) -> list[Finding]:
    judges = sum(duty.role == Role.JUDGE.value for duty in duties)
    wanted = len(seats_wanted(scheme))
    findings = []
    if judges > len(seats):
        params = {"count": str(judges - len(seats))}
        findings.append(Finding("/seats", "plan-seats-without-work", params))
    if len(seats) != wanted:
        params = {"planned": str(len(seats)), "wanted": str(wanted)}
        findings.append(Finding("/seats", "plan-seats-differ", params))
    return findings


async def _filled(contest: UUID, duties: Sequence[PlannedDuty]) -> list[PlannedDuty]:
    rows = (
        await Appointment.select()
        .where(Appointment.contest == contest, Appointment.ended_at.is_null())
        .order_by(Appointment.created_at, Appointment.seat)
    )
    labels = await labels_of([row["account"] for row in rows])
    free: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        place = (row["role"], row["panel"], row["group_code"])
        free[place].append(labels.get(row["account"], ""))
    filled = []
    for duty in duties:
        waiting = free[duty.role, duty.panel, duty.group]
        name = waiting.pop(0) if waiting else ""
        filled.append(replace(duty, name=name))
    return filled


_ORDER = [Role.CHIEF_REFEREE.value, Role.GROUP_LEADER.value, Role.JUDGE.value]


def _place(duty: PlannedDuty) -> tuple[int, str, str, int, str]:
    rank = _ORDER.index(duty.role) if duty.role in _ORDER else len(_ORDER)
    return (
        rank,
        "" if duty.role == Role.JUDGE.value else duty.role,
        duty.panel,
        len(duty.seat),
        duty.seat,
    )
