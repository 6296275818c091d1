"""A judge leaves in the middle: the chief referee chooses how the contest goes on, among the ways that
the rules had declared before, and without any standing being known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, contest_row, moment, raise_roster, who
from contests.actions.people import appoint_row, next_seat
from contests.actions.setup import save_rules
from contests.duties import markers, on_sheets, sub_criteria
from contests.interests import conflicts_of
from contests.judging.actions import release
from contests.judging.leaving import settle_group
from contests.log import Writing, read, writing
from contests.replay import Replayed, read_frozen, replay
from contests.seating.accounts import account_of
from contests.tables import Appointment, LogEntry
from contests.texts import keep
from core import audit
from core.accounts import revoke_grant_row
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.codec import from_json
from core.scoring.model import Finding, Leaving, Rules, Trim
from core.security import Actor, Role, Scope

__all__ = ["declare_leaving", "judge_left", "leaving_rules"]


async def leaving_rules(contest: UUID) -> Rules:
    """As frozen, or as drafted so far."""
    frozen = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == "rules_frozen")
        .order_by(LogEntry.seq, ascending=False)
        .first()
    )
    if frozen is not None:
        return read_frozen(frozen["body"]).rules
    return from_json(Rules, json.loads((await contest_row(contest))["rules"]))


async def declare_leaving(
    by: Actor,
    contest: UUID,
    policies: Sequence[str],
    *,
    first: str = "",
    trim: Trim | None = None,
    revision: int,
) -> int:
    """What the chief referee may choose from (`first`: the usual way), and how a panel that is smaller
    by one is trimmed (None: as each aspect says). Before the rules are frozen; returns the revision."""
    known = [str(one) for one in Leaving]
    findings = [
        Finding("/policies", "leaving-unknown", {"policy": one[:40], "known": ", ".join(known)})
        for one in policies
        if one not in known
    ]
    if first and first not in policies:
        findings.append(Finding("/first", "leaving-first-unchosen", {}))
    if findings:
        raise Invalid(findings)
    ordered = sorted(policies, key=lambda one: (one != first, known.index(one)))
    rules = from_json(Rules, json.loads((await contest_row(contest))["rules"]))
    values = {name: getattr(rules, name) for name in rules.__dataclass_fields__}
    changed = Rules(
        **{**values, "leaving": tuple(Leaving(one) for one in ordered), "recusal_trim": trim}
    )
    return await save_rules(by, contest, changed, revision=revision)


async def judge_left(
    by: Actor,
    contest: UUID,
    appointment: UUID,
    policy: str,
    *,
    reason: str,
    substitute: UUID | None = None,
    now: datetime | None = None,
) -> UUID | None:
    """Ends a judge's duty while marking runs; returns the substitute's appointment, if there is one.

    policy: one of the frozen `Rules.leaving`. substitute: an account, or somebody of the pool (who
    gets an account). Void: nothing of the seat counts any more, those before in it included.
    """
    scope = await allowed(by, "contest.replace_judge", contest)
    async with transaction(), writing(contest, "judging", now=moment(now)) as log:
        if log.row["judging_ended_at"] is not None:
            raise Conflict([Finding("", "judging-ended", {})])
        known = replay(await read(contest))
        row = await _leaver(contest, appointment)
        findings = [
            *_policy_findings(known, policy, substitute),
            *([] if reason.strip() else [Finding("/reason", "reason-missing", {})]),
            *_left_alone(known, str(appointment), policy),
        ]
        account = None
        if substitute is not None and policy == Leaving.SUBSTITUTE:
            account = await account_of(substitute)
            findings += await _substitute_findings(contest, account)
        if findings:
            raise Invalid(findings)
        made = await _leave(log, by, row, policy, account, reason)
        await raise_roster(contest)
        await settle_group(log, str(appointment))
        await audit.record(
            by, "judge_left", scope=scope, subject=str(appointment), after={"policy": policy}
        )
    await release(contest=contest)  # it may have opened a round that others wait for
    return made


async def _leaver(contest: UUID, appointment: UUID) -> dict[str, Any]:
    row = (
        await Appointment.select()
        .where(
            Appointment.id == appointment,
            Appointment.contest == contest,
            Appointment.role == Role.JUDGE.value,
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="appointment", id=appointment)
    if row["ended_at"] is not None:
        raise Conflict([Finding("", "appointment-ended", {"seat": row["seat"]})])
    return row


async def _leave(
    log: Writing,
    by: Actor,
    row: Mapping[str, Any],
    policy: str,
    account: UUID | None,
    reason: str,
) -> UUID | None:
    contest, made = log.contest, None
    ending: dict[Any, Any] = {Appointment.ended_at: log.now, Appointment.left_by: policy}
    await Appointment.update(ending).where(Appointment.id == row["id"])
    if not await Appointment.exists().where(
        Appointment.contest == contest,
        Appointment.account == row["account"],
        Appointment.role == row["role"],
        Appointment.ended_at.is_null(),
    ):
        await revoke_grant_row(
            row["account"], Role(row["role"]), Scope("contest", str(contest)), revoked_by=by.account
        )
    body = {
        "appointment": str(row["id"]),
        "policy": policy,
        "by": who(by),
        "reason_hash": await keep(contest, reason),
    }
    if account is not None:
        made = await appoint_row(
            log,
            by,
            account,
            row["role"],
            panel=row["panel"],
            group=row["group_code"],
            modules=json.loads(row["modules"]),
            seat=await next_seat(contest, row["role"]),
            instead_of=row["id"],
        )
        findings = [f for f, blocks in await conflicts_of(contest) if blocks]
        own = [f for f in findings if str(made) in f.pointer]
        if own:
            raise Invalid(own)
    log.add("judge_left", {**body, **({"substitute": str(made)} if made else {})})
    return made


def _policy_findings(known: Replayed, policy: str, substitute: UUID | None) -> list[Finding]:
    allowed_here = [str(one) for one in known.frozen.rules.leaving] if known.frozen else []
    if policy not in allowed_here:
        params = {"policy": policy[:40], "known": ", ".join(allowed_here)}
        return [Finding("/policy", "leaving-not-declared", params)]
    if policy == Leaving.SUBSTITUTE and substitute is None:
        return [Finding("/substitute", "substitute-missing", {})]
    return []


def _left_alone(known: Replayed, judge: str, policy: str) -> list[Finding]:
    """Nobody would be left to mark: then only a substitute helps."""
    if policy == Leaving.SUBSTITUTE or known.frozen is None:
        return []
    own = known.appointments[judge]
    rest = [
        one for one in known.appointments.values() if one.id not in known.ended and one.id != judge
    ]
    for module in known.frozen.scheme.modules:
        for sub in sub_criteria(module):
            for aspect in filter(on_sheets, sub.aspects):
                theirs = markers(module.id, sub, aspect, [own])
                if theirs and not markers(module.id, sub, aspect, rest):
                    params = {"module": module.id, "aspect": aspect.id}
                    return [Finding("/policy", "leaving-nobody-left", params)]
    return []


async def _substitute_findings(contest: UUID, account: UUID) -> list[Finding]:
    rows = await Appointment.select().where(
        Appointment.contest == contest,
        Appointment.account == account,
        Appointment.role == Role.JUDGE.value,
    )
    if any(row["ended_at"] is None for row in rows):
        return [Finding("/substitute", "substitute-judges-already", {})]
    if any(row["left_by"] for row in rows):
        return [Finding("/substitute", "judge-left-already", {"seat": rows[0]["seat"]})]
    return []
