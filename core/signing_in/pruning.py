"""Forgets what nobody can use any more. The worker calls it once an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.tables import Account, CodeApp, LoginLink, LogInStep, Session, SetUpCode

KEEP = timedelta(days=30)
"""Ended sessions and old links stay so long, for whoever asks what happened."""
UNCONFIRMED = timedelta(days=1)


async def prune() -> None:
    """A used link stays until its time is up: a code on paper may open more than once."""
    now = datetime.now(UTC)
    before = now - KEEP
    await LogInStep.delete().where(LogInStep.expires_at < now)
    await LoginLink.delete().where(LoginLink.expires_at < before)
    await Session.delete().where((Session.expires_at < before) | (Session.revoked_at < before))
    await CodeApp.delete().where(
        CodeApp.confirmed_at.is_null(), CodeApp.created_at < now - UNCONFIRMED
    )
    if await Account.exists():
        await SetUpCode.delete(force=True)
