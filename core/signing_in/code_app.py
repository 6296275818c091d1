"""Six digits from an app on the phone (RFC 6238: SHA-1, 30 seconds, which every app can do)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyotp

from core import audit
from core.db import transaction
from core.errors import Conflict
from core.privacy import new_key, place, seal, unseal, unwrap, wrap
from core.security import Actor
from core.tables import Account, CodeApp

ISSUER = "Jiangxin"
STEP = 30
EARLIER, LATER = 1, 1
"""So many steps a phone's clock may be wrong."""
_BYTES = 20


class AppThere(Conflict):
    slug = "code-app-there"
    title = "A code app is set up already. Remove it first if you have a new phone."


@dataclass(frozen=True, slots=True)
class NewApp:
    """What the app needs: an address for its camera, or the secret to be typed."""

    address: str
    secret: str


async def begin(account: UUID) -> NewApp:
    """A new secret, of no use until a code of it was typed. Raises AppThere."""
    secret, key = secrets.token_bytes(_BYTES), new_key()
    async with transaction():
        if await confirmed(account):
            raise AppThere
        await CodeApp.delete().where(CodeApp.id == account)
        await CodeApp.insert(
            CodeApp(
                id=account,
                wrapped_key=wrap(key),
                sealed_secret=seal(key, secret, _place(account)),
                created_at=datetime.now(UTC),
            )
        )
    return await _shown(account, secret)


async def begun(account: UUID) -> NewApp | None:
    """The secret that waits to be confirmed."""
    row = await _row(account)
    if row is None or row["confirmed_at"] is not None:
        return None
    return await _shown(account, _secret(row))


async def confirm(by: Actor, account: UUID, code: str) -> bool:
    """Whether the code is right; from then on it is asked for at each log-in."""
    row = await _row(account)
    if row is None or row["confirmed_at"] is not None or not await takes(account, code, row):
        return False
    async with transaction():
        now = datetime.now(UTC)
        await CodeApp.update({CodeApp.confirmed_at: now}).where(CodeApp.id == account)
        await audit.record(by, "account.code_app_added", subject=str(account))
    return True


async def confirmed(account: UUID) -> bool:
    return await CodeApp.exists().where(CodeApp.id == account, CodeApp.confirmed_at.is_not_null())


async def fits(account: UUID, code: str) -> bool:
    """Whether the app shows it now; the same code never fits twice."""
    row = await _row(account)
    return row is not None and row["confirmed_at"] is not None and await takes(account, code, row)


async def takes(account: UUID, code: str, row: Mapping[str, Any]) -> bool:
    step = _step_of(code, _secret(row), datetime.now(UTC))
    if step is None:
        return False
    taken = await CodeApp.raw(
        "UPDATE code_app SET last_step = {} WHERE id = {} AND last_step < {} RETURNING id",
        step,
        account,
        step,
    )
    return bool(taken)


def _step_of(code: str, secret: bytes, now: datetime) -> int | None:
    """The half minute that the code belongs to; every one is compared, whichever fits."""
    app = pyotp.TOTP(base64.b32encode(secret).decode(), interval=STEP)
    current, found = int(now.timestamp()) // STEP, None
    for step in range(current - EARLIER, current + LATER + 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()):
            found = step
    return found


async def _row(account: UUID) -> dict[str, Any] | None:
    return await CodeApp.select().where(CodeApp.id == account).first()


async def _shown(account: UUID, secret: bytes) -> NewApp:
    row = await Account.select(Account.login).where(Account.id == account).first()
    text = base64.b32encode(secret).decode()
    name = row["login"] if row else ""
    return NewApp(pyotp.TOTP(text).provisioning_uri(name=name, issuer_name=ISSUER), text)


def _secret(row: Mapping[str, Any]) -> bytes:
    return unseal(unwrap(row["wrapped_key"]), row["sealed_secret"], _place(row["id"]))


def _place(account: UUID) -> bytes:
    return place("code_app", "sealed_secret", account)
