"""How an employer comes in: by a one-time link, where somebody of it makes an account of his own.

Whoever invites learns nothing of what the employer does later, and can't let himself in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit, passwords, settings
from core.accounts import account_findings, create_account_row, grant_row, normal
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from core.organisations import create_organisation_row
from core.scoring.model import Finding, Text
from core.security import Actor, Role, actor_of
from core.sessions import create_session
from core.tables import Account, Grant, Organisation
from credentials.employers.access import scope_of
from credentials.employers.tables import (
    EmployerInvitation,
    EmployerKey,
    Following,
    Webhook,
)

PERMISSION = "employer.invite"
DAYS = 7
LONGEST_TITLE = 120


class InvitationOver(Conflict):
    slug = "invitation-over"
    title = (
        "This invitation was used, has ended or was taken back. Ask whoever sent it for a new one."
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """An employer as those see it who invited it. people: its open accounts; waiting: links not used."""

    id: UUID
    title: Text
    people: int
    waiting: int
    keys: int
    since: datetime


async def invite_employer(by: Actor, title: Text, *, now: datetime | None = None) -> str:
    """Makes the employer and its first link; the link's full address, shown now and never again."""
    _may(by)
    at, named = now or datetime.now(UTC), {k: v.strip() for k, v in title.items() if v.strip()}
    if wrong := _title_findings(named):
        raise Invalid(wrong)
    async with transaction():
        code = f"employer-{secrets.token_hex(5)}"
        employer = await create_organisation_row(by, code=code, title=named, kind="employer")
        return await _link(by, employer, at)


async def invite_again(by: Actor, employer: UUID, *, now: datetime | None = None) -> str:
    """Another link, for a colleague or in the place of one that was lost; unused older ones end."""
    await check_invited(by, employer)
    at = now or datetime.now(UTC)
    async with transaction():
        await _end_links(employer, at)
        return await _link(by, employer, at)


async def look_at(token: str, *, now: datetime | None = None) -> Text:
    """Who is invited; the link stays unused. Raises InvitationOver."""
    row = await _open_link(token, now or datetime.now(UTC))
    found = await Organisation.select().where(Organisation.id == row["organisation"]).first()
    title: Text = json.loads(found["title"]) if found else {}
    return title


async def join(
    token: str, *, login: str, label: str, password: str, language: str, device: str = ""
) -> tuple[UUID, str]:
    """Uses the link up and makes the account: the employer, and the token of its first session.
    Raises Invalid with all findings, and the link stays; InvitationOver the second time."""
    now = datetime.now(UTC)
    row = await _open_link(token, now)
    findings = account_findings(
        login=login, label=label.strip(), password=password, language=language
    )
    stored = await passwords.hashed(password) if not findings else ""
    async with transaction():
        if await Account.exists().where(Account.login == normal(login)):
            findings.append(Finding("/login", "login-taken", {"login": normal(login)}))
        if findings:
            raise Invalid(findings)
        account = await create_account_row(
            login=login,
            label=label.strip(),
            password_hash=stored,
            language=language,
            created_by=row["made_by"],
        )
        await _use(token, account, now)
        scope = scope_of(row["organisation"])
        await grant_row(account, Role.EMPLOYER, scope, granted_by=row["made_by"])
        who = Actor(account, label)
        await audit.record(who, "employer.joined", scope=scope, subject=str(account))
    session = await create_session(account, device=device, let_in_by=row["made_by"])
    return row["organisation"], session


async def employers_for(by: Actor) -> Sequence[Invited]:
    """All for an administrator; else those that the reader invited."""
    _may(by)
    query = Organisation.select().where(Organisation.kind == "employer")
    if not _manages(by):
        ids = await EmployerInvitation.select(EmployerInvitation.organisation).where(
            EmployerInvitation.made_by == by.account
        )
        query = query.where(
            Organisation.id.is_in([row["organisation"] for row in ids] or [UUID(int=0)])
        )
    rows = await query.order_by(Organisation.created_at, ascending=False)
    now = datetime.now(UTC)
    return [await _invited(row, now) for row in rows]


