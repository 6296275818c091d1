"""The programme (日程) of a competition: venues in one or many cities, and sessions on days."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import competition_row, competition_scopes, json_text, moment
from contests.founding.tables import ProgrammeSession, Venue
from contests.tables import Contest
from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class VenueView:
    id: UUID
    title: Text
    city: str
    address: str
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """contest None: of the whole competition. clash: the venue is taken twice, or the contest is in
    two places at once: allowed, because two halls may share a name, but shown."""

    id: UUID
    venue: UUID
    venue_title: Text
    city: str
    contest: UUID | None
    contest_title: Text
    module: str
    day: str
    starts: str
    ends: str
    note: str
    clash: bool = False


# --- venues ------------------------------------------------------------------------------------


async def add_venue(
    by: Actor,
    competition: UUID,
    *,
    title: Text,
    city: str = "",
    address: str = "",
    now: datetime | None = None,
) -> UUID:
    scope = await _may_configure(by, competition)
    _refuse(_venue_findings(title, city, address))
    venue = uuid4()
    async with transaction():
        await Venue.insert(
            Venue(
                id=venue,
                competition=competition,
                title=json_text(dict(title)),
                city=city.strip(),
                address=address.strip(),
                created_at=moment(now),
            )
        )
        await audit.record(by, "add_venue", scope=scope, subject=str(venue))
    return venue


async def edit_venue(
    by: Actor, competition: UUID, venue: UUID, *, title: Text, city: str = "", address: str = ""
) -> None:
    scope = await _may_configure(by, competition)
    _refuse(_venue_findings(title, city, address))
    async with transaction():
        rows = (
            await Venue.update(
                {
                    Venue.title: json_text(dict(title)),
                    Venue.city: city.strip(),
                    Venue.address: address.strip(),
                }
            )
            .where(Venue.id == venue, Venue.competition == competition)
            .returning(Venue.id)
        )
        if not rows:
            raise NotFound(kind="venue", id=venue)
        await audit.record(by, "edit_venue", scope=scope, subject=str(venue))


async def remove_venue(by: Actor, competition: UUID, venue: UUID) -> None:
    """Conflict while a session is held there."""
    scope = await _may_configure(by, competition)
    async with transaction():
        if held := await ProgrammeSession.count().where(ProgrammeSession.venue == venue):
            raise Conflict([Finding("", "venue-in-use", {"count": str(held)})])
        rows = (
            await Venue.delete()
            .where(Venue.id == venue, Venue.competition == competition)
            .returning(Venue.id)
        )
        if not rows:
            raise NotFound(kind="venue", id=venue)
        await audit.record(by, "remove_venue", scope=scope, subject=str(venue))


# --- sessions ----------------------------------------------------------------------------------


async def add_session(
    by: Actor,
    competition: UUID,
    *,
    venue: UUID | None,
    day: str,
    starts: str,
    ends: str,
    contest: UUID | None = None,
    module: str = "",
    note: str = "",
    now: datetime | None = None,
) -> UUID:
    """starts and ends: HH:MM of the venue's clock. Raises Invalid with every finding."""
    scope = await _may_configure(by, competition)
    held = await competition_row(competition)
    findings = [*_time_findings(held, day, starts, ends), *_note(note)]
    findings += await _unknown(competition, venue, contest, module)
    _refuse(findings)
    session = uuid4()
    async with transaction():
        await ProgrammeSession.insert(
            ProgrammeSession(
                id=session,
                competition=competition,
                venue=venue,
                contest=contest,
                module=module,
                day=day,
                starts=clock(starts),
                ends=clock(ends),
                note=note.strip(),
                created_at=moment(now),
            )
        )
        await audit.record(by, "add_session", scope=scope, subject=str(session))
    return session


async def remove_session(by: Actor, competition: UUID, session: UUID) -> None:
    scope = await _may_configure(by, competition)
    async with transaction():
        rows = (
            await ProgrammeSession.delete()
            .where(ProgrammeSession.id == session, ProgrammeSession.competition == competition)
            .returning(ProgrammeSession.id)
        )
        if not rows:
            raise NotFound(kind="session", id=session)
        await audit.record(by, "remove_session", scope=scope, subject=str(session))


def clock(text: str) -> str | None:
    """ "9:5" is nothing, "9:05" is "09:05"; a full-width colon is understood."""
    found = _TIME.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else None


# --- reading -----------------------------------------------------------------------------------


