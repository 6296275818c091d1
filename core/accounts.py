"""Accounts and grants: who there is, and which role within which scope.

`…_row` functions work inside the caller's transaction; the others are actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from core import audit, enclosing, passwords
from core.db import transaction
from core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from core.scoring.model import Finding
from core.security import INSTALLATION, SCOPE_KINDS, SYSTEM, Actor, Role, Scope, actor_of, check
from core.sessions import create_session, end_sessions_row, login_link_row
from core.settings import current
from core.tables import Account, Grant
from core.web.i18n import LANGUAGES

__all__ = [
    "WrongLogin",
    "accounts_after",
    "create_account",
    "create_account_row",
    "create_session",
    "disable_account",
    "grant",
    "grant_id",
    "grant_row",
    "log_in",
    "login_link",
    "revoke_grant",
    "revoke_grant_row",
    "set_password",
]

_GRANTS = UUID("0b0f6a1e-4f0c-4b2e-8f0d-7a3c0a7d5f10")
LONGEST_LOGIN, LONGEST_LABEL = 80, 120


class WrongLogin(Unauthenticated):
    slug = "wrong-login"
    title = "Login or password is wrong. After several tries you have to wait a little."


# --- accounts ----------------------------------------------------------------------------------


async def create_account(
    by: Actor,
    *,
    login: str,
    label: str = "",
    password: str | None = None,
    language: str = "",
) -> UUID:
    """A new account without any role. Raises Invalid with all findings."""
    if not by.may_somewhere("account.manage"):
        raise Forbidden(permission="account.manage")
    login = normal(login)
    findings = [
        *_login_findings(login),
        *_label_findings(label),
        *_password_findings(password),
        *_language_findings(language),
    ]
    stored = await passwords.hashed(password) if password and not findings else None
    async with transaction():
        if await Account.exists().where(Account.login == login):
            findings.append(Finding("/login", "login-taken", {"login": login}))
        if findings:
            raise Invalid(findings)
        account = await create_account_row(
            login=login, label=label, password_hash=stored, language=language
        )
        after = {"login": login}
        await audit.record(by, "account.created", subject=str(account), after=after)
    return account


async def create_account_row(
    *, login: str, label: str = "", password_hash: str | None = None, language: str = ""
) -> UUID:
    account = uuid4()
    await Account.insert(
        Account(
            id=account,
            login=normal(login),
            label=label,
            password_hash=password_hash,
            language=language,
            created_at=datetime.now(UTC),
        )
    )
    return account


async def set_password(by: Actor, account: UUID, password: str, *, old: str = "") -> None:
    """One's own with the old one, when there is one; everybody's by who manages the installation.
    Every session of the account ends."""
    row = await _row(account)
    if by.account == account:
        await passwords.refuse_while_paused(account)
        if row["password_hash"] and not await passwords.fits(old, row["password_hash"]):
            await passwords.note(account, right=False)
            raise WrongLogin
    else:
        check(by, "installation.manage")
    if findings := _password_findings(password):
        raise Invalid(findings)
    stored = await passwords.hashed(password)
    async with transaction():
        await Account.update({Account.password_hash: stored}).where(Account.id == account)
        await end_sessions_row(account)
        await audit.record(by, "account.password_set", subject=str(account))


async def disable_account(by: Actor, account: UUID) -> None:
    """The account can't log in any more, and its sessions end now."""
    check(by, "account.manage")
    await _check_over(by, account)
    async with transaction():
        now = datetime.now(UTC)
        await Account.update({Account.disabled_at: now}).where(Account.id == account)
        await end_sessions_row(account)
        await audit.record(by, "account.disabled", subject=str(account))


async def log_in(login: str, password: str, *, kind: str = "browser") -> str:
    """A session's token. Raises WrongLogin, alike in words and time for an unknown login, and
    TooMany after many wrong passwords."""
    row = (
        await Account.select(Account.id, Account.password_hash)
        .where(Account.login == normal(login), Account.disabled_at.is_null())
        .first()
    )
    account = row["id"] if row else passwords.nobody(normal(login))
    await passwords.refuse_while_paused(account)
    right = await passwords.fits(password, row["password_hash"] if row else None)
    await passwords.note(account, right=right)
    if not right:
        raise WrongLogin
    return await create_session(account, kind)


async def login_link(
    account: UUID, *, target: str = "/", hours: int = 12, by: Actor = SYSTEM
) -> str:
    """The full address of a one-time link that logs in as the account. Only for who could have
    given the account each of its roles: a link is as good as being it."""
    await _check_over(by, account)
    async with transaction():
        token = await login_link_row(account, target=target, hours=hours)
        await audit.record(by, "account.link_made", subject=str(account), after={"hours": hours})
    return f"{current().origin}/in/{token}"


