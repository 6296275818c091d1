"""Links that let one side in once, and the log-in that a used one leaves on the device.

Opening a link uses nothing up; only its button does. A new link of somebody ends those that were not used.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.errors import JiangxinError
from core.privacy import keyed_hash
from core.settings import current
from credentials.matching.tables import MatchingLink, MatchingSession

ENTERPRISE, CRAFTSMAN = "enterprise", "craftsman"
DAYS = 14
SHORT, LONG = timedelta(hours=12), timedelta(days=90)
"""On somebody else's device; on one's own."""
_BYTES = 24
_LONGEST = 64
Row = dict[str, Any]


class MatchingLinkOver(JiangxinError):
    slug = "matching-link-over"
    title = (
        "This link was used already, has expired, or a newer one has replaced it. Ask the organisation that"
        " sent it for a new one."
    )
    status = 404


async def make_link(
    side: str, subject: UUID, *, by: UUID | None, now: datetime, dispatch: UUID | None = None
) -> str:
    """The whole address, which can't be read again later. Inside the caller's transaction. A link about an
    offer ends only an older one about the same."""
    token = secrets.token_urlsafe(_BYTES)
    await end_links(side, subject, now=now, dispatch=dispatch)
    await MatchingLink.insert(
        MatchingLink(
            id=uuid4(),
            side=side,
            subject=subject,
            dispatch=dispatch,
            token_hash=_hash(token),
            made_by=by,
            made_at=now,
            expires_at=now + timedelta(days=DAYS),
        )
    )
    return f"{current().origin}/matching/in/{token}"


async def end_links(
    side: str, subject: UUID, *, now: datetime, dispatch: UUID | None = None
) -> None:
    query = MatchingLink.update({MatchingLink.ended_at: now}).where(
        MatchingLink.side == side,
        MatchingLink.subject == subject,
        MatchingLink.used_at.is_null(),
        MatchingLink.ended_at.is_null(),
    )
    if dispatch is None:
        query = query.where(MatchingLink.dispatch.is_null())
    else:
        query = query.where(MatchingLink.dispatch == dispatch)
    await query


async def link_by(token: str, now: datetime) -> Row | None:
    """One that still works. Uses nothing up."""
    if not token or len(token) > _LONGEST:
        return None
    row: Row | None = (
        await MatchingLink.select()
        .where(
            MatchingLink.token_hash == _hash(token),
            MatchingLink.used_at.is_null(),
            MatchingLink.ended_at.is_null(),
            MatchingLink.expires_at > now,
        )
        .first()
    )
    return row


async def use(token: str, now: datetime) -> Row:
    """Uses it up, inside the caller's transaction. Raises MatchingLinkOver, the second time too."""
    row = await link_by(token, now)
    taken = row and await MatchingLink.raw(
        "UPDATE matching_link SET used_at = {} WHERE id = {} AND used_at IS NULL AND ended_at IS NULL"
        " RETURNING id",
        now,
        row["id"],
    )
    if not row or not taken:
        raise MatchingLinkOver
    return row


async def open_session(
    side: str, subject: UUID, *, device: str, life: timedelta, now: datetime
) -> str:
    """The secret of its cookie. Inside the caller's transaction."""
    secret = secrets.token_urlsafe(_BYTES)
    await MatchingSession.insert(
        MatchingSession(
            id=uuid4(),
            side=side,
            subject=subject,
            token_hash=_session_hash(secret),
            device=device[:80],
            created_at=now,
            expires_at=now + life,
        )
    )
    return secret


async def session_by(secret: str, now: datetime) -> Row | None:
    if not secret or len(secret) > _LONGEST:
        return None
    row: Row | None = (
        await MatchingSession.select()
        .where(
            MatchingSession.token_hash == _session_hash(secret),
            MatchingSession.ended_at.is_null(),
            MatchingSession.expires_at > now,
        )
        .first()
    )
    return row


async def end_session(session: UUID, now: datetime) -> None:
    await MatchingSession.update({MatchingSession.ended_at: now}).where(
        MatchingSession.id == session, MatchingSession.ended_at.is_null()
    )


async def end_all(side: str, subject: UUID, now: datetime) -> None:
    """Every link and log-in of somebody who is forgotten or has left. Inside the caller's transaction."""
    for table in (MatchingLink, MatchingSession):
        await table.update({table.ended_at: now}).where(
            table.side == side, table.subject == subject, table.ended_at.is_null()
        )


def _hash(token: str) -> str:
    return keyed_hash("matching link", token)


def _session_hash(secret: str) -> str:
    return keyed_hash("matching session", secret)
