"""Passwords: Argon2 off the event loop, what makes one too weak, and pauses after wrong ones."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core import audit
from core.db import transaction
from core.errors import TooMany
from core.scoring.model import Finding
from core.security import INSTALLATION, SYSTEM, Actor
from core.tables import AuditEntry

LEAST, MOST = 12, 200
FAILURES = 5
PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
"""After FAILURES wrong passwords or codes in a row the account takes none for PAUSE, and twice as
long after each further one. It is counted in the database, for every process together; passkeys and
one-time links go on working."""

WRONG, WRONG_CODE, RIGHT = "account.wrong_password", "account.wrong_code", "account.logged_in"
_REMEMBERED = timedelta(hours=24)
_MOST_COUNTED = 13
_FEWEST_DIFFERENT = 6
_ROWS = (
    "1234567890",
    "0987654321",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklm",
    "password",
)
_NOBODY = UUID("5f0f3a5e-2f0b-4d57-9d0e-5d2f6f8d7c21")
_hasher = PasswordHasher()
_turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def fits(password: str, stored: str | None) -> bool:
    """Takes as long for an account that has no password, or doesn't exist, as for a wrong one."""
    return await asyncio.to_thread(_verify, stored or _nobodys(), password) and stored is not None


def nobody(login: str) -> UUID:
    """Whom wrong passwords for a login that doesn't exist are counted for, so that a pause doesn't
    tell which logins do."""
    return uuid5(_NOBODY, login)


def turn(account: UUID) -> asyncio.Lock:
    """Held while a password or code is tried: many tries sent at once are counted one by one."""
    return _turns.setdefault(account, asyncio.Lock())


async def refuse_while_paused(account: UUID) -> None:
    """Raises TooMany with the seconds that are left."""
    rows = (
        await AuditEntry.select(AuditEntry.at, AuditEntry.action)
        .where(
            AuditEntry.at > datetime.now(UTC) - _REMEMBERED,
            AuditEntry.subject == str(account),
            AuditEntry.action.is_in([WRONG, WRONG_CODE, RIGHT]),
        )
        .order_by(AuditEntry.at, ascending=False)
        .limit(_MOST_COUNTED)
    )
    in_a_row = next((n for n, row in enumerate(rows) if row["action"] == RIGHT), len(rows))
    if in_a_row >= FAILURES:
        left = rows[0]["at"] + pause_after(in_a_row) - datetime.now(UTC)
        if left > timedelta(0):
            raise TooMany(seconds=max(1, int(left.total_seconds())))


def pause_after(failures: int) -> timedelta:
    """Of so many in a row, FAILURES at least."""
    doubled: timedelta = PAUSE * 2 ** min(failures - FAILURES, _MOST_COUNTED)
    return min(doubled, LONGEST_PAUSE)


async def note(account: UUID, *, right: bool, wrong: str = WRONG) -> None:
    async with transaction():
        action, actor = (RIGHT, Actor(account, "")) if right else (wrong, SYSTEM)
        await audit.record(actor, action, scope=INSTALLATION, subject=str(account))


def findings(password: str, *, known: Sequence[str] = ()) -> list[Finding]:
    """What makes it too weak to be taken. known: what an attacker would try first, the login."""
    if not LEAST <= len(password) <= MOST:
        return [Finding("/password", "password-length", {"least": str(LEAST), "most": str(MOST)})]
    return [Finding("/password", "password-weak", {})] if _weak(password.casefold(), known) else []


def _weak(password: str, known: Sequence[str]) -> bool:
    """Few different characters, or hardly more than a login and a row of the keyboard."""
    rest = password
    for word in (*(k.casefold() for k in known if len(k) > 3), *_ROWS):
        rest = rest.replace(word, "")
    return len(set(password)) < _FEWEST_DIFFERENT or len(rest) < LEAST // 2


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