async def accounts_after(by: Actor, after: str = "", *, limit: int = 50) -> list[dict[str, Any]]:
    """Accounts in the order of their logins, each with its grants. For the installation's own."""
    check(by, "account.manage")
    rows = (
        await Account.select(Account.id, Account.login, Account.label, Account.disabled_at)
        .where(Account.login > after)
        .order_by(Account.login)
        .limit(limit)
    )
    grants = await Grant.select().where(
        Grant.account.is_in([row["id"] for row in rows] or [UUID(int=0)]),
        Grant.revoked_at.is_null(),
    )
    return [{**row, "grants": [g for g in grants if g["account"] == row["id"]]} for row in rows]


def normal(login: str) -> str:
    """The spelling that is compared: Zhang and zhang are one account."""
    return login.strip().casefold()


# --- grants ------------------------------------------------------------------------------------


async def grant(by: Actor, account: UUID, role: Role, scope: Scope = INSTALLATION) -> UUID:
    """Gives a role within a scope that the giver manages."""
    await _check_gives(by, role, scope)
    async with transaction():
        await _row(account)
        return await grant_row(account, role, scope, granted_by=by.account)


async def grant_row(
    account: UUID, role: Role, scope: Scope, *, granted_by: UUID | None = None
) -> UUID:
    """Giving twice is giving once; a revoked grant is given again."""
    if scope.kind not in SCOPE_KINDS:
        raise Invalid([scope_unknown(scope.kind)])
    id_ = grant_id(account, role, scope)
    await Grant.insert(
        Grant(
            id=id_,
            account=account,
            role=role.value,
            scope_kind=scope.kind,
            scope_id=scope.id,
            granted_by=granted_by,
            created_at=datetime.now(UTC),
        )
    ).on_conflict(action="DO NOTHING")
    await Grant.update({Grant.revoked_at: None}).where(Grant.id == id_)
    after = {"role": role.value}
    giver = Actor(granted_by, "")
    await audit.record(giver, "grant.given", scope=scope, subject=str(account), after=after)
    return id_


async def revoke_grant(by: Actor, account: UUID, role: Role, scope: Scope) -> None:
    """Takes a role back; it ends at the account's next request."""
    await _check_gives(by, role, scope)
    async with transaction():
        await revoke_grant_row(account, role, scope, revoked_by=by.account)


async def revoke_grant_row(
    account: UUID, role: Role, scope: Scope, *, revoked_by: UUID | None = None
) -> None:
    id_ = grant_id(account, role, scope)
    await Grant.update({Grant.revoked_at: datetime.now(UTC)}).where(
        Grant.id == id_, Grant.revoked_at.is_null()
    )
    before = {"role": role.value}
    taker = Actor(revoked_by, "")
    await audit.record(taker, "grant.revoked", scope=scope, subject=str(account), before=before)


def grant_id(account: UUID, role: Role, scope: Scope) -> UUID:
    return uuid5(_GRANTS, f"{account}|{role.value}|{scope.kind}|{scope.id}")


async def _check_gives(by: Actor, role: Role, scope: Scope) -> None:
    """Nobody gives what is above him: an administrator comes from an administrator."""
    permission = "installation.manage" if role is Role.ADMINISTRATOR else "account.manage"
    check(by, permission, *await enclosing.scopes(scope))


async def _check_over(by: Actor, account: UUID) -> None:
    """Whether `by` could have given the account all that it has."""
    await _row(account)
    if by is SYSTEM or by.may("installation.manage"):
        return
    held = (await actor_of(account)).grants
    if not held:
        raise Forbidden(permission="account.manage")
    for one in held:
        await _check_gives(by, one.role, one.scope)


async def _row(account: UUID) -> dict[str, Any]:
    row = await Account.select().where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    return row


# --- what is wrong -----------------------------------------------------------------------------


def _login_findings(login: str) -> Sequence[Finding]:
    if login and len(login) <= LONGEST_LOGIN and login.isprintable() and " " not in login:
        return ()
    return [Finding("/login", "login-malformed", {"login": login[:LONGEST_LOGIN]})]


def _label_findings(label: str) -> Sequence[Finding]:
    if len(label) <= LONGEST_LABEL:
        return ()
    return [Finding("/label", "label-long", {"most": str(LONGEST_LABEL)})]


def _password_findings(password: str | None) -> Sequence[Finding]:
    if password is None or passwords.LEAST <= len(password) <= passwords.MOST:
        return ()
    params = {"least": str(passwords.LEAST), "most": str(passwords.MOST)}
    return [Finding("/password", "password-length", params)]


def _language_findings(language: str) -> Sequence[Finding]:
    if language in ("", *LANGUAGES):
        return ()
    return [Finding("/language", "language-unknown", {"known": ", ".join(LANGUAGES)})]


def scope_unknown(kind: str) -> Finding:
    return Finding(
        "/scope", "account-scope-unknown", {"given": kind[:40], "known": ", ".join(SCOPE_KINDS)}
    )
