"""Declaring conflicts of interest (回避申报): by the organiser for a judge, or by the judge himself over a
one-time link. A judge names a delegation, an employer, a person; never an entry, and sees none."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import competition_scopes, moment
from contests.seating.accounts import account_of
from contests.seating.pool import LONGEST, judge_row, pool_rows
from contests.seating.sealing import sealed_value
from contests.seating.tables import Interest
from contests.tables import Contest, Delegation, Entry
from core import audit
from core.accounts import login_link
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Scope, actor_of, check
from core.sessions import login_link_row
from core.settings import current

BY_JUDGE = ("delegation", "employer", "school", "trainer", "studio", "relation")
KINDS = (*BY_JUDGE, "declared")
LINK_HOURS = 24 * 7


async def declare_interest(
    by: Actor,
    competition: UUID,
    judge: UUID,
    kind: str,
    *,
    value: str = "",
    delegation: UUID | None = None,
    entry: UUID | None = None,
    now: datetime | None = None,
) -> UUID:
    """The organiser's: also against one entry (kind "declared")."""
    scopes = await competition_scopes(competition)
    check(by, "competition.configure", *scopes)
    if entry is not None:
        check(by, "identity.read", *scopes)
    row = await judge_row(competition, judge)
    findings = await _findings(competition, kind, value, delegation, entry, KINDS)
    async with transaction():
        if findings:
            raise Invalid(findings)
        made = await _insert(
            by, row["id"], competition, kind, value, delegation, entry, moment(now), own=False
        )
        scope = Scope("competition", str(competition))
        after = {"kind": kind}
        await audit.record(by, "declare_interest", scope=scope, subject=str(judge), after=after)
    return made


async def declare_own_interest(
    by: Actor,
    competition: UUID,
    kind: str,
    *,
    value: str = "",
    delegation: UUID | None = None,
    now: datetime | None = None,
) -> UUID:
    """The judge's own."""
    row = await own_row(by, competition)
    findings = await _findings(competition, kind, value, delegation, None, BY_JUDGE)
    async with transaction():
        if findings:
            raise Invalid(findings)
        made = await _insert(
            by, row["id"], competition, kind, value, delegation, None, moment(now), own=True
        )
        scope = Scope("competition", str(competition))
        after = {"kind": kind}
        await audit.record(by, "declare_own_interest", scope=scope, subject=str(made), after=after)
    return made


async def withdraw_interest(
    by: Actor, competition: UUID, interest: UUID, *, now: datetime | None = None
) -> None:
    """No longer compared. What stands in a contest's record stays there. A judge takes back what he
    declared himself, nothing else."""
    row = await Interest.select().where(Interest.id == interest).first()
    if row is None or row["competition"] not in {None, competition}:
        raise NotFound(kind="interest", id=interest)
    if not by.may("competition.configure", *await competition_scopes(competition)):
        own = await own_row(by, competition)
        if row["judge"] != own["id"] or not row["declared_by_judge"]:
            raise Forbidden(permission="competition.configure")
    else:
        await judge_row(competition, row["judge"])
    async with transaction():
        await Interest.update({Interest.withdrawn_at: moment(now)}).where(Interest.id == interest)
        scope = Scope("competition", str(competition))
        await audit.record(by, "withdraw_interest", scope=scope, subject=str(interest))


async def interests_link(by: Actor, competition: UUID, judge: UUID) -> str:
    """The full address of a one-time link to the judge's own form. It logs in as an account that has no
    role yet; for one that has, only who could have given those roles gets a link."""
    check(by, "competition.configure", *await competition_scopes(competition))
    row = await judge_row(competition, judge)
    target = f"/console/interests/{competition}"
    async with transaction():
        account = await account_of(row["id"])
        if not (await actor_of(account)).grants:
            token = await login_link_row(
                account, target=target, hours=LINK_HOURS, made_by=by.account
            )
            scope = Scope("competition", str(competition))
            await audit.record(by, "interests_link", scope=scope, subject=str(judge))
            return f"{current().origin}/in/{token}"
    return await login_link(account, target=target, hours=LINK_HOURS, by=by)


async def own_row(by: Actor, competition: UUID) -> dict[str, Any]:
    """The caller in the competition's pool. Raises Forbidden for anybody else."""
    rows = [row for row in await pool_rows(competition) if row["account"] == by.account]
    if by.account is None or not rows:
        raise Forbidden(permission="interests")
    return rows[0]


async def _findings(
    competition: UUID,
    kind: str,
    value: str,
    delegation: UUID | None,
    entry: UUID | None,
    kinds: tuple[str, ...],
) -> list[Finding]:
    findings = []
    if kind not in kinds:
        params = {"kind": kind[:40], "known": ", ".join(kinds)}
        findings.append(Finding("/interest", "interest-kind-unknown", params))
    if len(value) > LONGEST:
        findings.append(Finding("/value", "text-too-long", {"limit": str(LONGEST)}))
    if not value.strip() and delegation is None and entry is None:
        findings.append(Finding("/value", "interest-empty", {}))
    if delegation is not None and not await Delegation.exists().where(
        Delegation.id == delegation, Delegation.competition == competition
    ):
        findings.append(Finding("/delegation", "delegation-not-here", {}))
    if entry is not None and not await _entered(competition, entry):
        findings.append(Finding("/entry", "entry-unknown", {"entry": str(entry)}))
    return findings


async def _entered(competition: UUID, entry: UUID) -> bool:
    row = await Entry.select(Entry.contest).where(Entry.id == entry).first()
    return row is not None and await Contest.exists().where(
        Contest.id == row["contest"], Contest.competition == competition
    )


async def _insert(
    by: Actor,
    judge: UUID,
    competition: UUID,
    kind: str,
    value: str,
    delegation: UUID | None,
    entry: UUID | None,
    at: datetime,
    *,
    own: bool,
) -> UUID:
    made = uuid4()
    wrapped, sealed = sealed_value(made, value.strip())
    await Interest.insert(
        Interest(
            id=made,
            judge=judge,
            competition=competition,
            kind=kind,
            delegation=delegation,
            entry=entry,
            wrapped_key=wrapped,
            sealed_value=sealed,
            declared_by_judge=own,
            declared_by=by.account,
            declared_at=at,
        )
    )
    return made
