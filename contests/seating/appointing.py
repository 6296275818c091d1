"""The draw of a contest's judges: shown first, then confirmed, all appointed at once; taken back as long
as the contest is not ready. Each draw has one seed, made before anybody sees who comes out."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import allowed, contest_row, json_text, moment, raise_roster, who
from contests.actions.people import appoint_row, next_seat
from contests.declared import plain
from contests.interests import entry_interests, handling_of, matches
from contests.log import Writing, writing
from contests.seating.accounts import account_of
from contests.seating.drawing import (
    Candidate,
    Drawn,
    SeatWanted,
    Terms,
    draw_judges,
)
from contests.seating.interests import held_in_pool
from contests.seating.planned import seats_to_draw
from contests.seating.pool import pool_rows
from contests.seating.sealing import open_facts
from contests.seating.tables import JudgesDraw
from contests.tables import Appointment, Delegation
from core import audit
from core.accounts import revoke_grant_row
from core.db import transaction
from core.errors import Conflict, Invalid
from core.scoring.codec import from_json, to_json
from core.scoring.model import Finding, Scheme
from core.security import Actor, Role, Scope

BEFORE_READY = ("draft",)


async def preview_draw(
    by: Actor, contest: UUID, terms: Terms, *, now: datetime | None = None
) -> dict[str, Any]:
    """Who would sit where. Kept with its seed: another look, also with other terms, draws with the same
    one. The log gets the seed's fingerprint before anybody sees a name."""
    await allowed(by, "contest.appoint", contest)
    async with transaction(), writing(contest, *BEFORE_READY, now=moment(now)) as log:
        row = await _open_row(log, by)
        plan = await _plan(contest, bytes(row["seed"]), row["number"], terms)
        await JudgesDraw.update({JudgesDraw.plan: json_text(plan)}).where(
            JudgesDraw.id == row["id"]
        )
    return plan


async def confirm_draw(by: Actor, contest: UUID, *, now: datetime | None = None) -> list[UUID]:
    """Appoints everybody of the last preview in one transaction. Raises Conflict when the pool, the
    entrants or the scheme have changed since, and Invalid with all reasons when seats stay empty."""
    scope = await allowed(by, "contest.appoint", contest)
    async with transaction(), writing(contest, *BEFORE_READY, now=moment(now)) as log:
        row = await latest_draw(contest)
        if row is None or row["state"] != "open" or not row["plan"]:
            raise Conflict([Finding("", "draw-not-open", {})])
        shown = json.loads(row["plan"])
        plan = await _plan(contest, bytes(row["seed"]), row["number"], terms_of(shown))
        if plan != shown:
            raise Conflict([Finding("", "draw-changed", {})])
        if plan["findings"]:
            raise Invalid([from_json(Finding, one) for one in plan["findings"]])
        if await Appointment.exists().where(
            Appointment.contest == contest,
            Appointment.role == Role.JUDGE.value,
            Appointment.ended_at.is_null(),
        ):
            raise Conflict([Finding("", "draw-appointed-already", {})])
        made = await _appoint(log, by, plan)
        plan["appointments"] = [str(one) for one in made]
        confirmed: dict[Any, Any] = {
            JudgesDraw.state: "confirmed",
            JudgesDraw.confirmed_at: log.now,
            JudgesDraw.plan: json_text(plan),
        }
        await JudgesDraw.update(confirmed).where(JudgesDraw.id == row["id"])
        log.add("judges_drawn", _body(plan, bytes(row["seed"]), by))
        await raise_roster(contest)
        await audit.record(by, "confirm_draw", scope=scope, after={"judges": len(plan["seats"])})
    return made


async def undo_draw(by: Actor, contest: UUID, *, now: datetime | None = None) -> None:
    """As if nobody had been drawn; the log says that there was a draw. Only before the contest is ready."""
    scope = await allowed(by, "contest.appoint", contest)
    async with transaction(), writing(contest, *BEFORE_READY, now=moment(now)) as log:
        row = await latest_draw(contest)
        if row is None or row["state"] != "confirmed":
            raise Conflict([Finding("", "draw-not-open", {})])
        ids = [UUID(one) for one in json.loads(row["plan"])["appointments"]]
        appointed = await Appointment.select().where(Appointment.id.is_in(ids))
        await Appointment.delete().where(Appointment.id.is_in(ids))
        for one in appointed:
            await _revoke(contest, one, by)
        undone: dict[Any, Any] = {JudgesDraw.state: "undone"}
        await JudgesDraw.update(undone).where(JudgesDraw.id == row["id"])
        log.add("judges_draw_undone", {"number": row["number"], "by": who(by)})
        await raise_roster(contest)
        await audit.record(by, "undo_draw", scope=scope)


async def latest_draw(contest: UUID) -> dict[str, Any] | None:
    row: dict[str, Any] | None = (
        await JudgesDraw.select()
        .where(JudgesDraw.contest == contest)
        .order_by(JudgesDraw.number, ascending=False)
        .first()
    )
    return row


async def candidates_of(contest: UUID) -> list[Candidate]:
    """The pool as the draw sees it: without names."""
    competition = (await contest_row(contest))["competition"]
    return await candidates_among(contest, await pool_rows(competition))


