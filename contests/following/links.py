"""Links for leaders: made by whoever runs the contest, read by whoever holds one, over at night.

The secret stands in the address alone: 192 random bits, of which only a keyed hash is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from contests.actions.common import allowed, moment
from contests.tables import FollowLink
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.privacy import keyed_hash
from core.scoring.model import Finding
from core.security import Actor
from core.web.i18n import TIME_ZONE

MOST_OPEN = 20
_BYTES = 24
_LONGEST_TOKEN = 64
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class LinkView:
    """label: whom it is for. open: it still answers."""

    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    open: bool


def night_of(now: datetime) -> datetime:
    """The last second of this day, as clocks in the Greater Bay Area show it."""
    day = now.astimezone(TIME_ZONE).date()
    return datetime.combine(day, time(23, 59, 59), TIME_ZONE)


async def make_link(
    by: Actor, contest: UUID, label: str = "", *, now: datetime | None = None
) -> str:
    """The secret of a new link; it can't be read again later."""
    scope = await allowed(by, "contest.run", contest)
    at, token = moment(now), secrets.token_urlsafe(_BYTES)
    async with transaction():
        open_ = await FollowLink.count().where(
            FollowLink.contest == contest,
            FollowLink.revoked_at.is_null(),
            FollowLink.expires_at > at,
        )
        if open_ >= MOST_OPEN:
            raise Invalid([Finding("", "links-too-many", {"count": str(open_)})])
        link = uuid4()
        await FollowLink.insert(
            FollowLink(
                id=link,
                contest=contest,
                token_hash=_hash(token),
                label=label.strip()[:_LONGEST_LABEL],
                created_by=by.account,
                created_at=at,
                expires_at=night_of(at),
            )
        )
        await audit.record(by, "make_leaders_link", scope=scope, subject=str(link))
    return token


async def end_link(by: Actor, contest: UUID, link: UUID, *, now: datetime | None = None) -> None:
    """From now on it answers nobody."""
    scope = await allowed(by, "contest.run", contest)
    async with transaction():
        ended = await FollowLink.raw(
            "UPDATE follow_link SET revoked_at = {} WHERE id = {} AND contest = {} "
            "AND revoked_at IS NULL RETURNING id",
            moment(now),
            link,
            contest,
        )
        if not ended:
            if await FollowLink.exists().where(
                FollowLink.id == link, FollowLink.contest == contest
            ):
                raise Conflict([Finding("", "link-ended", {})])
            raise NotFound(kind="link", id=link)
        await audit.record(by, "end_leaders_link", scope=scope, subject=str(link))


async def links_of(contest: UUID, *, now: datetime | None = None) -> Sequence[LinkView]:
    """The newest first, ended ones too."""
    at = moment(now)
    rows = (
        await FollowLink.select()
        .where(FollowLink.contest == contest)
        .order_by(FollowLink.created_at, ascending=False)
        .limit(100)
    )
    return [
        LinkView(
            row["id"],
            row["label"],
            row["created_at"],
            row["expires_at"],
            row["revoked_at"] is None and row["expires_at"] > at,
        )
        for row in rows
    ]


async def followed(token: str, *, now: datetime | None = None) -> UUID | None:
    """The contest that the link shows; None for one that is unknown, ended or over."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    row = (
        await FollowLink.select(FollowLink.contest)
        .where(
            FollowLink.token_hash == _hash(token),
            FollowLink.revoked_at.is_null(),
            FollowLink.expires_at > moment(now),
        )
        .first()
    )
    return row["contest"] if row else None


def _hash(token: str) -> str:
    return keyed_hash("follow-link", token)