async def end_employer(by: Actor, employer: UUID) -> None:
    """Its accounts lose their role, its keys and links end, it hears of nothing more."""
    await check_invited(by, employer)
    now, scope = datetime.now(UTC), scope_of(employer)
    async with transaction():
        await _end_links(employer, now)
        await Grant.update({Grant.revoked_at: now}).where(
            Grant.scope_kind == scope.kind,
            Grant.scope_id == scope.id,
            Grant.role == Role.EMPLOYER.value,
            Grant.revoked_at.is_null(),
        )
        await EmployerKey.update({EmployerKey.revoked_at: now}).where(
            EmployerKey.organisation == employer, EmployerKey.revoked_at.is_null()
        )
        await Webhook.update({Webhook.disabled_at: now}).where(
            Webhook.organisation == employer, Webhook.disabled_at.is_null()
        )
        await Following.delete().where(Following.organisation == employer)
        await audit.record(by, "employer.ended", scope=scope, subject=str(employer))


async def check_invited(by: Actor, employer: UUID) -> None:
    """Raises NotFound for an employer that somebody else invited, but to an administrator."""
    _may(by)
    known = await Organisation.exists().where(
        Organisation.id == employer, Organisation.kind == "employer"
    )
    own = _manages(by) or await EmployerInvitation.exists().where(
        EmployerInvitation.organisation == employer, EmployerInvitation.made_by == by.account
    )
    if not known or not own:
        raise NotFound(kind="employer", id=employer)


def _may(by: Actor) -> None:
    if not by.may_somewhere(PERMISSION):
        raise Forbidden(permission=PERMISSION)


def _manages(by: Actor) -> bool:
    return by.may("organisation.manage")


def _title_findings(title: Text) -> list[Finding]:
    if not title:
        return [Finding("/title", "organisation-title", {})]
    return [
        Finding("/title", "organisation-text", {"most": str(LONGEST_TITLE)})
        for words in title.values()
        if len(words) > LONGEST_TITLE or not words.isprintable()
    ]


async def _link(by: Actor, employer: UUID, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    await EmployerInvitation.insert(
        EmployerInvitation(
            id=uuid4(),
            organisation=employer,
            token_hash=_hash(token),
            made_by=by.account,
            made_at=now,
            expires_at=now + timedelta(days=DAYS),
        )
    )
    await audit.record(by, "employer.invited", scope=scope_of(employer), subject=str(employer))
    return f"{settings.current().origin}/employers/join/{token}"


async def _open_link(token: str, now: datetime) -> dict[str, Any]:
    row = (
        await EmployerInvitation.select()
        .where(
            EmployerInvitation.token_hash == _hash(token),
            EmployerInvitation.used_at.is_null(),
            EmployerInvitation.expires_at > now,
        )
        .first()
    )
    if row is None or not await _still_invites(row["made_by"]):
        raise InvitationOver
    return dict(row)


async def _still_invites(account: UUID | None) -> bool:
    if account is None:
        return True
    try:
        return (await actor_of(account)).may_somewhere(PERMISSION)
    except Unauthenticated:  # shut meanwhile
        return False


async def _use(token: str, account: UUID, now: datetime) -> None:
    used = (
        await EmployerInvitation.update(
            {EmployerInvitation.used_at: now, EmployerInvitation.used_by: account}
        )
        .where(
            EmployerInvitation.token_hash == _hash(token),
            EmployerInvitation.used_at.is_null(),
            EmployerInvitation.expires_at > now,
        )
        .returning(EmployerInvitation.id)
    )
    if not used:
        raise InvitationOver


async def _end_links(employer: UUID, now: datetime) -> None:
    await EmployerInvitation.update({EmployerInvitation.expires_at: now}).where(
        EmployerInvitation.organisation == employer,
        EmployerInvitation.used_at.is_null(),
        EmployerInvitation.expires_at > now,
    )


async def _invited(row: dict[str, Any], now: datetime) -> Invited:
    scope = scope_of(row["id"])
    people = await Grant.count().where(
        Grant.scope_kind == scope.kind,
        Grant.scope_id == scope.id,
        Grant.role == Role.EMPLOYER.value,
        Grant.revoked_at.is_null(),
    )
    waiting = await EmployerInvitation.count().where(
        EmployerInvitation.organisation == row["id"],
        EmployerInvitation.used_at.is_null(),
        EmployerInvitation.expires_at > now,
    )
    keys = await EmployerKey.count().where(
        EmployerKey.organisation == row["id"],
        EmployerKey.revoked_at.is_null(),
        EmployerKey.expires_at > now,
    )
    return Invited(row["id"], json.loads(row["title"]), people, waiting, keys, row["created_at"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
