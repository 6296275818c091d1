"""Every change that is on record, newest first: the installation's audit and the contests' logs
together, as far as the reader may see them.

Who may read the audit of an organisation reads that of its competitions and contests too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from contests.tables import Appointment, Competition, Contest, LogEntry
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Scope
from core.tables import Account, AuditEntry, Organisation

READS = "audit.read"
AUDIT, LOG = "audit", "log"
NOBODY = UUID(int=0)
"""So that a list to look in is never empty."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; everything empty: all. person: part of a label or log-in name. actions:
    of the audit and kinds of log entries alike. since inclusive, before exclusive."""

    person: str = ""
    contest: UUID | None = None
    actions: frozenset[str] = frozenset()
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry. source: AUDIT or LOG. details: the log's whole body."""

    id: UUID
    at: datetime
    source: str
    action: str
    scope: Scope
    account: UUID | None
    subject: str = ""
    before: Any = None
    after: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the instant of its last change, and how many of that instant were shown."""

    at: datetime
    shown: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.shown}"


def cursor_of(text: str) -> Cursor | None:
    """None for a text that is none: then the newest are shown."""
    at, _, shown = text.partition("|")
    try:
        found = Cursor(datetime.fromisoformat(at), int(shown))
    except ValueError:
        return None
    return found if found.at.tzinfo and 0 <= found.shown < 100_000 else None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may see. everything: the whole installation; else these scopes."""

    everything: bool
    organisations: frozenset[UUID] = frozenset()
    competitions: frozenset[UUID] = frozenset()
    contests: frozenset[UUID] = frozenset()
    issuers: frozenset[str] = frozenset()

    def ids(self) -> list[str]:
        found = [*self.organisations, *self.competitions, *self.contests]
        return [*(str(id_) for id_ in found), *self.issuers]


async def sight_of(reader: Actor) -> Sight:
    """Nothing at all for who may read no audit anywhere."""
    if reader.may(READS, INSTALLATION):
        return Sight(everything=True)
    held: dict[str, set[str]] = {}
    for grant in reader.grants:
        if reader.may(READS, grant.scope):
            held.setdefault(grant.scope.kind, set()).add(grant.scope.id)
    organisations = _uuids(held.get("organisation", ()))
    competitions = _uuids(held.get("competition", ())) | await _within(
        Competition, Competition.organisation, organisations
    )
    contests = _uuids(held.get("contest", ())) | await _within(
        Contest, Contest.competition, competitions
    )
    return Sight(
        False,
        frozenset(organisations),
        frozenset(competitions),
        frozenset(contests),
        frozenset(held.get("issuer", set()) | await _codes(organisations)),
    )


async def contests_in(sight: Sight, limit: int = 500) -> list[tuple[UUID, Text]]:
    """Contests that the reader may ask for, newest first, with their titles."""
    query = (
        Contest.select(Contest.id, Contest.title)
        .order_by(Contest.created_at, ascending=False)
        .limit(limit)
    )
    if not sight.everything:
        query = query.where(Contest.id.is_in([*sight.contests, NOBODY]))
    rows = await query
    return [(row["id"], json.loads(row["title"])) for row in rows]


async def changes(
    sight: Sight, wanted: Wanted, *, after: Cursor | None = None, limit: int = 100
) -> tuple[list[Change], Cursor | None]:
    """A page, and where the next one begins; None after the last."""
    people = await _people(wanted.person)
    if wanted.person and not people:
        return [], None
    passed = after.shown if after else 0
    most = limit + passed + 1
    found = [
        *await _audit(sight, wanted, people, after, most),
        *await _log(sight, wanted, people, after, most),
    ]
    found.sort(key=lambda change: (change.at, change.id.bytes), reverse=True)
    if after is not None:
        found = [c for c in found if c.at < after.at] if not passed else _beyond(found, after)
    page, more = found[:limit], len(found) > limit
    if not page or not more:
        return page, None
    last = page[-1].at
    same = sum(1 for change in page if change.at == last)
    if after is not None and last == after.at:
        same += passed
    return page, Cursor(last, same)


def _beyond(found: Sequence[Change], after: Cursor) -> list[Change]:
    same = [change for change in found if change.at == after.at][after.shown :]
    return [*same, *(change for change in found if change.at < after.at)]


