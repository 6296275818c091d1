"""What the pages of competitions show, read once for each request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from admin.console.steps import STEPS, Step
from admin.console.view import STATES
from contests.founding.programme import SessionView, VenueView
from contests.next_step import next_step
from contests.queries import sheet_counts
from contests.tables import Competition, Contest, Entry
from core.errors import ContestTypeMissing
from core.registry import registry
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Scope

_LIVE = ("draft", "ready", "judging", "closed", "signed", "published")


@dataclass(frozen=True, slots=True)
class ContestLine:
    """A contest in a list. done of all: the states that lie behind it. signed of owed: its sheets,
    0 of 0 while it is not marked."""

    id: UUID
    title: Text
    type_title: Text
    state: str
    step: Step
    unmet: int
    done: int
    all: int
    entries: int
    signed: int = 0
    owed: int = 0


@dataclass(frozen=True, slots=True)
class CompetitionCard:
    id: UUID
    title: Text
    held_from: str
    held_to: str
    place: str
    demonstration: bool
    contests: Sequence[ContestLine]
    opens: bool
    """Whether the reader may enter the competition itself, and not only a contest of it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The competitions of one year, or those that a search found."""

    years: Sequence[str]
    year: str
    search: str
    competitions: Sequence[CompetitionCard]


async def shelf(by: Actor, *, year: str = "", search: str = "") -> Shelf:
    """The newest year with a contest that is not over, else the newest; a search goes through all."""
    held = await Competition.select().order_by(Competition.held_from, ascending=False)
    contests = await Contest.select().order_by(Contest.created_at, Contest.code)
    seen = []
    for row in held:
        own = [c for c in contests if c["competition"] == row["id"] and _sees(by, row, c)]
        if own or _sees(by, row):
            seen.append((row, own))
    years = list(dict.fromkeys(_year(row) for row, _ in seen))
    chosen = year if year in years else _usual(seen, years)
    words = search.strip().casefold()
    shown = [(r, c) for r, c in seen if (_found(r, c, words) if words else _year(r) == chosen)]
    return Shelf(years, "" if words else chosen, search, [await _card(by, r, c) for r, c in shown])


async def lines_of(competition: UUID, by: Actor) -> list[ContestLine]:
    """The contests of one competition beside one another, with their sheets."""
    held = await Competition.select().where(Competition.id == competition).first()
    rows = (
        await Contest.select()
        .where(Contest.competition == competition)
        .order_by(Contest.created_at, Contest.code)
    )
    return [await _line(row, sheets=True) for row in rows if held and _sees(by, held, row)]


def _usual(seen: Sequence[tuple[Mapping[str, Any], Sequence[Any]]], years: Sequence[str]) -> str:
    live = (_year(row) for row, own in seen if any(c["state"] in _LIVE for c in own))
    return next(live, years[0] if years else "")


def _year(row: Mapping[str, Any]) -> str:
    return str(row["held_from"])[:4]


def _found(row: Mapping[str, Any], own: Sequence[Mapping[str, Any]], words: str) -> bool:
    titles = [row["title"], row["place"], row["code"], *(c["title"] for c in own)]
    return any(words in str(title).casefold() for title in titles)


async def _card(
    by: Actor, row: Mapping[str, Any], own: Sequence[Mapping[str, Any]]
) -> CompetitionCard:
    return CompetitionCard(
        id=row["id"],
        title=json.loads(row["title"]),
        held_from=row["held_from"],
        held_to=row["held_to"],
        place=row["place"],
        demonstration=row["demonstration"],
        contests=[await _line(contest) for contest in own],
        opens=_sees(by, row),
    )


async def _line(row: Mapping[str, Any], *, sheets: bool = False) -> ContestLine:
    verb, unmet = await next_step(row["id"], row, datetime.now(UTC))
    entries = Entry.count().where(Entry.contest == row["id"], Entry.status != "withdrawn")
    state = row["state"]
    signed, owed = (0, 0)
    if sheets and state not in ("draft", "ready"):
        signed, owed = await sheet_counts(row["id"])
    return ContestLine(
        id=row["id"],
        title=json.loads(row["title"]),
        type_title=type_title(row),
        state=state,
        step=STEPS.get(verb, STEPS[""]),
        unmet=len(unmet),
        done=STATES.index(state) if state in STATES else 0,
        all=len(STATES) - 1,
        entries=await entries,
        signed=signed,
        owed=owed,
    )


def type_title(row: Mapping[str, Any]) -> Text:
    try:
        return registry().contest_type(row["type_code"], row["type_version"]).title
    except ContestTypeMissing:
        return {"en": row["type_code"]}


def _sees(
    by: Actor, competition: Mapping[str, Any], contest: Mapping[str, Any] | None = None
) -> bool:
    scopes = [
        INSTALLATION,
        Scope("organisation", str(competition["organisation"])),
        Scope("competition", str(competition["id"])),
    ]
    if contest is not None:
        scopes.append(Scope("contest", str(contest["id"])))
    return by.may("contest.read", *scopes)


# --- the calendar ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A session in the picture; x and width in the picture's units."""

    session: SessionView
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day: a row for each venue that is used; rows: (venue, sessions). The picture has the same."""

    day: str
    rows: Sequence[tuple[VenueView, Sequence[SessionView]]]
    bars: Sequence[Bar]
    hours: Sequence[tuple[int, str]]
    height: int


LEFT, WIDTH, ROW = 190, 700, 34


def days_of(sessions: Sequence[SessionView], venues: Sequence[VenueView]) -> list[Day]:
    """By day, venues in their order, the hours from the first to the last session of all days."""
    if not sessions:
        return []
    first = min(_minutes(s.starts) for s in sessions) // 60 * 60
    last = -(-max(_minutes(s.ends) for s in sessions) // 60) * 60
    span = max(last - first, 60)
    hours = [
        (LEFT + (minute - first) * WIDTH // span, f"{minute // 60:02}:00")
        for minute in range(first, last + 1, 60 if span <= 720 else 120)
    ]
    return [
        _day(day, [s for s in sessions if s.day == day], venues, hours, first, span)
        for day in sorted({s.day for s in sessions})
    ]


def _day(
    day: str,
    sessions: Sequence[SessionView],
    venues: Sequence[VenueView],
    hours: Sequence[tuple[int, str]],
    first: int,
    span: int,
) -> Day:
    rows = [
        (venue, own) for venue in venues if (own := [s for s in sessions if s.venue == venue.id])
    ]
    bars = [
        Bar(
            one,
            LEFT + (_minutes(one.starts) - first) * WIDTH // span,
            28 + place * ROW,
            max((_minutes(one.ends) - _minutes(one.starts)) * WIDTH // span, 6),
        )
        for place, (_, own) in enumerate(rows)
        for one in own
    ]
    return Day(day, rows, bars, hours, 34 + ROW * len(rows))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
