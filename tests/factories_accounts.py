"""Accounts, their headers and their forms, for tests of anything that somebody must be logged in for."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx

from core import passwords, sessions
from core.accounts import create_account_row, create_session, grant_row
from core.db import transaction
from core.security import INSTALLATION, Role, Scope
from core.web.session import cookie_name

PASSWORD = "correct horse battery"


async def make_account(
    *grants: tuple[Role, Scope] | Role, login: str = "", password: str | None = None
) -> UUID:
    """An account with these grants; a bare role is one on the installation."""
    login = login or f"somebody-{uuid4().hex[:8]}"
    stored = await passwords.hashed(password) if password else None
    async with transaction():
        account = await create_account_row(login=login, label=login, password_hash=stored)
        for grant in grants:
            role, scope = (grant, INSTALLATION) if isinstance(grant, Role) else grant
            await grant_row(account, role, scope)
    return account


async def bearer(account: UUID) -> dict[str, str]:
    """Headers of an API client of this account."""
    return {"Authorization": f"Bearer {await create_session(account, 'api')}"}


async def log_in_browser(client: httpx.AsyncClient, account: UUID) -> str:
    """Gives the client the account's cookie; returns the CSRF token that its pages carry."""
    token = await create_session(account)
    client.cookies.set(cookie_name(), token)
    found = await sessions.session_of(token)
    assert found is not None
    return sessions.csrf_token(found[0])