async def candidates_among(contest: UUID, rows: Sequence[Mapping[str, Any]]) -> list[Candidate]:
    """The same of a pool whose rows have been read."""
    held, handling = await held_in_pool(contest, rows), await handling_of(contest)
    entries = await entry_interests(contest) if any(held.values()) else []
    keeps_out = {kind: how for kind, how in handling.items() if how in {"recuse", "ignore"}}
    found = []
    for row in rows:
        kinds = {
            kind
            for _, kind in matches(held[row["id"]], entries, keeps_out)
            if keeps_out.get(kind) != "recuse"
        }
        found.append(
            Candidate(
                id=str(row["id"]),
                trades=frozenset(json.loads(row["trades"])),
                valid_until=row["valid_until"],
                leads=row["leads"],
                employer=_spread(open_facts(row)["employer"]),
                delegations=frozenset(json.loads(row["delegations"])),
                conflicts=tuple(sorted(kinds)),
            )
        )
    return found


def terms_of(plan: Mapping[str, Any]) -> Terms:
    return from_json(Terms, plan["terms"])


async def _open_row(log: Writing, by: Actor) -> dict[str, Any]:
    row = await latest_draw(log.contest)
    if row is not None and row["state"] == "open":
        return row
    if row is not None and row["state"] == "confirmed":
        raise Conflict([Finding("", "draw-appointed-already", {})])
    number, seed = (row["number"] + 1 if row else 1), secrets.token_bytes(32)
    made: dict[str, Any] = {
        "id": uuid5(log.contest, f"judges-draw|{number}"),
        "contest": log.contest,
        "number": number,
        "seed": seed,
        "state": "open",
        "plan": "",
        "made_by": by.account,
        "made_at": log.now,
    }
    await JudgesDraw.insert(JudgesDraw(**made))
    commitment = hashlib.sha256(seed + f"|{log.contest}|{number}".encode()).hexdigest()
    log.add("judges_draw_opened", {"number": number, "commitment": commitment, "by": who(by)})
    return made


async def _plan(contest: UUID, seed: bytes, number: int, terms: Terms) -> dict[str, Any]:
    row = await contest_row(contest)
    on = terms.on or json.loads(row["facts"]).get("held_on", "")
    asked = Terms(**{**_values(terms), "on": on})
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    seats = await seats_to_draw(contest, scheme, planned=terms.planned)
    candidates = await candidates_of(contest)
    drawn = draw_judges(seed, candidates, seats, asked)
    return {
        "number": number,
        "terms": to_json(asked),
        "pool": sorted(one.id for one in candidates),
        "seats": [_seat(seat, drawn) for seat in seats],
        "reserves": list(drawn.reserves),
        "findings": [to_json(finding) for finding in drawn.findings],
    }


def _seat(seat: SeatWanted, drawn: Drawn) -> dict[str, Any]:
    return {
        "number": seat.number,
        "panel": seat.panel,
        "group": seat.group,
        "modules": list(seat.modules),
        "leader": seat.leader,
        "judge": drawn.seats.get(seat.number, ""),
    }


async def _appoint(log: Writing, by: Actor, plan: Mapping[str, Any]) -> list[UUID]:
    made = []
    for seat in plan["seats"]:
        account = await account_of(UUID(seat["judge"]))
        place = {"panel": seat["panel"], "group": seat["group"], "modules": seat["modules"]}
        label = await next_seat(log.contest, Role.JUDGE)
        judge = await appoint_row(log, by, account, Role.JUDGE.value, seat=label, **place)
        made.append(judge)
        await _recuse(log, by, judge, UUID(seat["judge"]))
        if seat["leader"]:
            label = Role.GROUP_LEADER.value
            leader = await appoint_row(log, by, account, label, seat=label, **place)
            made.append(leader)
            await _recuse(log, by, leader, UUID(seat["judge"]))
    return made


async def _recuse(log: Writing, by: Actor, appointment: UUID, judge: UUID) -> None:
    """From entries with which the contest's facts let a judge sit, but not count."""
    handling = await handling_of(log.contest)
    recusing = {kind: how for kind, how in handling.items() if how == "recuse"}
    if not recusing:
        return
    competition = (await contest_row(log.contest))["competition"]
    rows = [row for row in await pool_rows(competition) if row["id"] == judge]
    held = await held_in_pool(log.contest, rows)
    found = matches(held[judge], await entry_interests(log.contest), handling)
    entries = sorted({entry for entry, kind in found if kind in recusing})
    if entries:
        recused: dict[Any, Any] = {Appointment.recused_from: json_text(entries)}
        await Appointment.update(recused).where(Appointment.id == appointment)
        body = {"appointment": str(appointment), "entries": entries, "by": who(by)}
        log.add("recused", {**body, "reason_hash": ""})


def _body(plan: Mapping[str, Any], seed: bytes, by: Actor) -> dict[str, Any]:
    """What it takes to repeat the draw, without a name."""
    return {
        "number": plan["number"],
        "seed": seed.hex(),
        "terms": plan["terms"],
        "pool": plan["pool"],
        "seats": plan["seats"],
        "reserves": plan["reserves"],
        "by": who(by),
    }


