"""Delegations, entrants and appointments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from contests.actions.common import (
    allowed,
    competition_scopes,
    contest_row,
    json_text,
    moment,
    raise_roster,
    who,
)
from contests.declared import interest_findings
from contests.duties import TASTERS
from contests.entrants import MemberDraft, check_drafts, doubled_persons, normalised
from contests.identity.sealing import person_hash, persons_entered, seal_members
from contests.interests import conflicts_of
from contests.log import Writing, writing
from contests.preparing import appointed_body, appointed_facts
from contests.tables import Appointment, Delegation, Entry
from core import audit
from core.accounts import grant_row, revoke_grant_row
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.privacy import create_person
from core.registry import registry
from core.scoring.codec import from_json
from core.scoring.model import Finding, Scheme, Text
from core.security import Actor, Role, Scope, check

__all__ = [
    "EntrantDraft",
    "MemberDraft",
    "add_delegation",
    "appoint",
    "end_appointment",
    "recuse_judge",
    "register_entrants",
    "withdraw_entrant",
]

PREPARING = ("draft", "ready", "judging")
_APPOINTED_ROLES = frozenset(
    {
        Role.CHIEF_REFEREE,
        Role.GROUP_LEADER,
        Role.JUDGE,
        Role.ENCRYPTION_OFFICER,
        Role.SUPERVISOR,
        Role.ARBITRATION,
        Role.CLERK,
        Role.TASTER,
        Role.TIME_KEEPER,
    }
)

_WATCHING = _APPOINTED_ROLES - {
    Role.GROUP_LEADER,
    Role.JUDGE,
    Role.CLERK,
    Role.TASTER,
    Role.TIME_KEEPER,
}
"""They watch over those who mark, or hold the codes: the chief referee neither makes nor dismisses
them; who manages the contest's accounts does."""


@dataclass(frozen=True, slots=True)
class EntrantDraft:
    """One entry before it is registered: one to n members in the order of the team.

    delegation: the delegation's id. team: public name of an entry of several members.
    """

    members: Sequence[MemberDraft]
    group: str = ""
    delegation: UUID | None = None
    reserve: bool = False
    trial: bool = False
    team: Text = field(default_factory=dict)


async def add_delegation(
    by: Actor, competition: UUID, *, code: str, title: Text, city: str = ""
) -> UUID:
    """A delegation (代表队); `city` is a code of a partner's list, or empty."""
    check(by, "contest.configure", *await competition_scopes(competition))
    delegation = uuid5(competition, f"delegation|{code}")
    cities = {c.code for partner in registry().partners() for c in partner.cities()}
    async with transaction():
        findings = []
        if await Delegation.exists().where(Delegation.id == delegation):
            findings.append(Finding("/code", "code-taken", {"code": code}))
        if city and cities and city not in cities:
            findings.append(Finding("/city", "city-unknown", {"city": city}))
        if findings:
            raise Invalid(findings)
        await Delegation.insert(
            Delegation(
                id=delegation,
                competition=competition,
                code=code,
                title=json_text(dict(title)),
                city=city,
            )
        )
        scope = Scope("competition", str(competition))
        await audit.record(by, "add_delegation", scope=scope, subject=code)
    return delegation


async def register_entrants(
    by: Actor, contest: UUID, drafts: Sequence[EntrantDraft], *, now: datetime | None = None
) -> list[UUID]:
    """Registers all of them, or none: Invalid lists every finding of every row."""
    scope = await allowed(by, "contest.enter", contest)
    row = await contest_row(contest)
    at = moment(now)
    async with transaction(), writing(contest, "draft", now=at):
        findings = check_drafts(drafts, registry().partners())
        findings += await _unknown_delegations(drafts, row["competition"])
        if findings:
            raise Invalid(findings)
        entered = await persons_entered(contest)
        entries = []
        for place, draft in enumerate(drafts):
            persons, found = await enrol_members(draft, entered, place)
            findings += found
            # A microsecond each keeps the order of the list.
            registered_at = at + timedelta(microseconds=place)
            entries.append(await enter(contest, draft, persons, now=registered_at))
        if findings:
            raise Invalid(findings)
        await audit.record(by, "register_entrants", scope=scope, after={"count": len(entries)})
    return entries


async def withdraw_entrant(
    by: Actor, contest: UUID, entry: UUID, *, now: datetime | None = None
) -> None:
    """Takes an entry back before the contest is ready; later it is an absence."""
    scope = await allowed(by, "contest.enter", contest)
    async with transaction(), writing(contest, "draft", now=moment(now)):
        rows = (
            await Entry.update({Entry.status: "withdrawn"})
            .where(Entry.id == entry, Entry.contest == contest)
            .returning(Entry.id)
        )
        if not rows:
            raise NotFound(kind="entry", id=entry)
        await audit.record(by, "withdraw_entrant", scope=scope, subject=str(entry))


