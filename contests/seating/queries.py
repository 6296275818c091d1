"""What the judges' room shows: the pool, a draw, groups, who may leave how, who is expected. No marks, no
standings, and no name of an entrant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.actions.common import contest_row
from contests.entering.sounds import in_order
from contests.interests import handling_of
from contests.judging.control.snapshot import control_of
from contests.seating.accounts import labels_of
from contests.seating.appointing import (
    candidates_among,
    candidates_of,
    groups_of,
    latest_draw,
    terms_of,
)
from contests.seating.drawing import Candidate, Terms, seats_wanted
from contests.seating.leaving import leaving_rules
from contests.seating.planned import SeatPlan, plan_in
from contests.seating.pool import pool_rows
from contests.seating.sealing import open_facts, open_value
from contests.seating.tables import Interest
from contests.tables import Appointment, Delegation
from core.scoring.codec import from_json
from core.scoring.model import Finding, Rules, Scheme, Text
from core.security import Role


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One judge of the pool. everywhere: for every competition of the organisation."""

    id: UUID
    facts: Mapping[str, str]
    qualification: str
    level: str
    valid_until: str
    expired: bool
    trades: tuple[str, ...]
    delegations: tuple[str, ...]
    languages: tuple[str, ...]
    leads: bool
    everywhere: bool
    interests: int


@dataclass(frozen=True, slots=True)
class InterestLine:
    id: UUID
    kind: str
    value: str
    delegation: Text | None
    of_entry: bool
    own: bool
    """Declared by the judge."""


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    number: int
    panel: str
    group: str
    modules: tuple[str, ...]
    leader: bool
    name: str
    employer: str


@dataclass(frozen=True, slots=True)
class DrawView:
    """state: "" before the first preview, else open, confirmed or undone. hints: nothing that stops.
    wanted: seats that the scheme asks for. plan: what the contest brought along."""

    state: str
    number: int
    terms: Terms
    seats: Sequence[DrawnSeat]
    reserves: Sequence[tuple[str, str]]
    """(name, employer), in the order in which they are called."""
    findings: Sequence[Finding]
    hints: Sequence[Finding]
    wanted: int
    trades: Sequence[str]
    plan: SeatPlan
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class SeatedJudge:
    appointment: UUID
    account: UUID
    seat: str
    name: str
    panel: str
    group: str
    modules: tuple[str, ...]
    leads: bool
    recused: int = 0


@dataclass(frozen=True, slots=True)
class LeaverView:
    """signed of owed: sheets, as the control room counts them."""

    judge: SeatedJudge
    signed: int
    owed: int


@dataclass(frozen=True, slots=True)
class LeaveView:
    """substitutes: (id, name), reserves of the draw first."""

    judges: Sequence[LeaverView]
    policies: Sequence[str]
    substitutes: Sequence[tuple[str, str]]
    gone: Sequence[tuple[str, str, str]]
    """(seat, policy, seat of the substitute) of those who have left."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of the judges' attendance list (裁判签到表)."""

    seat: str
    name: str
    role: str
    panel: str
    group: str
    modules: tuple[str, ...]
    ended: bool


async def pool_of(competition: UUID, *, on: str = "") -> list[PoolLine]:
    """By the sound of the names. on: ISO date on which a qualification must be valid."""
    return await lines_among(await pool_rows(competition), competition, on=on)


