"""Whom a small contest's organiser may give its duties to."""

from __future__ import annotations

from uuid import UUID

from contests.actions.common import contest_row, scopes_of
from contests.tables import Appointment, Contest
from core.security import Actor
from core.tables import Account, Grant


async def choosable_accounts(by: Actor, contest: UUID) -> list[tuple[str, str]]:
    """(id, label) of those who have a role in the contest, its competition or its organisation, or a
    duty in another contest of it; of everybody for who sees all accounts anyway. Whoever may not manage
    accounts sees nobody."""
    scopes = await scopes_of(contest)
    if not by.may("account.manage", *scopes):
        return []
    row = await contest_row(contest)
    contests = await Contest.select(Contest.id).where(Contest.competition == row["competition"])
    duties = await Appointment.select(Appointment.account).where(
        Appointment.contest.is_in([one["id"] for one in contests])
    )
    held = {scope.id for scope in scopes}
    grants = await Grant.select(Grant.account, Grant.scope_kind, Grant.scope_id).where(
        Grant.scope_id.is_in(list(held)), Grant.revoked_at.is_null()
    )
    known = {one["account"] for one in (*duties, *grants)} | ({by.account} if by.account else set())
    if not known:
        return []
    query = Account.select(Account.id, Account.label, Account.login).where(
        Account.disabled_at.is_null()
    )
    if not by.may("installation.manage"):
        query = query.where(Account.id.is_in(list(known)))
    rows = await query
    named = [(str(one["id"]), one["label"] or one["login"]) for one in rows]
    return sorted(named, key=lambda one: (one[1], one[0]))
