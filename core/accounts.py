"""Accounts, grants, sessions and one-time links.

`…_row` functions work inside the caller's transaction; the others are actions.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core import audit, settings
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.scoring.model import Finding
from core.security import INSTALLATION, Actor, Role, Scope, actor_of, check
from core.tables import Account, Grant, LoginLink, Session

BROWSER_LIFE = timedelta(hours=12)
API_LIFE = timedelta(hours=1)
PASSWORD_LEAST = 12
_ALGORITHM = "HS256"
_GRANTS = UUID("0b0f6a1e-4f0c-4b2e-8f0d-7a3c0a7d5f10")
_hasher = PasswordHasher()


class LinkUsed(Conflict):
    slug = "link-used"
    title = "This link was used or has expired. Ask the organiser for a new one."


async def create_account(
    by: Actor,
    *,
    login: str,
    label: str = "",
    password: str | None = None,
    language: str = "",
) -> UUID:
    """A new account without any role. Raises Invalid with all findings."""
    check(by, "account.manage", *(grant.scope for grant in by.grants))
    findings = _account_findings(login, password)
    async with transaction():
        if await Account.exists().where(Account.login == login):
            findings.append(Finding("/login", "login-taken", {"login": login}))
        if findings:
            raise Invalid(findings)
        account = await create_account_row(login=login, label=label, password=password)
        await Account.update({Account.language: language}).where(Account.id == account)
        await audit.record(by, "account.created", subject=str(account), after={"login": login})
    return account


async def create_account_row(*, login: str, label: str = "", password: str | None = None) -> UUID:
    account = uuid4()
    await Account.insert(
        Account(
            id=account,
            login=login,
            label=label,
            password_hash=_hasher.hash(password) if password else None,
            created_at=datetime.now(UTC),
        )
    )
    return account


async def grant(by: Actor, account: UUID, role: Role, scope: Scope = INSTALLATION) -> UUID:
    """Gives a role within a scope. The giver must manage accounts there."""
    check(by, "account.manage", scope)
    async with transaction():
        return await grant_row(account, role, scope, granted_by=by.account)


async def grant_row(
    account: UUID, role: Role, scope: Scope, *, granted_by: UUID | None = None
) -> UUID:
    """Giving twice is giving once; a revoked grant is given again."""
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
    after = {"role": role.value, "scope": f"{scope.kind}:{scope.id}"}
    giver = Actor(granted_by, "")
    await audit.record(giver, "grant.given", scope=scope, subject=str(account), after=after)
    return id_


def grant_id(account: UUID, role: Role, scope: Scope) -> UUID:
    return uuid5(_GRANTS, f"{account}|{role.value}|{scope.kind}|{scope.id}")


async def revoke_grant(by: Actor, account: UUID, role: Role, scope: Scope) -> None:
    check(by, "account.manage", scope)
    async with transaction():
        await revoke_grant_row(account, role, scope, revoked_by=by.account)


async def revoke_grant_row(
    account: UUID, role: Role, scope: Scope, *, revoked_by: UUID | None = None
) -> None:
    id_ = grant_id(account, role, scope)
    await Grant.update({Grant.revoked_at: datetime.now(UTC)}).where(Grant.id == id_)
    before = {"role": role.value, "scope": f"{scope.kind}:{scope.id}"}
    taker = Actor(revoked_by, "")
    await audit.record(taker, "grant.revoked", scope=scope, subject=str(account), before=before)


async def log_in(login: str, password: str, *, kind: str = "browser") -> str:
    """A session's token. The answer and its time are the same for a wrong login and a wrong password."""
    row = (
        await Account.select(Account.id, Account.password_hash)
        .where(Account.login == login, Account.disabled_at.is_null())
        .first()
    )
    stored = (row or {}).get("password_hash") or _DUMMY
    try:
        _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        raise WrongLogin from None
    if row is None or stored is _DUMMY:
        raise WrongLogin
    return await create_session(row["id"], kind)


class WrongLogin(Unauthenticated):
    slug = "wrong-login"
    title = "Login or password is wrong. After several tries you have to wait a little."


