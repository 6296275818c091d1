"""Links that an office hands to an employer: made, listed, ended, found again by their secret."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core import audit, settings
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound
from core.privacy import keyed_hash
from core.scoring.model import Finding
from core.security import INSTALLATION, Actor, Scope
from credentials.scopes import issuer_scopes
from credentials.stacks.bounds import LONGEST_DAYS, MOST_USES
from credentials.stacks.tables import StackInvitation

OFFICE, ISSUER = "installation.manage", "certificate.issue"
LONGEST_NAME = 120


async def invite(by: Actor, office: Scope, *, employer: str, days: int, uses: int) -> str:
    """The address for the employer, which is shown once: only a hash of its secret is kept. Raises Forbidden,
    Invalid."""
    await check_office(by, office)
    if wrong := _wrong(employer, days, uses):
        raise Invalid(wrong)
    secret, now, id = secrets.token_urlsafe(24), datetime.now(UTC), uuid4()
    row = StackInvitation(
        id=id,
        scope_kind=office.kind,
        scope_id=office.id,
        employer=employer.strip(),
        secret_hash=_hash(secret),
        uses=uses,
        expires_at=now + timedelta(days=days),
        made_by=by.account,
        made_at=now,
    )
    async with transaction():
        await StackInvitation.insert(row)
        after = {"employer": row.employer, "days": days, "uses": uses}
        await audit.record(by, "stack.invited", scope=office, subject=str(id), after=after)
    return f"{settings.current().origin}/check/{secret}"


async def end_invitation(by: Actor, id: UUID) -> None:
    """What was checked before stays to be fetched for its days. Raises NotFound, also for another office's."""
    row = await StackInvitation.select().where(StackInvitation.id == id).first()
    if row is None or not await manages(by, office_of(row)):
        raise NotFound(kind="link", id=id)
    async with transaction():
        ended = await StackInvitation.raw(
            "UPDATE stack_invitation SET closed_at = {} WHERE id = {} AND closed_at IS NULL"
            " RETURNING id",
            datetime.now(UTC),
            id,
        )
        if ended:
            await audit.record(by, "stack.ended", scope=office_of(row), subject=str(id))


async def invitations_for(by: Actor) -> list[dict[str, Any]]:
    """Those of every office that `by` speaks for, the newest first."""
    rows = await StackInvitation.select().order_by(StackInvitation.made_at, ascending=False)
    known: dict[Scope, bool] = {}
    found = []
    for row in rows:
        office = office_of(row)
        if office not in known:
            known[office] = await manages(by, office)
        if known[office]:
            found.append(dict(row))
    return found


async def offices_for(by: Actor, issuers: Sequence[str]) -> list[Scope]:
    """Where `by` may invite: the installation, and those of the issuers that he speaks for."""
    candidates = [INSTALLATION, *(Scope("issuer", code) for code in issuers)]
    return [office for office in candidates if await manages(by, office)]


async def check_office(by: Actor, office: Scope) -> None:
    """Raises Forbidden."""
    if not await manages(by, office):
        raise Forbidden(permission=OFFICE if office == INSTALLATION else ISSUER)


async def manages(by: Actor, office: Scope) -> bool:
    if office == INSTALLATION:
        return by.may(OFFICE)
    return office.kind == "issuer" and by.may(ISSUER, *await issuer_scopes(office.id))


async def invitation_by(secret: str) -> dict[str, Any] | None:
    """None for a link that never was. One that is over is still found, for what was checked with it."""
    row = (
        await StackInvitation.select()
        .where(StackInvitation.secret_hash == _hash(secret[:100]))
        .first()
    )
    return dict(row) if row else None


def office_of(row: Mapping[str, Any]) -> Scope:
    return Scope(row["scope_kind"], row["scope_id"])


def is_open(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether another stack may be begun."""
    return row["closed_at"] is None and now < row["expires_at"] and row["used"] < row["uses"]


def _wrong(employer: str, days: int, uses: int) -> list[Finding]:
    found = []
    name = employer.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        found.append(Finding("/employer", "stacks.employer", {"most": str(LONGEST_NAME)}))
    if not 1 <= days <= LONGEST_DAYS:
        found.append(Finding("/days", "stacks.days", {"most": str(LONGEST_DAYS)}))
    if not 1 <= uses <= MOST_USES:
        found.append(Finding("/uses", "stacks.uses", {"most": str(MOST_USES)}))
    return found


def _hash(secret: str) -> str:
    return keyed_hash("stack of paper", secret)