async def venues_of(competition: UUID) -> list[VenueView]:
    rows = (
        await Venue.select()
        .where(Venue.competition == competition)
        .order_by(Venue.city, Venue.created_at, Venue.id)
    )
    held = await ProgrammeSession.select(ProgrammeSession.venue).where(
        ProgrammeSession.competition == competition
    )
    counts = [row["venue"] for row in held]
    return [
        VenueView(r["id"], json.loads(r["title"]), r["city"], r["address"], counts.count(r["id"]))
        for r in rows
    ]


async def sessions_of(
    competition: UUID,
    *,
    contest: UUID | None = None,
    venues: Sequence[VenueView] | None = None,
) -> list[SessionView]:
    """By day, hour and venue; of one contest with those of the whole competition. venues: its own,
    when they have been read."""
    rows = (
        await ProgrammeSession.select()
        .where(ProgrammeSession.competition == competition)
        .order_by(ProgrammeSession.day, ProgrammeSession.starts, ProgrammeSession.id)
    )
    there = await venues_of(competition) if venues is None else venues
    known = {venue.id: venue for venue in there}
    titles = {
        row["id"]: json.loads(row["title"])
        for row in await Contest.select(Contest.id, Contest.title).where(
            Contest.competition == competition
        )
    }
    found = [_view(row, known, titles, rows) for row in rows if row["venue"] in known]
    return [one for one in found if contest is None or one.contest in (contest, None)]


def _view(
    row: dict[str, Any],
    venues: dict[UUID, VenueView],
    titles: dict[UUID, Text],
    everything: Sequence[dict[str, Any]],
) -> SessionView:
    venue = venues[row["venue"]]
    return SessionView(
        row["id"],
        venue.id,
        venue.title,
        venue.city,
        row["contest"],
        titles.get(row["contest"], {}),
        row["module"],
        row["day"],
        row["starts"],
        row["ends"],
        row["note"],
        any(_clash(row, other) for other in everything if other["id"] != row["id"]),
    )


def _clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same = one["venue"] == other["venue"] or (
        one["contest"] is not None and one["contest"] == other["contest"]
    )
    overlap = one["starts"] < other["ends"] and other["starts"] < one["ends"]
    return bool(same and one["day"] == other["day"] and overlap)


# --- checking ----------------------------------------------------------------------------------


async def _may_configure(by: Actor, competition: UUID) -> Scope:
    check(by, "competition.configure", *await competition_scopes(competition))
    return Scope("competition", str(competition))


def _venue_findings(title: Text, city: str, address: str) -> list[Finding]:
    findings = []
    if not any(words.strip() for words in title.values()):
        findings.append(Finding("/title", "title-missing", {}))
    for name, words in (("city", city), ("address", address)):
        if len(words) > LONGEST:
            findings.append(Finding(f"/{name}", "words-too-long", {"limit": str(LONGEST)}))
    return findings


def _time_findings(held: dict[str, Any], day: str, starts: str, ends: str) -> list[Finding]:
    findings = []
    try:
        date.fromisoformat(day)
        if held["held_from"] and not held["held_from"] <= day <= held["held_to"]:
            params = {"first": held["held_from"], "last": held["held_to"]}
            findings.append(Finding("/day", "session-outside", params))
    except ValueError:
        findings.append(Finding("/day", "date-malformed", {"value": day[:40]}))
    first, last = clock(starts), clock(ends)
    for name, text, read in (("starts", starts, first), ("ends", ends, last)):
        if read is None:
            findings.append(Finding(f"/{name}", "time-malformed", {"value": text[:40]}))
    if first and last and last <= first:
        findings.append(Finding("/ends", "session-reversed", {"first": first, "last": last}))
    return findings


async def _unknown(
    competition: UUID, venue: UUID | None, contest: UUID | None, module: str
) -> list[Finding]:
    findings = []
    if venue is None or not await Venue.exists().where(
        Venue.id == venue, Venue.competition == competition
    ):
        findings.append(Finding("/venue", "venue-choose", {}))
    row = None
    if contest is not None:
        row = (
            await Contest.select(Contest.scheme)
            .where(Contest.id == contest, Contest.competition == competition)
            .first()
        )
        if row is None:
            findings.append(Finding("/contest", "contest-choose", {}))
    if module:
        known = [m["id"] for m in json.loads(row["scheme"])["modules"]] if row else []
        if module not in known:
            params = {"module": module[:40], "known": ", ".join(known) or "-"}
            findings.append(Finding("/module", "module-unknown", params))
    return findings


def _note(note: str) -> list[Finding]:
    if len(note) <= LONGEST:
        return []
    return [Finding("/note", "words-too-long", {"limit": str(LONGEST)})]


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Invalid(findings)