async def create_session(account: UUID, kind: str = "browser") -> str:
    """A signed token that carries only the session's id; the row decides what it is worth."""
    session, now = uuid4(), datetime.now(UTC)
    expires = now + (BROWSER_LIFE if kind == "browser" else API_LIFE)
    await Session.insert(
        Session(id=session, account=account, kind=kind, created_at=now, expires_at=expires)
    )
    claims = {"sid": str(session), "exp": int(expires.timestamp())}
    return jwt.encode(claims, _secret(), algorithm=_ALGORITHM, headers={"typ": "session"})


async def session_of(token: str) -> tuple[UUID, Actor] | None:
    """(session id, actor), or None for a token that is forged, expired or revoked."""
    try:
        claims = jwt.decode(
            token, _secret(), algorithms=[_ALGORITHM], options={"require": ["sid", "exp"]}
        )
        session = UUID(claims["sid"])
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    row = (
        await Session.select(Session.account, Session.expires_at, Session.revoked_at)
        .where(Session.id == session)
        .first()
    )
    if row is None or row["revoked_at"] is not None or row["expires_at"] <= datetime.now(UTC):
        return None
    try:
        return session, await actor_of(row["account"])
    except Unauthenticated:
        return None


async def end_session(session: UUID) -> None:
    await Session.update({Session.revoked_at: datetime.now(UTC)}).where(Session.id == session)


def csrf_token(session: UUID) -> str:
    """What forms of this session carry; HMAC, so that nothing has to be stored."""
    return hmac.new(_secret(), b"csrf|" + session.bytes, hashlib.sha256).hexdigest()


async def login_link(account: UUID, *, target: str = "/", hours: int = 12) -> str:
    """The full address of a one-time link. Opening it shows a button; the button consumes it."""
    token = secrets.token_urlsafe(24)
    await LoginLink.insert(
        LoginLink(
            id=uuid4(),
            account=account,
            token_hash=_token_hash(token),
            target=target,
            expires_at=datetime.now(UTC) + timedelta(hours=hours),
        )
    )
    return f"{settings.current().origin}/in/{token}"


async def look_at_link(token: str) -> str:
    """The label of the account that the link logs in; the link stays unused. Raises LinkUsed."""
    row = await _link(token)
    found = (
        await Account.select(Account.label, Account.login)
        .where(Account.id == row["account"])
        .first()
    )
    return str(found["label"] or found["login"]) if found else ""


async def use_link(token: str) -> tuple[str, str]:
    """(session token, where to go). Raises LinkUsed the second time."""
    row = await _link(token)
    async with transaction():
        used = await LoginLink.raw(
            "UPDATE login_link SET used_at = {} WHERE id = {} AND used_at IS NULL RETURNING id",
            datetime.now(UTC),
            row["id"],
        )
        if not used:
            raise LinkUsed
        return await create_session(row["account"]), str(row["target"])


async def disable_account(by: Actor, account: UUID) -> None:
    """The account can't log in any more, and its sessions end now."""
    check(by, "account.manage")
    now = datetime.now(UTC)
    async with transaction():
        if not await Account.exists().where(Account.id == account):
            raise NotFound(kind="account", id=account)
        await Account.update({Account.disabled_at: now}).where(Account.id == account)
        await Session.update({Session.revoked_at: now}).where(
            Session.account == account, Session.revoked_at.is_null()
        )
        await audit.record(by, "account.disabled", subject=str(account))


async def _link(token: str) -> dict[str, object]:
    row = (
        await LoginLink.select()
        .where(
            LoginLink.token_hash == _token_hash(token),
            LoginLink.used_at.is_null(),
            LoginLink.expires_at > datetime.now(UTC),
        )
        .first()
    )
    if row is None:
        raise LinkUsed
    return row


def _account_findings(login: str, password: str | None) -> list[Finding]:
    findings = []
    if not login or len(login) > 80 or any(c.isspace() for c in login):
        findings.append(Finding("/login", "login-malformed", {"login": login[:80]}))
    if password is not None and not PASSWORD_LEAST <= len(password) <= 200:
        findings.append(Finding("/password", "password-short", {"least": str(PASSWORD_LEAST)}))
    return findings


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _secret() -> bytes:
    found = settings.current().secrets
    if found is None:
        raise RuntimeError("This installation has no secrets: run `jiangxin init` first.")
    return found.session


_DUMMY = _hasher.hash(secrets.token_urlsafe(16))
