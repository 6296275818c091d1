"""Sessions and one-time links. A session's token carries only the session's id; its row decides."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from core import settings
from core.db import transaction
from core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from core.reach import OwnAccount, check_over, link_is_held
from core.security import Actor, actor_of, grants_in
from core.settings import SettingsError
from core.tables import Account, Grant, LoginLink, Session

BROWSER_LIFE = timedelta(days=7)
"""A tablet that is in use on the third day of a contest still has Monday's session."""
API_LIFE = timedelta(hours=12)
LONGEST_LINK_HOURS = 24 * 14
SEEN_EVERY = timedelta(minutes=5)
LONGEST_DEVICE = 80
_ALGORITHM = "HS256"
_LONGEST_TOKEN = 1000


class LinkUsed(Conflict):
    slug = "link-used"
    title = "This link was used or has expired. Ask the organiser for a new one."


class LinkHeld(Conflict):
    slug = "link-held"
    title = (
        "This link waits for its release by a second person, because whoever made it has a duty beside"
        " yours. Ask an administrator or a colleague of the contest: it stands under “What waits for me”."
    )


async def create_session(
    account: UUID, kind: str = "browser", *, device: str = "", let_in_by: UUID | None = None
) -> str:
    """A signed token: the value of the cookie ("browser") or the bearer token ("api"). device: in
    words for its owner. let_in_by: who made the one-time link."""
    session, now = uuid4(), datetime.now(UTC)
    expires = now + (BROWSER_LIFE if kind == "browser" else API_LIFE)
    await Session.insert(
        Session(
            id=session,
            account=account,
            kind=kind,
            created_at=now,
            expires_at=expires,
            device=device[:LONGEST_DEVICE],
            let_in_by=let_in_by,
        )
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
        "SELECT a.id AS account, a.label, a.login, s.last_seen_at, g.role, g.scope_kind, g.scope_id "
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
    await _note_seen(session, first["last_seen_at"])
    return session, Actor(first["account"], first["label"] or first["login"], grants_in(rows))


async def sessions_of_account(account: UUID) -> list[dict[str, Any]]:
    """Those that are open, the one seen last first."""
    now = datetime.now(UTC)
    rows = await Session.select().where(
        Session.account == account, Session.revoked_at.is_null(), Session.expires_at > now
    )
    return sorted(rows, key=lambda row: row["last_seen_at"] or row["created_at"], reverse=True)


async def end_session_of(account: UUID, session: UUID) -> None:
    """One of the account's own. Raises NotFound for anybody else's."""
    if not await Session.exists().where(Session.id == session, Session.account == account):
        raise NotFound(kind="log-in", id=session)
    await end_session(session)


async def end_other_sessions(account: UUID, session: UUID) -> int:
    """All of the account's but this one. How many there were."""
    ended = await Session.raw(
        "UPDATE session SET revoked_at = {} WHERE account = {} AND id <> {} "
        "AND revoked_at IS NULL RETURNING id",
        datetime.now(UTC),
        account,
        session,
    )
    return len(ended)


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


async def _note_seen(session: UUID, before: datetime | str | None) -> None:
    """For the list of one's own sessions; so seldom that it costs nothing."""
    now = datetime.now(UTC)
    at = datetime.fromisoformat(before) if isinstance(before, str) else before
    if at is None or now - at > SEEN_EVERY:
        await Session.update({Session.last_seen_at: now}).where(Session.id == session)


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


@dataclass(frozen=True, slots=True)
class UsedLink:
    """Whom a link lets in, where to, and who made it."""

    account: UUID
    target: str
    made_by: UUID | None


async def login_link_row(
    account: UUID, *, target: str, hours: int, made_by: UUID | None = None
) -> str:
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
            made_by=made_by,
            made_at=datetime.now(UTC),
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


async def use_link(token: str) -> UsedLink:
    """Uses the link up. Raises LinkUsed the second time, and when whoever made it could not make it
    any more: a link for a judge does not let its maker in as the administrator of tomorrow. Raises
    LinkHeld, and uses nothing up, while a second person has to release it."""
    async with transaction():
        now = datetime.now(UTC)
        used = await LoginLink.raw(
            "UPDATE login_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL "
            "AND expires_at > {} RETURNING account, target, made_by, released_by",
            now,
            _token_hash(token),
            now,
        )
        able = used and await Account.exists().where(
            Account.id == used[0]["account"], Account.disabled_at.is_null()
        )
        if not able or not await _still_reaches(used[0]["made_by"], used[0]["account"]):
            raise LinkUsed
        maker = used[0]["made_by"]
        vouched = maker is None or used[0]["released_by"] is not None
        if not vouched and await link_is_held(await actor_of(maker), used[0]["account"]):
            raise LinkHeld
        return UsedLink(used[0]["account"], local(used[0]["target"]), used[0]["made_by"])


async def _still_reaches(maker: UUID | None, account: UUID) -> bool:
    if maker is None or not await _has_role(account):
        return True  # without any role the account opens nothing that it did not open then
    try:
        await check_over(await actor_of(maker), account)
    except (Forbidden, NotFound, OwnAccount, Unauthenticated):
        return False
    return True


async def _has_role(account: UUID) -> bool:
    found: bool = await Grant.exists().where(Grant.account == account, Grant.revoked_at.is_null())
    return found


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
