"""Sentences between the control room and a tablet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import allowed, contest_row, scopes_of
from contests.judging.tablets.serving import admitted_seats, check_serves, device_scopes
from contests.judging.tablets.sessions import Tablet
from contests.statements import run
from contests.tables import TabletMessage
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.scoring.model import Finding
from core.security import Actor, Scope, check

LONGEST = 500
_WAITING = (
    "SELECT id, text, sent_at FROM tablet_message "
    "WHERE device = {} AND from_tablet = {} AND read_at IS NULL ORDER BY sent_at, id LIMIT 20"
)
_READ = (
    "UPDATE tablet_message SET read_at = {} WHERE id = {} AND device = {} AND from_tablet = {} "
    "AND read_at IS NULL"
)
_DEALT_WITH = (
    "UPDATE tablet_message SET read_at = COALESCE(read_at, {}) WHERE id = {} AND contest = {} "
    "AND from_tablet RETURNING id"
)
_OF_CONTEST = (
    "SELECT m.id, m.text, m.from_tablet, m.sent_at, m.read_at, m.contest, d.kid, d.label, "
    "x.label AS sender FROM tablet_message m JOIN device d ON d.id = m.device "
    "LEFT JOIN account x ON x.id = m.sent_by WHERE m.contest = {} "
    "ORDER BY m.sent_at DESC, m.id LIMIT 200"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sentence that the tablet has not shown yet."""

    id: UUID
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    id: UUID
    text: str
    from_tablet: bool
    sent_at: datetime
    read_at: datetime | None
    kid: str
    label: str
    sender: str


async def write_from_tablet(tablet: Tablet, *, contest: UUID, text: str, now: datetime) -> UUID:
    """To the contest's control room. Who holds the tablet now stands with it."""
    await check_serves(tablet, contest)
    by = await _holder(tablet)
    row = _message(tablet.id, text, contest=contest, from_tablet=True, by=by, now=now)
    async with transaction():
        await TabletMessage.insert(row)
        await audit.record(
            Actor(by, ""), "tablet.wrote", scope=Scope("contest", str(contest)), subject=tablet.kid
        )
    return row.id


async def write_to_tablet(
    by: Actor, kid: str, *, text: str, contest: UUID | None = None, now: datetime
) -> UUID:
    """It is shown within seconds, whoever has signed in there. `contest`: whose control room writes."""
    device, scopes = await device_scopes(kid)
    check(by, "contest.control", *scopes)
    where = contest or device["contest"]
    if contest is not None:
        if not await _serves(device, contest, scopes):
            raise NotFound(kind="contest", id=contest)
        check(by, "contest.control", *await scopes_of(contest))
    row = _message(device["id"], text, contest=where, by=by.account, now=now)
    async with transaction():
        await TabletMessage.insert(row)
        await audit.record(by, "tablet.written_to", scope=scopes[0], subject=kid)
    return row.id


async def _serves(device: Mapping[str, Any], contest: UUID, scopes: Sequence[Scope]) -> bool:
    """A contest of its judges, or of the competition that it was enrolled for."""
    if Scope("contest", str(contest)) in scopes:
        return True
    wide = device["competition"] is not None and device["contest"] is None
    return wide and (await contest_row(contest))["competition"] == device["competition"]


async def waiting_messages(device: UUID) -> list[Waiting]:
    return [Waiting(**row) for row in await run(_WAITING, device, False)]


async def read_on_tablet(tablet: Tablet, message: UUID) -> None:
    """Its sentence was shown. Raises NotFound for another tablet's."""
    await _exists(message, device=tablet.id)
    await run(_READ, datetime.now(UTC), message, tablet.id, False)


async def messages_of(contest: UUID) -> list[Message]:
    """Both ways, the newest first; what concerns several contests is not among them."""
    rows = await run(_OF_CONTEST, contest)
    names = Message.__dataclass_fields__
    return [
        Message(**{n: row[n] for n in names if n != "sender"}, sender=row["sender"] or "")
        for row in rows
    ]


async def read_in_control_room(by: Actor, contest: UUID, message: UUID, *, now: datetime) -> None:
    """A tablet's sentence was dealt with. Raises NotFound for another contest's."""
    scope = await allowed(by, "contest.control", contest)
    async with transaction():
        if not await run(_DEALT_WITH, now, message, contest):
            raise NotFound(kind="message", id=message)
        await audit.record(by, "tablet.message_read", scope=scope, subject=str(message))


async def _holder(tablet: Tablet) -> UUID | None:
    """Who was last known to have it open."""
    if tablet.account is not None:
        return tablet.account
    accounts = {seat.account for seat in await admitted_seats(tablet)}
    return next((one for one in accounts if f'"{one}"' in tablet.facts), None)


async def _exists(message: UUID, *, device: UUID) -> None:
    if not await TabletMessage.exists().where(
        TabletMessage.id == message, TabletMessage.device == device
    ):
        raise NotFound(kind="message", id=message)


def _message(
    device: UUID,
    text: str,
    *,
    contest: UUID | None,
    by: UUID | None,
    now: datetime,
    from_tablet: bool = False,
) -> TabletMessage:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Invalid([Finding("/text", "message-length", {"most": str(LONGEST)})])
    return TabletMessage(
        id=uuid4(),
        device=device,
        contest=contest,
        from_tablet=from_tablet,
        text=said,
        sent_by=by,
        sent_at=now,
    )
