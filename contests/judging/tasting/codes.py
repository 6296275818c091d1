"""Paper codes: ten characters that log a taster in on a phone. Only a keyed hash of each is stored.

A code logs in by a button, never by opening a page, and again when a phone has died; a new code for
the same place ends the old one. It is good for one account, which has one grant: that of a taster.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from contests.judging.tablets.codes import ALPHABET, LENGTH, read_as
from contests.judging.tablets.proofs import key_for
from core.db import transaction
from core.errors import Unauthenticated
from core.sessions import create_session, end_sessions_row
from core.tables import Account, LoginLink

LIFE = timedelta(days=14)
TARGET = "/taste"
_LINKS = UUID("5d1c2a55-9b0e-4c8e-8f57-64e3c3a9d0b1")


class CodeUnknown(Unauthenticated):
    slug = "code-unknown"
    title = "This code is not known, or a newer one has replaced it. Ask at the clerks' desk."


@dataclass(frozen=True, slots=True)
class Entered:
    """Who has come in: the session's token, and whose it is."""

    token: str
    account: UUID
    label: str


def fresh_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


async def put_code(account: UUID, *, now: datetime) -> str:
    """A new code for an account; the one before stops working. Inside a transaction."""
    code, id_ = fresh_code(), _link(account)
    await LoginLink.delete().where(LoginLink.id == id_)
    await LoginLink.insert(
        LoginLink(
            id=id_,
            account=account,
            token_hash=_hash(code),
            target=TARGET,
            expires_at=now + LIFE,
        )
    )
    return code


async def withdraw_code(account: UUID) -> None:
    """The code stops working and whoever came in by it is out. Inside a transaction."""
    await LoginLink.delete().where(LoginLink.id == _link(account))
    await end_sessions_row(account)


async def enter_with(typed: str, *, now: datetime | None = None) -> Entered:
    """A session for the code's account. Raises CodeUnknown, for a wrong code as for an old one."""
    at = now or datetime.now(UTC)
    link = (
        await LoginLink.select(LoginLink.id, LoginLink.account, LoginLink.used_at)
        .where(LoginLink.token_hash == _hash(read_as(typed[:40])), LoginLink.expires_at > at)
        .first()
    )
    account = (
        link
        and await Account.select(Account.id, Account.label)
        .where(Account.id == link["account"], Account.disabled_at.is_null())
        .first()
    )
    if not link or not account:
        raise CodeUnknown
    async with transaction():
        if link["used_at"] is None:
            await LoginLink.update({LoginLink.used_at: at}).where(LoginLink.id == link["id"])
        token = await create_session(account["id"])
    return Entered(token, account["id"], account["label"])


async def used_at(accounts: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """Account → when its present code was first used; absent: it has none."""
    if not accounts:
        return {}
    rows = await LoginLink.select(LoginLink.account, LoginLink.used_at).where(
        LoginLink.id.is_in([_link(account) for account in accounts])
    )
    return {row["account"]: row["used_at"] for row in rows}


def _link(account: UUID) -> UUID:
    return uuid5(_LINKS, str(account))


def _hash(code: str) -> str:
    return hmac.new(key_for("paper code"), code.encode(), hashlib.sha256).hexdigest()