async def lines_among(
    rows: Sequence[Mapping[str, Any]], competition: UUID, *, on: str = ""
) -> list[PoolLine]:
    """The same of rows that have been read."""
    counts = await _interest_counts([row["id"] for row in rows], competition)
    lines = [
        PoolLine(
            id=row["id"],
            facts=open_facts(row),
            qualification=row["qualification"],
            level=row["level"],
            valid_until=row["valid_until"],
            expired=bool(on and row["valid_until"] and row["valid_until"] < on),
            trades=tuple(json.loads(row["trades"])),
            delegations=tuple(json.loads(row["delegations"])),
            languages=tuple(json.loads(row["languages"])),
            leads=row["leads"],
            everywhere=row["competition"] is None,
            interests=counts.get(row["id"], 0),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: in_order(line.facts["name"]))


async def interests_of(competition: UUID, judge: UUID) -> list[InterestLine]:
    """Those that are compared here."""
    rows = (
        await Interest.select()
        .where(Interest.judge == judge, Interest.withdrawn_at.is_null())
        .order_by(Interest.declared_at)
    )
    named = await Delegation.select(Delegation.id, Delegation.title).where(
        Delegation.competition == competition
    )
    titles = {row["id"]: json.loads(row["title"]) for row in named}
    return [
        InterestLine(
            id=row["id"],
            kind=row["kind"],
            value=open_value(row),
            delegation=titles.get(row["delegation"]),
            of_entry=row["entry"] is not None,
            own=row["declared_by_judge"],
        )
        for row in rows
        if row["competition"] in {None, competition}
    ]


async def draw_of(contest: UUID) -> DrawView:
    """The last draw, and what is to be said of the pool."""
    about = await contest_row(contest)
    row = await latest_draw(contest)
    plan = json.loads(row["plan"]) if row is not None and row["plan"] else None
    pool = await pool_rows(about["competition"])
    known = {str(r["id"]): open_facts(r) for r in pool}
    held_on = json.loads(about["facts"]).get("held_on", "")
    brought = await plan_in(about)
    terms = terms_of(plan) if plan else Terms(on=held_on, planned=bool(brought.judges))
    wanted = len(seats_wanted(from_json(Scheme, json.loads(about["scheme"]))))
    asked = len(brought.judges) if terms.planned and brought.judges else wanted
    lines = await lines_among(pool, about["competition"], on=terms.on)
    shown = plan is not None and row is not None and row["state"] != "undone"
    return DrawView(
        state=row["state"] if row is not None else "",
        number=row["number"] if row is not None else 0,
        terms=terms,
        seats=[_drawn(seat, known) for seat in plan["seats"]] if plan and shown else [],
        reserves=[_named(known, one) for one in plan["reserves"]] if plan and shown else [],
        findings=[from_json(Finding, f) for f in plan["findings"]] if plan and shown else [],
        hints=_hints(await candidates_among(contest, pool), lines, terms, asked),
        wanted=wanted,
        trades=sorted({trade for line in lines for trade in line.trades}),
        plan=brought,
        undoable=about["state"] == "draft" and row is not None and row["state"] == "confirmed",
    )


async def seated_judges(contest: UUID) -> list[SeatedJudge]:
    """Judges whose duty has not ended."""
    rows = await Appointment.select().where(
        Appointment.contest == contest,
        Appointment.role.is_in([Role.JUDGE.value, Role.GROUP_LEADER.value]),
        Appointment.ended_at.is_null(),
    )
    labels = await labels_of([row["account"] for row in rows])
    leading = {
        (row["account"], row["panel"], row["group_code"])
        for row in rows
        if row["role"] == Role.GROUP_LEADER.value
    }
    judges = [row for row in rows if row["role"] == Role.JUDGE.value]
    return [
        SeatedJudge(
            appointment=row["id"],
            account=row["account"],
            seat=row["seat"],
            name=labels.get(row["account"], ""),
            panel=row["panel"],
            group=row["group_code"],
            modules=tuple(json.loads(row["modules"])),
            leads=(row["account"], row["panel"], row["group_code"]) in leading,
            recused=len(json.loads(row["recused_from"])),
        )
        for row in sorted(judges, key=lambda row: (len(row["seat"]), row["seat"]))
    ]


async def groups_view(contest: UUID) -> tuple[Sequence[str], list[SeatedJudge]]:
    """The scheme's groups, "" first, and the judges."""
    return await groups_of(contest), await seated_judges(contest)


async def leave_of(contest: UUID) -> LeaveView:
    """For the chief referee's choice: how far each judge has come, and nothing about any mark."""
    judges = await seated_judges(contest)
    control = await control_of(contest)
    counts: dict[str, tuple[int, int]] = {}
    for module in control.modules:
        for column in module.columns:
            stored, owed = counts.get(column.id, (0, 0))
            counts[column.id] = (stored + column.stored, owed + column.owed)
    rules: Rules = await leaving_rules(contest)
    return LeaveView(
        judges=[LeaverView(one, *counts.get(str(one.appointment), (0, 0))) for one in judges],
        policies=[str(policy) for policy in rules.leaving],
        substitutes=await _substitutes(contest, judges),
        gone=await _gone(contest),
    )


async def attendance_list(contest: UUID) -> list[Attendance]:
    """Everybody with a duty, judges first; those who left in the middle too. For paper."""
    rows = await Appointment.select().where(
        Appointment.contest == contest, Appointment.role != Role.TASTER.value
    )
    labels = await labels_of([row["account"] for row in rows])
    order = [Role.CHIEF_REFEREE.value, Role.GROUP_LEADER.value, Role.JUDGE.value]

    def place(row: Mapping[str, Any]) -> tuple[int, str, str, int, str]:
        rank = order.index(row["role"]) if row["role"] in order else len(order)
        return rank, row["panel"], row["group_code"], len(row["seat"]), row["seat"]

    return [
        Attendance(
            seat=row["seat"],
            name=labels.get(row["account"], ""),
            role=row["role"],
            panel=row["panel"],
            group=row["group_code"],
            modules=tuple(json.loads(row["modules"])),
            ended=row["ended_at"] is not None,
        )
        for row in sorted(rows, key=place)
        if row["ended_at"] is None or row["left_by"]
    ]


async def conflict_handling(contest: UUID) -> dict[str, str]:
    """Kind -> block, recuse, warn or ignore, with "warn" where nothing is declared."""
    from contests.interests import KINDS

    declared = await handling_of(contest)
    return {kind: declared.get(kind, "warn") for kind in KINDS}


def _hints(
    pool: Sequence[Candidate], lines: Sequence[PoolLine], terms: Terms, wanted: int
) -> list[Finding]:
    able = [
        one
        for one in pool
        if not one.conflicts
        and not (terms.on and one.valid_until and one.valid_until < terms.on)
        and (not terms.trade or not one.trades or terms.trade in one.trades)
    ]
    hints = []
    if len(able) < 2 * wanted:
        params = {"pool": str(len(able)), "wanted": str(2 * wanted), "seats": str(wanted)}
        hints.append(Finding("/pool", "pool-small", params))
    hints += [
        Finding("/pool", "pool-expired", {"name": line.facts["name"], "date": line.valid_until})
        for line in lines
        if line.expired
    ]
    return hints


async def _substitutes(contest: UUID, judges: Sequence[SeatedJudge]) -> list[tuple[str, str]]:
    """Of the pool, without a conflict and without a seat; the draw's reserves in their order first."""
    competition = (await contest_row(contest))["competition"]
    rows = {str(row["id"]): row for row in await pool_rows(competition)}
    left = await Appointment.select(Appointment.account).where(
        Appointment.contest == contest, Appointment.left_by != ""
    )
    busy = {one.account for one in judges} | {row["account"] for row in left}
    free = [
        one.id
        for one in await candidates_of(contest)
        if not one.conflicts and rows[one.id]["account"] not in busy
    ]
    draw = await latest_draw(contest)
    confirmed = draw is not None and draw["state"] == "confirmed"
    reserves = json.loads(draw["plan"])["reserves"] if draw is not None and confirmed else []
    first = [one for one in reserves if one in free]
    rest = sorted((one for one in free if one not in first), key=lambda one: _name(rows[one]))
    return [(one, _name(rows[one])) for one in [*first, *rest]]


async def _gone(contest: UUID) -> list[tuple[str, str, str]]:
    rows = await Appointment.select().where(Appointment.contest == contest)
    followers = {row["instead_of"]: row["seat"] for row in rows if row["instead_of"]}
    return [
        (row["seat"], row["left_by"], followers.get(row["id"], ""))
        for row in sorted(rows, key=lambda row: (len(row["seat"]), row["seat"]))
        if row["left_by"]
    ]


async def _interest_counts(judges: Sequence[UUID], competition: UUID) -> dict[UUID, int]:
    rows = (
        await Interest.select(Interest.judge, Interest.competition).where(
            Interest.judge.is_in(list(judges)), Interest.withdrawn_at.is_null()
        )
        if judges
        else []
    )
    found: dict[UUID, int] = {}
    for row in rows:
        if row["competition"] in {None, competition}:
            found[row["judge"]] = found.get(row["judge"], 0) + 1
    return found


def _drawn(seat: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> DrawnSeat:
    name, employer = _named(known, seat["judge"])
    return DrawnSeat(
        number=seat["number"],
        panel=seat["panel"],
        group=seat["group"],
        modules=tuple(seat["modules"]),
        leader=seat["leader"],
        name=name,
        employer=employer,
    )


def _named(known: Mapping[str, Mapping[str, str]], judge: str) -> tuple[str, str]:
    facts = known.get(judge, {})
    return facts.get("name", ""), facts.get("employer", "")


def _name(row: Mapping[str, Any]) -> str:
    return open_facts(row)["name"]
