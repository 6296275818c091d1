"""Sessions and one-time links. A session's token carries only the session's id; its row decides."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from core import settings
from core.db import transaction
from core.errors import Conflict
from core.security import Actor, grants_in
from core.settings import SettingsError
from core.tables import Account, LoginLink, Session

BROWSER_LIFE = timedelta(days=7)
"""A tablet that is in use on the third day of a contest still has Monday's session."""
API_LIFE = timedelta(hours=12)
LONGEST_LINK_HOURS = 24 * 14
_ALGORITHM = "HS256"
_LONGEST_TOKEN = 1000


class LinkUsed(Conflict):
    slug = "link-used"
    title = "This link was used or has expired. Ask the organiser for a new one."


async def create_session(account: UUID, kind: str = "browser") -> str:
    """A signed token: the value of the cookie ("browser") or the bearer token ("api")."""
    session, now = uuid4(), datetime.now(UTC)
    expires = now + (BROWSER_LIFE if kind == "browser" else API_LIFE)
    await Session.insert(
        Session(id=session, account=account, kind=kind, created_at=now, expires_at=expires)
    )
    return token_of(session, expires)


def token_of(session: UUID, expires: datetime) -> str:
    claims = {"sid": str(session), "exp": int(expires.timestamp())}
    return jwt.encode(claims, _secret(), algorithm=_ALGORITHM)


async def session_of(token: str) -> tuple[UUID, Actor] | None:
    """(session, who it is), or None for a token that is forged, expired, revoked or of a disabled
    account."""
    session = _read(token)
    if session is None:
        return None
    rows = await Session.raw(
        "SELECT a.id AS account, a.label, a.login, g.role, g.scope_kind, g.scope_id "
        "FROM session s JOIN account a ON a.id = s.account "
        'LEFT JOIN "grant" g ON g.account = a.id AND g.revoked_at IS NULL '
        "WHERE s.id = {} AND s.revoked_at IS NULL AND s.expires_at > {} "
        "AND a.disabled_at IS NULL",
        session,
        datetime.now(UTC),
    )
    if not rows:
        return None
    first = rows[0]
    return session, Actor(first["account"], first["label"] or first["login"], grants_in(rows))


async def end_session(session: UUID) -> None:
    await Session.update({Session.revoked_at: datetime.now(UTC)}).where(Session.id == session)


async def end_sessions_row(account: UUID) -> None:
    """All of an account's, inside the caller's transaction."""
    await Session.update({Session.revoked_at: datetime.now(UTC)}).where(
        Session.account == account, Session.revoked_at.is_null()
    )


def csrf_token(session: UUID) -> str:
    """What forms of this session carry; an HMAC, so that nothing has to be stored."""
    return hmac.new(_secret(), b"csrf|" + session.bytes, hashlib.sha256).hexdigest()


def _read(token: str) -> UUID | None:
    if len(token) > _LONGEST_TOKEN:
        return None
    try:
        claims = jwt.decode(
            token, _secret(), algorithms=[_ALGORITHM], options={"require": ["sid", "exp"]}
        )
        return UUID(claims["sid"])
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None


# --- one-time links ----------------------------------------------------------------------------


async def login_link_row(account: UUID, *, target: str, hours: int) -> str:
    """The token of a new link; only its hash is stored."""
    token = secrets.token_urlsafe(24)
    hours = max(1, min(hours, LONGEST_LINK_HOURS))
    await LoginLink.insert(
        LoginLink(
            id=uuid4(),
            account=account,
            token_hash=_token_hash(token),
            target=local(target),
            expires_at=datetime.now(UTC) + timedelta(hours=hours),
        )
    )
    return token


async def look_at_link(token: str) -> str:
    """Whom the link logs in; it stays unused. Raises LinkUsed."""
    rows = await LoginLink.raw(
        "SELECT a.label, a.login FROM login_link l JOIN account a ON a.id = l.account "
        "WHERE l.token_hash = {} AND l.used_at IS NULL AND l.expires_at > {} "
        "AND a.disabled_at IS NULL",
        _token_hash(token),
        datetime.now(UTC),
    )
    if not rows:
        raise LinkUsed
    return str(rows[0]["label"] or rows[0]["login"])


async def use_link(token: str) -> tuple[str, str]:
    """(session token, where to go). Raises LinkUsed the second time."""
    async with transaction():
        now = datetime.now(UTC)
        used = await LoginLink.raw(
            "UPDATE login_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL "
            "AND expires_at > {} RETURNING account, target",
            now,
            _token_hash(token),
            now,
        )
        able = used and await Account.exists().where(
            Account.id == used[0]["account"], Account.disabled_at.is_null()
        )
        if not able:
            raise LinkUsed
        return await create_session(used[0]["account"]), local(used[0]["target"])


def local(target: str) -> str:
    """A path of this host; anything else would be an open redirect."""
    away = not target.startswith("/") or target.startswith("//") or "\\" in target
    return "/" if away or not target.isprintable() else target


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _secret() -> bytes:
    found = settings.current().secrets
    if found is None:
        raise SettingsError(["There are no secrets. Make them once with `jiangxin init`."])
    return found.session