async def _audit(
    sight: Sight, wanted: Wanted, people: list[UUID], after: Cursor | None, most: int
) -> list[Change]:
    query = AuditEntry.select().order_by(AuditEntry.at, ascending=False).limit(most)
    query = query.order_by(AuditEntry.id, ascending=False)
    if not sight.everything:
        ids = sight.ids()
        if not ids:
            return []
        query = query.where(AuditEntry.scope_id.is_in(ids))
    if wanted.contest is not None:
        query = query.where(AuditEntry.scope_id == str(wanted.contest))
    if wanted.actions:
        query = query.where(AuditEntry.action.is_in(sorted(wanted.actions)))
    if people:
        query = query.where(AuditEntry.account.is_in(people))
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(AuditEntry.at < wanted.before)
    if after is not None:
        query = query.where(AuditEntry.at <= after.at)
    return [
        Change(
            row["id"],
            row["at"],
            AUDIT,
            row["action"],
            Scope(row["scope_kind"], row["scope_id"]),
            row["account"],
            row["subject"],
            _loaded(row["before"]),
            _loaded(row["after"]),
        )
        for row in await query
    ]


async def _log(
    sight: Sight, wanted: Wanted, people: list[UUID], after: Cursor | None, most: int
) -> list[Change]:
    query = LogEntry.select().order_by(LogEntry.at, ascending=False).limit(most)
    query = query.order_by(LogEntry.id, ascending=False)
    if not sight.everything:
        ids = [*sight.contests, *sight.competitions]
        if not ids:
            return []
        query = query.where(LogEntry.contest.is_in(ids))
    if wanted.contest is not None:
        query = query.where(LogEntry.contest == wanted.contest)
    if wanted.actions:
        query = query.where(LogEntry.kind.is_in(sorted(wanted.actions)))
    if people:
        query = query.where(_by(people))
    if wanted.since is not None:
        query = query.where(LogEntry.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(LogEntry.at < wanted.before)
    if after is not None:
        query = query.where(LogEntry.at <= after.at)
    rows = await query
    competitions = set(
        await Competition.select(Competition.id)
        .where(Competition.id.is_in(list({row["contest"] for row in rows})))
        .output(as_list=True)
        if rows
        else []
    )
    return [_line(row, row["contest"] in competitions) for row in rows]


def _line(row: Mapping[str, Any], of_competition: bool) -> Change:
    body = json.loads(row["body"])
    kind = "competition" if of_competition else "contest"
    by = body.get("by", "") if isinstance(body, dict) else ""
    return Change(
        row["id"],
        row["at"],
        LOG,
        row["kind"],
        Scope(kind, str(row["contest"])),
        next(iter(_uuids([by] if isinstance(by, str) else [])), None),
        details=body if isinstance(body, dict) else {},
    )


def _by(people: Sequence[UUID]) -> WhereRaw:
    """Bodies are canonical, so that who acted stands in them in one way only."""
    parts = " OR ".join("body LIKE {}" for _ in people)
    return WhereRaw(f"({parts})", *(f'%"by":"{person}"%' for person in people))


async def _people(part: str) -> list[UUID]:
    if not part.strip():
        return []
    text = "".join(c for c in part.strip() if c not in "%_\\")
    if not text:
        return []
    like = f"%{text.lower()}%"
    found: list[UUID] = (
        await Account.select(Account.id)
        .where(WhereRaw("(LOWER(label) LIKE {} OR LOWER(login) LIKE {})", like, like))
        .limit(200)
        .output(as_list=True)
    )
    return found


async def _within(table: Any, column: Any, around: set[UUID]) -> set[UUID]:
    if not around:
        return set()
    return set(await table.select(table.id).where(column.is_in(list(around))).output(as_list=True))


async def _codes(organisations: set[UUID]) -> set[str]:
    if not organisations:
        return set()
    query = Organisation.select(Organisation.code).where(Organisation.id.is_in(list(organisations)))
    return set(await query.output(as_list=True))


async def seats_in(changes: Sequence[Change]) -> dict[str, str]:
    """Appointment -> seat, for the sheets among the changes."""
    contests = {UUID(c.scope.id) for c in changes if c.source == LOG and c.scope.kind == "contest"}
    if not contests:
        return {}
    rows = await Appointment.select(Appointment.id, Appointment.seat).where(
        Appointment.contest.is_in(list(contests))
    )
    return {str(row["id"]): row["seat"] for row in rows}


def _uuids(texts: Any) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _loaded(text: str) -> Any:
    return json.loads(text) if text else None