async def _revoke(contest: UUID, appointment: Mapping[str, Any], by: Actor) -> None:
    role, account = appointment["role"], appointment["account"]
    if not await Appointment.exists().where(
        Appointment.contest == contest,
        Appointment.account == account,
        Appointment.role == role,
        Appointment.ended_at.is_null(),
    ):
        scope = Scope("contest", str(contest))
        await revoke_grant_row(account, Role(role), scope, revoked_by=by.account)


def _values(terms: Terms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in terms.__dataclass_fields__}


def _spread(employer: str) -> str:
    return hashlib.sha256(plain(employer).encode()).hexdigest()[:16] if employer.strip() else ""


async def groups_of(contest: UUID) -> Sequence[str]:
    """The marking groups that the scheme names; "" stands for all."""
    scheme = from_json(Scheme, json.loads((await contest_row(contest))["scheme"]))
    named = {
        sub.group
        for module in scheme.modules
        for criterion in module.criteria
        for sub in criterion.sub_criteria
    }
    return ["", *sorted(named - {""})]


async def regroup(
    by: Actor, contest: UUID, groups: Mapping[UUID, str], *, now: datetime | None = None
) -> int:
    """Puts judges into marking groups (appointment -> group); returns how many changed place. Before
    marking starts."""
    scope = await allowed(by, "contest.appoint", contest)
    known = await groups_of(contest)
    async with transaction(), writing(contest, "draft", "ready", now=moment(now)) as log:
        rows = {row["id"]: row for row in await _judges(contest)}
        findings = [
            Finding(f"/groups/{one}", "appointment-unknown", {"id": str(one)})
            for one in groups
            if one not in rows
        ]
        findings += [
            Finding(
                f"/groups/{one}", "group-unknown", {"group": group[:40], "known": _named(known)}
            )
            for one, group in groups.items()
            if group not in known
        ]
        if findings:
            raise Invalid(findings)
        moved = [one for one, group in groups.items() if rows[one]["group_code"] != group]
        for one in moved:
            await _put_into(log, by, rows[one], groups[one])
        if moved:
            await raise_roster(contest)
            after = {"count": len(moved)}
            await audit.record(by, "regroup", scope=scope, after=after)
    return len(moved)


async def name_leader(
    by: Actor, contest: UUID, appointment: UUID, *, now: datetime | None = None
) -> None:
    """This judge leads his panel's group; whoever led it does so no more."""
    scope = await allowed(by, "contest.appoint", contest)
    async with (
        transaction(),
        writing(contest, "draft", "ready", "judging", now=moment(now)) as log,
    ):
        rows = {row["id"]: row for row in await _judges(contest)}
        if appointment not in rows:
            params = {"id": str(appointment)}
            raise Invalid([Finding("/leader", "appointment-unknown", params)])
        judge = rows[appointment]
        before = await Appointment.select().where(
            Appointment.contest == contest,
            Appointment.role == Role.GROUP_LEADER.value,
            Appointment.panel == judge["panel"],
            Appointment.group_code == judge["group_code"],
            Appointment.ended_at.is_null(),
            Appointment.account != judge["account"],
        )
        for row in before:
            await Appointment.update({Appointment.ended_at: log.now}).where(
                Appointment.id == row["id"]
            )
            await _revoke(contest, row, by)
            if log.row["state"] != "draft":
                body = {"appointment": str(row["id"]), "reason_hash": ""}
                log.add("appointment_ended", body)
        await appoint_row(
            log,
            by,
            judge["account"],
            Role.GROUP_LEADER.value,
            panel=judge["panel"],
            group=judge["group_code"],
            modules=json.loads(judge["modules"]),
            seat=Role.GROUP_LEADER.value,
        )
        await raise_roster(contest)
        await audit.record(by, "name_leader", scope=scope, subject=str(appointment))


async def _judges(contest: UUID) -> list[dict[str, Any]]:
    return (
        await Appointment.select()
        .where(
            Appointment.contest == contest,
            Appointment.role == Role.JUDGE.value,
            Appointment.ended_at.is_null(),
        )
        .order_by(Appointment.created_at, Appointment.seat)
    )


async def _put_into(log: Writing, by: Actor, row: Mapping[str, Any], group: str) -> None:
    await appoint_row(
        log,
        by,
        row["account"],
        row["role"],
        panel=row["panel"],
        group=group,
        modules=json.loads(row["modules"]),
        seat=row["seat"],
        interests=json.loads(row["interests"]),
        instead_of=row["instead_of"],
    )


def _named(groups: Sequence[str]) -> str:
    return ", ".join(group for group in groups if group) or "—"


async def delegations_of_competition(competition: UUID) -> list[dict[str, Any]]:
    """id, code and title (as Text)."""
    rows = (
        await Delegation.select(Delegation.id, Delegation.code, Delegation.title)
        .where(Delegation.competition == competition)
        .order_by(Delegation.code)
    )
    return [{**row, "title": json.loads(row["title"])} for row in rows]
