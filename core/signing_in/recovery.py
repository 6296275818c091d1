"""Codes on paper for the day on which the phone is lost: shown once, each works once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.privacy import keyed_hash
from core.security import Actor
from core.tables import RecoveryCode

COUNT = 10
LENGTH = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is read as something else on paper."""


async def make(by: Actor, account: UUID) -> list[str]:
    """New ones; those from before stop working."""
    codes = [_new() for _ in range(COUNT)]
    async with transaction():
        await RecoveryCode.delete().where(RecoveryCode.account == account)
        await RecoveryCode.insert(
            *(
                RecoveryCode(id=uuid4(), account=account, code_hash=_hash(account, code))
                for code in codes
            )
        )
        await audit.record(by, "account.recovery_codes_made", subject=str(account))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def left(account: UUID) -> int:
    found: int = await RecoveryCode.count().where(
        RecoveryCode.account == account, RecoveryCode.used_at.is_null()
    )
    return found


async def use(account: UUID, typed: str) -> bool:
    """Whether it was one of the codes that are left; now it isn't any more."""
    code = "".join(c for c in typed.lower() if c.isalnum())
    async with transaction():
        used = await RecoveryCode.raw(
            "UPDATE recovery_code SET used_at = {} WHERE code_hash = {} AND used_at IS NULL "
            "RETURNING id",
            datetime.now(UTC),
            _hash(account, code),
        )
        if used:
            actor = Actor(account, "")
            await audit.record(actor, "account.recovery_code_used", subject=str(account))
    return bool(used)


def _new() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _hash(account: UUID, code: str) -> str:
    return keyed_hash("recovery code", str(account), code)
