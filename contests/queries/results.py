"""Standings, how they came about, and team awards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import contest_row
from contests.log import read
from contests.outcome import prizes_of
from contests.profile import shared_duties_of
from contests.queries.people import delegations_of, names_for
from contests.replay import Replayed, Version, replay
from contests.scoring import preview, read_results
from contests.tables import Entry, LogEntry, ResultRow
from contests.texts import texts_of
from core.errors import NotFound
from core.scoring import Step, explain
from core.scoring.codec import from_json
from core.scoring.model import (
    AspectScore,
    Results,
    Rules,
    Scheme,
    TeamStanding,
)
from core.security import Actor


@dataclass(frozen=True, slots=True)
class StandingsView:
    """One stored version; prizes: entry -> (rule, prize); delegations: entry -> code."""

    contest: UUID
    version: int
    reason: str
    rules_hash: str
    log_head: str
    created_at: datetime | None
    scheme: Scheme
    rules: Rules
    results: Results
    prizes: Mapping[str, tuple[tuple[str, str], ...]]
    delegations: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    """Entry -> module -> code, once opened."""
    names: Mapping[str, Sequence[str]] | None = None


async def standings(
    contest: UUID, *, version: int | None = None, by: Actor | None = None
) -> StandingsView:
    """A stored version, by default the newest. NotFound before the first closing."""
    row = await contest_row(contest)
    number = row["result_version"] if version is None else version
    stored = (
        await ResultRow.select().where(ResultRow.id == uuid5(contest, f"results|{number}")).first()
    )
    if stored is None:
        raise NotFound(kind="result version", id=number)
    known = replay(await read(contest))
    results = read_results(stored["body"])
    return await _view(contest, known, results, by, stored)


async def standings_preview(contest: UUID, *, by: Actor | None = None) -> StandingsView:
    """What the standings would be now, between opening the codes and closing; version 0."""
    known = replay(await read(contest))
    results = preview(known)
    if results is None:
        raise NotFound(kind="standings of contest", id=contest)
    return await _view(contest, known, results, by, {})


async def explanation(contest: UUID, entry: UUID, *, version: int | None = None) -> list[Step]:
    """How one total came about; judges stand by their seats. In a small contest it ends with the
    duties that one person held."""
    view = await standings(contest, version=version)
    shared = await shared_duties_of(contest)
    return [
        *explain_entry(view, str(entry)),
        *await leavings(contest),
        *(Step("shared-duties", {"role": " / ".join(one.duties)}) for one in shared),
    ]


async def leavings(contest: UUID) -> list[Step]:
    """Every judge who left in the middle: what the chief referee chose, and why."""
    known = replay(await read(contest))
    if not known.left:
        return []
    texts = await texts_of(contest)
    seats = {facts.id: facts.seat for facts in known.appointments.values()}
    return [
        Step(
            f"left-{one.policy}",
            {
                "seat": seats.get(one.judge, one.judge),
                "substitute": seats.get(one.substitute, ""),
                "reason": texts.get(one.reason_hash) or "—",
            },
        )
        for one in known.left.values()
    ]


def explain_entry(view: StandingsView, entry: str) -> list[Step]:
    try:
        return explain(view.scheme, view.rules, view.results, entry)
    except KeyError:
        raise NotFound(kind="standing of entry", id=entry) from None


async def versions(contest: UUID) -> Sequence[Version]:
    """Every result version, with its hashes and reason."""
    return replay(await read(contest)).versions


async def team_standings(competition: UUID) -> tuple[list[TeamStanding], dict[str, Any]]:
    """The last computed team award and the log body it stands in; ([], {}) before the first."""
    row = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == competition, LogEntry.kind == "team_standings")
        .order_by(LogEntry.seq, ascending=False)
        .first()
    )
    if row is None:
        return [], {}
    body = json.loads(row["body"])
    return [from_json(TeamStanding, one) for one in body["standings"]], body


async def _view(
    contest: UUID,
    known: Replayed,
    results: Results,
    by: Actor | None,
    stored: Mapping[str, Any],
) -> StandingsView:
    if known.frozen is None:
        raise NotFound(kind="frozen rules of contest", id=contest)
    rows = await Entry.select(Entry.id, Entry.delegation).where(Entry.contest == contest)
    version = stored.get("version", 0)
    return StandingsView(
        contest=contest,
        version=version,
        reason=stored.get("reason", ""),
        rules_hash=stored.get("rules_hash", known.frozen.rules_hash),
        log_head=stored.get("log_head", ""),
        created_at=stored.get("created_at"),
        scheme=known.frozen.scheme,
        rules=known.frozen.rules,
        results=_with_seats(results, known),
        prizes=prizes_of(results, known, version),
        delegations=await delegations_of(rows),
        codes=_codes_by_entry(known),
        names=await names_for(contest, by) if by is not None else None,
    )


def _with_seats(results: Results, known: Replayed) -> Results:
    """Judges by seat instead of appointment id, as the papers name them."""
    seats = {facts.id: facts.seat for facts in known.appointments.values()}

    def seated(score: AspectScore) -> AspectScore:
        return replace(
            score,
            used=tuple((seats.get(judge, judge), value) for judge, value in score.used),
            dropped=tuple((seats.get(judge, judge), value) for judge, value in score.dropped),
            vacant=tuple(seats.get(judge, judge) for judge in score.vacant),
        )

    return replace(results, aspects=tuple(seated(score) for score in results.aspects))


def _codes_by_entry(known: Replayed) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for module, codes in known.opened.items():
        for code, entry in codes.items():
            found.setdefault(entry, {})[module] = code
    return found