async def appoint(
    by: Actor,
    contest: UUID,
    account: UUID,
    role: str,
    *,
    panel: str = "referees",
    group: str = "",
    modules: Sequence[str] = (),
    seat: str = "",
    interests: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> UUID:
    """Gives an account a duty and the grant for it. A conflict of interest that the contest's
    facts declare as blocking refuses it; others are shown in the overview. A taster is always in
    the tasters' panel and has no interests to compare."""
    scope = await _may_appoint(by, contest, role)
    row = await contest_row(contest)
    if role == Role.TASTER:
        panel, interests = TASTERS, None
    findings = _check_appointment(row, role, modules)
    findings += [
        Finding("/interests" + f.pointer, f.code, f.params)
        for f in interest_findings(interests or {})
    ]
    if findings:
        raise Invalid(findings)
    at = moment(now)
    async with transaction(), writing(contest, *PREPARING, now=at) as log:
        appointment = await appoint_row(
            log,
            by,
            account,
            role,
            panel=panel,
            group=group,
            modules=modules,
            seat=seat or await next_seat(contest, role),
            interests=interests,
        )
        blocking = [f for f, blocks in await conflicts_of(contest) if blocks]
        if any(str(appointment) in finding.pointer for finding in blocking):
            raise Invalid([f for f in blocking if str(appointment) in f.pointer])
        await raise_roster(contest)
        await audit.record(
            by, "appoint", scope=scope, subject=str(appointment), after={"role": role}
        )
    return appointment


async def appoint_row(
    log: Writing,
    by: Actor,
    account: UUID,
    role: str,
    *,
    panel: str = "referees",
    group: str = "",
    modules: Sequence[str] = (),
    seat: str,
    interests: Mapping[str, Any] | None = None,
    instead_of: UUID | None = None,
) -> UUID:
    """The appointment, its grant and, once there is a log, its entry. Inside the caller's gate, who
    has checked it and raises the roster. instead_of: the appointment of a judge who left in the middle
    and whose open sheets this one takes. Raises Invalid for somebody who left in the middle himself."""
    contest = log.contest
    appointment = appointment_id(contest, account, role, panel)
    await _refuse_who_left(appointment)
    values = {
        Appointment.group_code: group,
        Appointment.modules: json_text(list(modules)),
        Appointment.seat: seat,
        Appointment.interests: json_text(dict(interests or {})),
        Appointment.instead_of: instead_of,
        Appointment.ended_at: None,
    }
    await _put_appointment(appointment, contest, account, role, panel, values, log.now)
    await grant_row(account, Role(role), Scope("contest", str(contest)), granted_by=by.account)
    if log.row["state"] != "draft":
        stored = await Appointment.select().where(Appointment.id == appointment).first()
        if stored is not None:
            log.add("appointed", appointed_body(appointed_facts(stored)))
    return appointment


async def _refuse_who_left(appointment: UUID) -> None:
    """Which of his sheets count was decided when he left."""
    row = (
        await Appointment.select(Appointment.seat)
        .where(Appointment.id == appointment, Appointment.left_by != "")
        .first()
    )
    if row is not None:
        raise Invalid([Finding("/account", "judge-left-already", {"seat": row["seat"]})])


async def end_appointment(
    by: Actor, appointment: UUID, *, reason: str = "", now: datetime | None = None
) -> None:
    """Ends a duty and its grant; what was marked stays and counts."""
    from contests.texts import keep

    row = await _appointment(appointment)
    contest, at = row["contest"], moment(now)
    scope = await _may_appoint(by, contest, row["role"])
    async with transaction(), writing(contest, *PREPARING, now=at) as log:
        if row["ended_at"] is not None:
            raise Conflict([Finding("", "appointment-ended", {"seat": row["seat"]})])
        await Appointment.update({Appointment.ended_at: at}).where(Appointment.id == appointment)
        if not await _still_in_role(contest, row["account"], row["role"]):
            await revoke_grant_row(row["account"], Role(row["role"]), scope)
        if log.row["state"] != "draft":
            text = await keep(contest, reason)
            log.add("appointment_ended", {"appointment": str(appointment), "reason_hash": text})
        await raise_roster(contest)
        await audit.record(by, "end_appointment", scope=scope, subject=str(appointment))


async def recuse_judge(
    by: Actor,
    contest: UUID,
    appointment: UUID,
    entries: Sequence[UUID],
    *,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """A judge is not counted for these entries (回避). In a blind module the judge still marks
    every code, so that nothing gives the entry away; the sheets are set aside afterwards."""
    from contests.texts import keep

    scope = await allowed(by, "contest.appoint", contest)
    row = await _appointment(appointment)
    known = {r["id"] for r in await Entry.select(Entry.id).where(Entry.contest == contest)}
    wrong = [e for e in entries if e not in known]
    if wrong or row["contest"] != contest:
        raise Invalid([Finding("/entries", "entry-unknown", {"entry": str(e)}) for e in wrong])
    async with transaction(), writing(contest, *PREPARING, now=moment(now)) as log:
        recused = sorted({*json.loads(row["recused_from"]), *(str(e) for e in entries)})
        await Appointment.update({Appointment.recused_from: json_text(recused)}).where(
            Appointment.id == appointment
        )
        text = await keep(contest, reason)
        body = {"appointment": str(appointment), "entries": recused, "by": who(by)}
        log.add("recused", {**body, "reason_hash": text})
        await raise_roster(contest)
        await audit.record(by, "recuse_judge", scope=scope, subject=str(appointment))


def appointment_id(contest: UUID, account: UUID, role: str, panel: str) -> UUID:
    return uuid5(contest, f"{account}|{role}|{panel}")


async def enrol_members(
    draft: EntrantDraft, entered: set[str], place: int
) -> tuple[list[UUID], list[Finding]]:
    """Finds or makes the persons of a draft; somebody who is entered already is a finding."""
    persons = [
        await create_person(
            name=member.name,
            facts=dict(member.facts),
            documents=[
                (kind, normalised(kind, number, registry().partners()))
                for kind, number in member.documents
            ],
        )
        for member in draft.members
    ]
    hashes = [person_hash(person) for person in persons]
    findings = doubled_persons(hashes, entered, place)
    entered.update(hashes)
    return persons, findings


async def enter(
    contest: UUID,
    draft: EntrantDraft,
    persons: Sequence[UUID],
    *,
    late: bool = False,
    now: datetime,
) -> UUID:
    """Writes one entry and seals who it is. Inside a transaction."""
    entry = uuid4()
    await Entry.insert(
        Entry(
            id=entry,
            contest=contest,
            group_code=draft.group,
            delegation=draft.delegation,
            members=len(persons),
            reserve=draft.reserve,
            trial=draft.trial,
            late=late,
            created_at=now,
        )
    )
    await seal_members(contest, entry, persons, team=draft.team, now=now)
    return entry


async def _unknown_delegations(drafts: Sequence[EntrantDraft], competition: UUID) -> list[Finding]:
    rows = await Delegation.select(Delegation.id).where(Delegation.competition == competition)
    known = {row["id"] for row in rows}
    return [
        Finding(f"/{i}/delegation", "delegation-unknown", {"id": str(draft.delegation)})
        for i, draft in enumerate(drafts)
        if draft.delegation is not None and draft.delegation not in known
    ]


def _check_appointment(row: Mapping[str, Any], role: str, modules: Sequence[str]) -> list[Finding]:
    findings = []
    if role not in _APPOINTED_ROLES:
        known = ", ".join(sorted(_APPOINTED_ROLES))
        findings.append(Finding("/role", "duty-unknown", {"role": role, "known": known}))
    scheme = from_json(Scheme, json.loads(row["scheme"]))
    known_modules = [module.id for module in scheme.modules]
    findings += [
        Finding(f"/modules/{i}", "module-unknown", {"module": m, "known": ", ".join(known_modules)})
        for i, m in enumerate(modules)
        if m not in known_modules
    ]
    return findings


async def next_seat(contest: UUID, role: str) -> str:
    letter = _SEAT_LETTERS.get(role)
    if letter is None:
        return role
    count = await Appointment.count().where(
        Appointment.contest == contest, Appointment.role == role
    )
    return f"{letter}{count + 1}"


_SEAT_LETTERS = {Role.JUDGE.value: "J", Role.TASTER.value: "T"}


async def _put_appointment(
    appointment: UUID,
    contest: UUID,
    account: UUID,
    role: str,
    panel: str,
    values: Mapping[Any, Any],
    at: datetime,
) -> None:
    rows = (
        await Appointment.update(dict(values))
        .where(Appointment.id == appointment)
        .returning(Appointment.id)
    )
    if not rows:
        plain = {column._meta.name: value for column, value in values.items()}
        await Appointment.insert(
            Appointment(
                id=appointment,
                contest=contest,
                account=account,
                role=role,
                panel=panel,
                created_at=at,
                **plain,
            )
        )


async def _may_appoint(by: Actor, contest: UUID, role: str) -> Scope:
    if role in _WATCHING:
        await allowed(by, "account.manage", contest)
    return await allowed(by, "contest.appoint", contest)


async def _appointment(appointment: UUID) -> dict[str, Any]:
    row = await Appointment.select().where(Appointment.id == appointment).first()
    if row is None:
        raise NotFound(kind="appointment", id=appointment)
    return row


async def _still_in_role(contest: UUID, account: UUID, role: str) -> bool:
    found: bool = await Appointment.exists().where(
        Appointment.contest == contest,
        Appointment.account == account,
        Appointment.role == role,
        Appointment.ended_at.is_null(),
    )
    return found
