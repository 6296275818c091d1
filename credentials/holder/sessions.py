"""A holder's log-in: a cookie of its own kind, whose row is asked at every request. It is no account:
it opens nothing but the pages of this room."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from litestar.datastructures import Cookie
from litestar.handlers.base import BaseRouteHandler

from core import settings
from core.about_person import Within
from core.db import transaction
from core.errors import JiangxinError, NotFound
from core.privacy import keyed_hash
from core.same_person import records_of
from core.security import Connection
from core.sessions import csrf_token
from core.web.session import CsrfMissing, masked, same_token
from credentials.holder import links
from credentials.holder.links import Opened
from credentials.holder.tables import HolderLink, HolderSession

SHORT, LONG = timedelta(hours=12), timedelta(days=90)
"""On somebody else's device; on the holder's own."""
FIELD = "mine_token"
_BYTES = 32
_LONGEST_TOKEN = 64
_LONGEST_DEVICE = 80


class HolderUnknown(JiangxinError):
    """Not `Unauthenticated`: the log-in of accounts is no way in here."""

    slug = "holder-unknown"
    title = (
        "To see your certificates, open the link or scan the card that the organiser gave you. If it"
        " was used already, ask the organiser for a new one."
    )
    status = 403


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks. The reader sees what of the contests or the issuers."""

    session: UUID
    person: UUID
    contests: frozenset[str]
    issuers: frozenset[str]
    expires_at: datetime

    @property
    def within(self) -> Within:
        return Within(self.contests, self.issuers)

    @property
    def token(self) -> str:
        """For forms; never twice the same letters."""
        return masked(csrf_token(self.session))


async def open_session(
    token: str, *, before: Holder | None, device: str, own_device: bool, now: datetime | None = None
) -> tuple[str, timedelta]:
    """A new secret for the cookie, and for how long. Uses the link up; raises HolderLinkOver.

    before: who was logged in on this device. The same person's log-in goes over into the new one
    with what it opened; anybody else's ends."""
    at, secret = now or datetime.now(UTC), secrets.token_urlsafe(_BYTES)
    life = LONG if own_device else SHORT
    async with transaction():
        opened = await links.use(token, at)
        kept = before if before and before.person == opened.person else None
        if before:
            await _end([before.session], at)
        await HolderSession.insert(_row(opened, kept, secret, device, at, at + life))
    return secret, life


async def holder_of(connection: Connection, now: datetime | None = None) -> Holder | None:
    secret = connection.cookies.get(cookie_name(), "")
    if not secret or len(secret) > _LONGEST_TOKEN:
        return None
    row = (
        await HolderSession.select()
        .where(
            HolderSession.token_hash == _hash(secret),
            HolderSession.ended_at.is_null(),
            HolderSession.expires_at > (now or datetime.now(UTC)),
        )
        .first()
    )
    return _holder(row) if row else None


async def holder(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: somebody who came in by a link. Raises HolderUnknown."""
    found = await holder_of(connection)
    if found is None:
        raise HolderUnknown
    cast("dict[str, Any]", connection.scope)["holder"] = found


def holder_in(connection: Connection) -> Holder:
    """Who asks, behind the guard."""
    found = connection.scope.get("holder")
    if not isinstance(found, Holder):
        raise HolderUnknown
    return found


def check_form(asked: Holder, sent: object) -> None:
    """Raises CsrfMissing unless the form is one of ours for this log-in."""
    if not same_token(str(sent or ""), csrf_token(asked.session)):
        raise CsrfMissing


async def history(person: UUID) -> Sequence[dict[str, Any]]:
    """Every log-in and every link that was made, the newest first."""
    records = list(await records_of(person))
    sessions = await HolderSession.select().where(HolderSession.person.is_in(records))
    made = await HolderLink.select().where(HolderLink.person.is_in(records))
    found = [{**row, "kind": "session", "at": row["created_at"]} for row in sessions]
    found += [{**row, "kind": "link", "at": row["made_at"]} for row in made]
    return sorted(found, key=lambda one: one["at"], reverse=True)


async def end_session(asked: Holder, session: UUID) -> None:
    """One of one's own. Raises NotFound for anybody else's."""
    own = await HolderSession.exists().where(
        HolderSession.id == session,
        HolderSession.person.is_in(list(await records_of(asked.person))),
    )
    if not own:
        raise NotFound(kind="log-in", id=session)
    async with transaction():
        await _end([session], datetime.now(UTC))


async def end_others(asked: Holder) -> None:
    async with transaction():
        await HolderSession.update({HolderSession.ended_at: datetime.now(UTC)}).where(
            HolderSession.person.is_in(list(await records_of(asked.person))),
            HolderSession.id != asked.session,
            HolderSession.ended_at.is_null(),
        )


def cookie_name() -> str:
    """As the account's cookie (`core.web.session`), with a name of its own."""
    now = settings.current()
    name = "jiangxin-mine-rehearsal" if now.rehearsal else "jiangxin-mine"
    return f"__Host-{name}" if now.secure else name


def cookie(secret: str, life: timedelta) -> Cookie:
    return Cookie(
        cookie_name(),
        "/",
        secret,
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        max_age=int(life.total_seconds()),
    )


async def _end(sessions: Sequence[UUID], now: datetime) -> None:
    await HolderSession.update({HolderSession.ended_at: now}).where(
        HolderSession.id.is_in(list(sessions)), HolderSession.ended_at.is_null()
    )


def _row(
    opened: Opened,
    kept: Holder | None,
    secret: str,
    device: str,
    now: datetime,
    ends: datetime,
) -> HolderSession:
    contests = opened.contests | (kept.contests if kept else frozenset())
    issuers = opened.issuers | (kept.issuers if kept else frozenset())
    return HolderSession(
        id=uuid4(),
        person=opened.person,
        link=opened.link,
        token_hash=_hash(secret),
        contests=json.dumps(sorted(contests)),
        issuers=json.dumps(sorted(issuers)),
        device=device[:_LONGEST_DEVICE],
        created_at=now,
        expires_at=ends,
    )


def _holder(row: dict[str, Any]) -> Holder:
    return Holder(
        row["id"],
        row["person"],
        frozenset(json.loads(row["contests"])),
        frozenset(json.loads(row["issuers"])),
        row["expires_at"],
    )


def _hash(secret: str) -> str:
    return keyed_hash("holder session", secret)
