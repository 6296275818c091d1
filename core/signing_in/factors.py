"""The second step of an account as a whole: whether there is one, and taking it away."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core import audit
from core.db import transaction
from core.reach import check_not_opposed, check_over
from core.security import Actor
from core.sessions import end_sessions_row
from core.signing_in import code_app, passkeys, recovery
from core.tables import CodeApp, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    app: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Whether a password, or a link in its place, is only the first step."""
        return self.app or self.passkeys > 0


async def factors_of(account: UUID) -> Factors:
    return Factors(
        await code_app.confirmed(account),
        len(await passkeys.of_account(account)),
        await recovery.left(account),
    )


async def remove_app(by: Actor, account: UUID) -> None:
    """One's own; a recovery code is worth nothing without anything to recover."""
    async with transaction():
        await CodeApp.delete().where(CodeApp.id == account)
        if not await Passkey.exists().where(Passkey.account == account):
            await RecoveryCode.delete().where(RecoveryCode.account == account)
        await audit.record(by, "account.code_app_removed", subject=str(account))


async def reset_factors(by: Actor, account: UUID) -> None:
    """For somebody who has lost phone and codes: app, passkeys and recovery codes are gone, and
    every session ends. Two facts in the audit. Never one's own: that takes the password; nor a second
    person's beside one's own duty."""
    await check_over(by, account)
    await check_not_opposed(by, account)
    before = await factors_of(account)
    async with transaction():
        await CodeApp.delete().where(CodeApp.id == account)
        await Passkey.delete().where(Passkey.account == account)
        await RecoveryCode.delete().where(RecoveryCode.account == account)
        await end_sessions_row(account)
        held = {
            "app": before.app,
            "passkeys": before.passkeys,
            "recovery_codes": before.recovery_codes,
        }
        subject = str(account)
        await audit.record(by, "account.second_step_reset", subject=subject, before=held)
        await audit.record(by, "account.sessions_ended", subject=subject)
