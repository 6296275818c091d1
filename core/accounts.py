"""Accounts and grants: who there is, and which role within which scope.

`…_row` functions work inside the caller's transaction; the others are actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from core import audit, passwords
from core.db import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from core.reach import (
    OwnAccount,
    check_gives,
    check_not_opposed,
    check_over,
    could_give,
    is_last_administrator,
    stands_against,
)
from core.scoring.model import Finding
from core.security import INSTALLATION, SCOPE_KINDS, SYSTEM, Actor, Role, Scope, actor_of, check
from core.sessions import create_session, end_session, end_sessions_row, login_link_row
from core.settings import current
from core.tables import Account, Grant, Session
from core.web.i18n import LANGUAGES

__all__ = [
    "LastAdministrator",
    "WrongLogin",
    "accounts_after",
    "create_account",
    "create_account_row",
    "create_session",
    "disable_account",
    "enable_account",
    "end_sessions",
    "grant",
    "grant_id",
    "grant_row",
    "login_link",
    "revoke_grant",
    "revoke_grant_row",
    "set_password",
]

_GRANTS = UUID("0b0f6a1e-4f0c-4b2e-8f0d-7a3c0a7d5f10")
LONGEST_LOGIN, LONGEST_LABEL = 80, 120


class LastAdministrator(Conflict):
    slug = "last-administrator"
    title = "This is the only administrator. Make somebody else an administrator first."


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
    findings = account_findings(login=login, label=label, password=password, language=language)
    stored = await passwords.hashed(password) if password and not findings else None
    async with transaction():
        if await Account.exists().where(Account.login == login):
            findings.append(Finding("/login", "login-taken", {"login": login}))
        if findings:
            raise Invalid(findings)
        account = await create_account_row(
            login=login,
            label=label,
            password_hash=stored,
            language=language,
            created_by=by.account,
        )
        after = {"login": login}
        await audit.record(by, "account.created", subject=str(account), after=after)
    return account


async def create_account_row(
    *,
    login: str,
    label: str = "",
    password_hash: str | None = None,
    language: str = "",
    created_by: UUID | None = None,
) -> UUID:
    account = uuid4()
    await Account.insert(
        Account(
            id=account,
            login=normal(login),
            label=label,
            password_hash=password_hash,
            language=language,
            created_by=created_by,
            created_at=datetime.now(UTC),
        )
    )
    return account


async def set_password(by: Actor, account: UUID, password: str, *, old: str = "") -> None:
    """One's own with the old one, when there is one; everybody's by who manages the installation.
    Every session of the account ends."""
    row = await _row(account)
    if by.account == account:
        await confirm_password(account, old)
    else:
        check(by, "installation.manage")
        await check_not_opposed(by, account)
    if findings := _password_findings(password, row["login"]):
        raise Invalid(findings)
    stored = await passwords.hashed(password)
    async with transaction():
        await Account.update({Account.password_hash: stored}).where(Account.id == account)
        await end_sessions_row(account)
        await audit.record(by, "account.password_set", subject=str(account))


async def confirm_password(account: UUID, password: str) -> None:
    """That it is still its owner who sits there; an account without a password has nothing to ask
    for. Raises WrongLogin, and TooMany after many wrong ones."""
    row = await _row(account)
    if not row["password_hash"]:
        return
    async with passwords.turn(account):
        await passwords.refuse_while_paused(account)
        if not await passwords.fits(password, row["password_hash"]):
            await passwords.note(account, right=False)
            raise WrongLogin


async def disable_account(by: Actor, account: UUID) -> None:
    """The account can't log in any more, and its sessions end now."""
    await _check_manages(by, account)
    async with transaction():
        if await is_last_administrator(account):
            raise LastAdministrator
        now = datetime.now(UTC)
        await Account.update({Account.disabled_at: now}).where(Account.id == account)
        await end_sessions_row(account)
        await audit.record(by, "account.disabled", subject=str(account))


async def enable_account(by: Actor, account: UUID) -> None:
    """It may log in again, with the roles that it still has."""
    await _check_manages(by, account)
    async with transaction():
        await Account.update({Account.disabled_at: None}).where(Account.id == account)
        await audit.record(by, "account.enabled", subject=str(account))


