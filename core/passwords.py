"""Passwords: Argon2 off the event loop, and a pause after too many wrong ones."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid5

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core import audit
from core.db import transaction
from core.errors import TooMany
from core.security import INSTALLATION, SYSTEM, Actor
from core.tables import AuditEntry

LEAST, MOST = 12, 200
FAILURES = 10
PAUSE = timedelta(minutes=15)
"""After so many wrong passwords within PAUSE the account takes none until they are that old. It is
counted in the database, for every process together; one-time links go on working."""

WRONG, RIGHT = "account.wrong_password", "account.logged_in"
_NOBODY = UUID("5f0f3a5e-2f0b-4d57-9d0e-5d2f6f8d7c21")
_hasher = PasswordHasher()


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def fits(password: str, stored: str | None) -> bool:
    """Takes as long for an account that has no password, or doesn't exist, as for a wrong one."""
    return await asyncio.to_thread(_verify, stored or _nobodys(), password) and stored is not None


def nobody(login: str) -> UUID:
    """Whom wrong passwords for a login that doesn't exist are counted for, so that a pause doesn't
    tell which logins do."""
    return uuid5(_NOBODY, login)


async def refuse_while_paused(account: UUID) -> None:
    """Raises TooMany with the seconds that are left."""
    since = datetime.now(UTC) - PAUSE
    rows = (
        await AuditEntry.select(AuditEntry.at, AuditEntry.action)
        .where(
            AuditEntry.at > since,
            AuditEntry.subject == str(account),
            AuditEntry.action.is_in([WRONG, RIGHT]),
        )
        .order_by(AuditEntry.at, ascending=False)
        .limit(FAILURES)
    )
    if len(rows) == FAILURES and all(row["action"] == WRONG for row in rows):
        left = rows[-1]["at"] + PAUSE - datetime.now(UTC)
        raise TooMany(seconds=max(1, int(left.total_seconds())))


async def note(account: UUID, *, right: bool) -> None:
    async with transaction():
        action, actor = (RIGHT, Actor(account, "")) if right else (WRONG, SYSTEM)
        await audit.record(actor, action, scope=INSTALLATION, subject=str(account))


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
