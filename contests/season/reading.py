"""Reads a year's contests: one query a table, whatever the number of contests.

A contest belongs to the year of its day (`facts.held_on`), else of its competition's first day. Prizes are
read of published contests alone, and of the version that stands in public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contests.founding.tables import ProgrammeSession
from contests.season import counting
from contests.season.model import ContestSeason, SeasonContest
from contests.tables import Contest
from core.errors import ContestTypeMissing
from core.registry import registry
from core.scoring.model import Text
from core.security import Actor, Scope

Row = dict[str, Any]
_LONGEST = 60
"""Days of a competition without a programme that are counted; more is a mistyped date."""


@dataclass(frozen=True, slots=True)
class Held:
    """When and where the programme says that a contest is held."""

    days: frozenset[str]
    city: str


async def contest_season(
    by: Actor, year: int, *, this_year: int, organisation: UUID | None = None
) -> ContestSeason:
    """The contests that the reader may see, without the cancelled ones; demonstrations only where there
    is nothing else. year 0: this year, or the newest that has contests."""
    known = [row for row in await _contests(organisation) if by.may("contest.read", *_scopes(row))]
    years = sorted({_year(row) for row in known} - {0}, reverse=True)
    if not year:
        year = this_year if this_year in years or not years else years[0]
    rows = [row for row in known if _year(row) == year]
    real = [row for row in rows if not row["demonstration"]]
    return ContestSeason(year, years, await _lines(by, real or rows))


async def _contests(organisation: UUID | None) -> list[Row]:
    """Of all years, because the page offers those that there are. Light: no scheme and no rules."""
    asked = "" if organisation is None else " AND m.organisation = {}"
    values = () if organisation is None else (organisation,)
    rows: list[Row] = await Contest.raw(
        "SELECT c.id, c.title, c.state, c.type_code, c.type_version, c.facts, m.id AS competition,"  # noqa: S608 - placeholders alone
        " m.title AS competition_title, m.organisation, m.held_from, m.held_to, m.place, m.demonstration"
        " FROM contest c JOIN competition m ON m.id = c.competition WHERE c.state <> 'cancelled'"
        + asked
        + " ORDER BY m.held_from, m.code, c.code",
        *values,
    )
    for row in rows:
        row["facts"] = json.loads(row["facts"] or "{}")
    return rows


def _scopes(row: Mapping[str, Any]) -> tuple[Scope, ...]:
    return (
        Scope("contest", str(row["id"])),
        Scope("competition", str(row["competition"])),
        Scope("organisation", str(row["organisation"])),
    )


def _year(row: Mapping[str, Any]) -> int:
    """0 without a day."""
    typed = str(row["facts"].get("held_on") or row["held_from"])[:4]
    return int(typed) if typed.isascii() and typed.isdigit() else 0


async def _lines(by: Actor, rows: Sequence[Row]) -> list[SeasonContest]:
    if not rows:
        return []
    ids = [UUID(str(row["id"])) for row in rows]
    public = [UUID(str(row["id"])) for row in rows if row["state"] in ("published", "final")]
    entries = await counting.entries_of(ids)
    judges = await counting.judges_of(ids)
    marks = await counting.marks_of(ids)
    prizes = await counting.prizes_of(public)
    held = await _programme({UUID(str(row["competition"])) for row in rows})
    found = []
    for row in rows:
        id, scopes = str(row["id"]), _scopes(row)
        of_entries = entries.get(id, counting.NOBODY)
        programme = held.get(id)
        found.append(
            SeasonContest(
                id=id,
                organisation=str(row["organisation"]),
                competition_title=json.loads(row["competition_title"]),
                title=json.loads(row["title"]),
                type_title=_type_title(row),
                state=row["state"],
                city=programme.city if programme and programme.city else _stated_place(row),
                trade=str(row["facts"].get("occupation") or ""),
                days=programme.days if programme else _stated_days(row),
                entrants=max(_registered(row), of_entries.entrants),
                finalists=of_entries.finalists,
                judges=judges.get(id, frozenset()),
                delegations=of_entries.delegations,
                marks=marks.get(id, 0),
                prizes=prizes.get(id, ()),
                demonstration=bool(row["demonstration"]),
                sees_proposals=by.may("proposal.read", *scopes),
                sees_certificates=by.may("certificate.read", *scopes),
            )
        )
    return found


async def _programme(competitions: set[UUID]) -> dict[str, Held]:
    """Contest -> its days, and the city of its first session."""
    marks = ",".join("{}" for _ in competitions)
    rows: list[Row] = await ProgrammeSession.raw(
        "SELECT s.contest, s.day, v.city FROM programme_session s JOIN venue v ON v.id = s.venue"  # noqa: S608 - placeholders alone
        f" WHERE s.contest IS NOT NULL AND s.competition IN ({marks}) ORDER BY s.day, s.starts, s.id",
        *competitions,
    )
    found: dict[str, Held] = {}
    for row in rows:
        before = found.get(str(row["contest"]), Held(frozenset(), ""))
        days = before.days | {row["day"]}
        found[str(row["contest"])] = Held(days, before.city or row["city"].strip())
    return found


def _stated_place(row: Mapping[str, Any]) -> str:
    return str(row["facts"].get("place") or row["place"] or "").strip()


def _stated_days(row: Mapping[str, Any]) -> frozenset[str]:
    """Every day of the competition; where it states none, the contest's own."""
    try:
        first = date.fromisoformat(row["held_from"])
        last = date.fromisoformat(row["held_to"] or row["held_from"])
    except ValueError:
        own = str(row["facts"].get("held_on") or "")
        return frozenset({own} - {""})
    count = min(max((last - first).days, 0) + 1, _LONGEST)
    return frozenset((first + timedelta(days=n)).isoformat() for n in range(count))


def _registered(row: Mapping[str, Any]) -> int:
    """Those who had entered before a preliminary round, where the organiser states it."""
    stated = row["facts"].get("registered") or {}
    return sum(int(number) for number in stated.values())


def _type_title(row: Mapping[str, Any]) -> Text:
    try:
        return registry().contest_type(row["type_code"], row["type_version"]).title
    except ContestTypeMissing:
        return {"en": row["type_code"]}