async def end_sessions(by: Actor, account: UUID) -> None:
    """Whoever uses the account has to log in again."""
    await _check_manages(by, account)
    async with transaction():
        await end_sessions_row(account)
        await audit.record(by, "account.sessions_ended", subject=str(account))


async def login_link(
    account: UUID, *, target: str = "/", hours: int = 12, by: Actor = SYSTEM
) -> str:
    """The full address of a one-time link that logs in as the account; it stands for the password,
    not for a second step. Only for who could have given the account each of its roles: a link is as
    good as being it. For a second person beside `by` it works only after somebody else's release
    (`reach.link_is_held`)."""
    await check_over(by, account)
    async with transaction():
        token = await login_link_row(account, target=target, hours=hours, made_by=by.account)
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
    """Gives a role within a scope that the giver manages; never to oneself."""
    await check_gives(by, role, scope)
    if by.account == account and not by.may("installation.manage"):
        raise OwnAccount
    async with transaction():
        await _row(account)
        return await grant_row(account, role, scope, granted_by=by.account)


async def grant_row(
    account: UUID, role: Role, scope: Scope, *, granted_by: UUID | None = None
) -> UUID:
    """Giving twice is giving once; a revoked grant is given again. Whoever was let in by somebody
    who could not have given this role has to log in again."""
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
    await _end_sessions_below(account, role, scope)
    after = {"role": role.value}
    giver = Actor(granted_by, "")
    await audit.record(giver, "grant.given", scope=scope, subject=str(account), after=after)
    return id_


async def revoke_grant(by: Actor, account: UUID, role: Role, scope: Scope) -> None:
    """Takes a role back; it ends at the account's next request."""
    await check_gives(by, role, scope)
    async with transaction():
        administers = role is Role.ADMINISTRATOR and scope == INSTALLATION
        if administers and await is_last_administrator(account):
            raise LastAdministrator
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


async def _end_sessions_below(account: UUID, role: Role, scope: Scope) -> None:
    """Sessions of links whose makers can't give what the account may do now."""
    rows = await Session.select(Session.id, Session.let_in_by).where(
        Session.account == account, Session.revoked_at.is_null(), Session.let_in_by.is_not_null()
    )
    for maker in {row["let_in_by"] for row in rows}:
        if not await _maker_gives(maker, role, scope):
            for row in rows:
                if row["let_in_by"] == maker:
                    await end_session(row["id"])


async def _maker_gives(maker: UUID, role: Role, scope: Scope) -> bool:
    try:
        by = await actor_of(maker)
        return await could_give(by, role, scope) and not await stands_against(by, role, scope)
    except Unauthenticated:  # disabled meanwhile
        return False


async def _check_manages(by: Actor, account: UUID) -> None:
    if not by.may_somewhere("account.manage"):
        raise Forbidden(permission="account.manage")
    await check_over(by, account)


async def _row(account: UUID) -> dict[str, Any]:
    row = await Account.select().where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    return row


# --- what is wrong -----------------------------------------------------------------------------


def account_findings(
    *, login: str, label: str = "", password: str | None = None, language: str = ""
) -> list[Finding]:
    """All of it but a login that is taken."""
    login = normal(login)
    return [
        *_login_findings(login),
        *_label_findings(label),
        *_password_findings(password, login),
        *_language_findings(language),
    ]


def _login_findings(login: str) -> Sequence[Finding]:
    if login and len(login) <= LONGEST_LOGIN and login.isprintable() and " " not in login:
        return ()
    return [Finding("/login", "login-malformed", {"login": login[:LONGEST_LOGIN]})]


def _label_findings(label: str) -> Sequence[Finding]:
    if len(label) <= LONGEST_LABEL:
        return ()
    return [Finding("/label", "label-long", {"most": str(LONGEST_LABEL)})]


def _password_findings(password: str | None, login: str) -> Sequence[Finding]:
    return () if password is None else passwords.findings(password, known=[login])


def _language_findings(language: str) -> Sequence[Finding]:
    if language in ("", *LANGUAGES):
        return ()
    return [Finding("/language", "language-unknown", {"known": ", ".join(LANGUAGES)})]


def scope_unknown(kind: str) -> Finding:
    return Finding(
        "/scope", "account-scope-unknown", {"given": kind[:40], "known": ", ".join(SCOPE_KINDS)}
    )
