"""Giving every duty of a small contest to its organiser and its chief referee in one step."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, contest_row, moment, raise_roster
from contests.actions.people import appoint_row
from contests.log import writing
from contests.profile import is_small
from contests.tables import Appointment
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid
from core.scoring.model import Finding
from core.security import Actor, Role
from core.tables import Account

ORGANISERS = (Role.ENCRYPTION_OFFICER, Role.SUPERVISOR, Role.ARBITRATION)
CHIEFS = (Role.CHIEF_REFEREE, Role.GROUP_LEADER, Role.CLERK)
"""The chief referee's are those near the works, the organiser's those that watch over them: so the
codes are still opened by two."""


async def share_duties(
    by: Actor,
    contest: UUID,
    *,
    organiser: UUID,
    chief: UUID,
    judging: bool = False,
    now: datetime | None = None,
) -> None:
    """Appoints the two to every duty. judging: the chief referee marks as well.

    Raises Conflict in a contest that is not small, Invalid when both are one person: correcting a
    mark and opening the codes would have nobody.
    """
    scope = await allowed(by, "account.manage", contest)
    await allowed(by, "contest.appoint", contest)
    await contest_row(contest)
    if not await is_small(contest):
        raise Conflict([Finding("", "not-a-small-contest", {})])
    findings = await _unknown({"/organiser": organiser, "/chief": chief})
    if organiser == chief:
        findings.append(Finding("/chief", "small-needs-two", {}))
    if findings:
        raise Invalid(findings)
    async with transaction(), writing(contest, "draft", now=moment(now)) as log:
        for account, roles in ((organiser, ORGANISERS), (chief, CHIEFS)):
            for role in roles:
                await appoint_row(log, by, account, role.value, seat=role.value)
        if judging:
            await appoint_row(log, by, chief, Role.JUDGE.value, seat=await _judge_seat(contest))
        await raise_roster(contest)
        after: dict[str, Any] = {"organiser": str(organiser), "chief": str(chief)}
        await audit.record(by, "share_duties", scope=scope, after=after)


async def _judge_seat(contest: UUID) -> str:
    count = await Appointment.count().where(
        Appointment.contest == contest, Appointment.role == Role.JUDGE.value
    )
    return f"J{count + 1}"


async def _unknown(accounts: dict[str, UUID]) -> list[Finding]:
    rows = await Account.select(Account.id).where(
        Account.id.is_in(list(accounts.values())), Account.disabled_at.is_null()
    )
    known = {row["id"] for row in rows}
    return [
        Finding(pointer, "account-choose", {})
        for pointer, account in accounts.items()
        if account not in known
    ]
