"""What everybody may see of a contest: nothing before publication, then places, prizes and, where the
organiser declared it (`facts.public_names`), names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.breakdown import total_text
from contests.queries import StandingsView, standings, team_standings
from contests.tables import Competition, Contest, Delegation
from core.scoring.model import Standing, Text
from core.scoring.numbers import rounded_text
from core.security import SYSTEM

PUBLIC_STATES = ("published", "final")


@dataclass(frozen=True, slots=True)
class Line:
    """One place. who: names, the team's name or the code of the work, in this order of right."""

    rank: int | None
    shared: bool
    who: str
    delegation: Text
    total: str
    status: str
    prizes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """state: as far as the public may know it; groups: (title, lines), empty before publication."""

    contest: UUID
    title: Text
    competition: UUID
    competition_title: Text
    demonstration: bool
    state: str
    notice_until: datetime | None = None
    version: int = 0
    corrected: bool = False
    groups: Sequence[tuple[Text, Sequence[Line]]] = ()

    @property
    def published(self) -> bool:
        return self.state in PUBLIC_STATES


@dataclass(frozen=True, slots=True)
class TeamLine:
    rank: int | None
    shared: bool
    delegation: Text
    total: str
    prize: Text


async def published_contests() -> list[Board]:
    """Every published contest, the newest competition first; without its lines."""
    contests = (
        await Contest.select()
        .where(Contest.state.is_in(list(PUBLIC_STATES)))
        .order_by(Contest.code)
    )
    wanted = {row["competition"] for row in contests}
    rows = await Competition.select().where(Competition.id.is_in(list(wanted))) if wanted else []
    held = {row["id"]: row for row in rows}
    boards = [_head(row, held[row["competition"]]) for row in contests]
    return sorted(boards, key=lambda board: held[board.competition]["held_to"], reverse=True)


async def board_of(contest: UUID) -> Board:
    """One contest as the public may see it. Raises NotFound."""
    row = await contest_row(contest)
    head = _head(row, await competition_row(row["competition"]))
    if not head.published:
        return head
    facts = json.loads(row["facts"])
    view = await standings(contest, by=SYSTEM if facts.get("public_names") else None)
    delegations = await _delegations(row["competition"])
    groups: dict[str, list[Line]] = {}
    for standing in view.results.standings:
        line = _line(standing, view, delegations)
        groups.setdefault(standing.group, []).append(line)
    titles = view.rules.group_titles
    return Board(
        contest=head.contest,
        title=head.title,
        competition=head.competition,
        competition_title=head.competition_title,
        demonstration=head.demonstration,
        state=head.state,
        notice_until=row["notice_until"],
        version=view.version,
        corrected=bool(view.reason),
        groups=[(titles.get(group, {"zh-Hans": group}), lines) for group, lines in groups.items()],
    )


async def lines_of(contest: UUID, version: int) -> dict[str, Line]:
    """Entry -> its line in one version, as the public may see it."""
    row = await contest_row(contest)
    public = json.loads(row["facts"]).get("public_names")
    view = await standings(contest, version=version, by=SYSTEM if public else None)
    delegations = await _delegations(row["competition"])
    return {one.entry: _line(one, view, delegations) for one in view.results.standings}


async def published_teams(competition: UUID) -> list[TeamLine]:
    """The team award, once every contest of the competition is published."""
    states = await Contest.select(Contest.state).where(
        Contest.competition == competition, Contest.state != "cancelled"
    )
    if not states or any(row["state"] not in PUBLIC_STATES for row in states):
        return []
    computed, body = await team_standings(competition)
    prizes = {p["code"]: p["title"] for p in body.get("rule", {}).get("prizes", ())}
    known = await _delegations(competition, by_id=True)
    return [
        TeamLine(
            rank=team.rank,
            shared=team.shared,
            delegation=known.get(team.delegation, {}),
            total="" if team.total is None else rounded_text(team.total, 2),
            prize=prizes.get(team.prize, {}),
        )
        for team in computed
    ]


def _head(row: Mapping[str, Any], held: Mapping[str, Any]) -> Board:
    state = row["state"]
    return Board(
        contest=row["id"],
        title=json.loads(row["title"]),
        competition=held["id"],
        competition_title=json.loads(held["title"]),
        demonstration=held["demonstration"],
        state=state if state in PUBLIC_STATES else "not_published",
        notice_until=row["notice_until"] if state in PUBLIC_STATES else None,
    )


def _line(standing: Standing, view: StandingsView, delegations: Mapping[str, Text]) -> Line:
    entry = standing.entry
    titles = {(r.code, p.code): p.title for r in view.rules.awards for p in r.prizes}
    return Line(
        rank=standing.rank,
        shared=standing.shared,
        who=_who(entry, view),
        delegation=delegations.get(view.delegations.get(entry, ""), {}),
        total=total_text(standing.total, view.rules),
        status=str(standing.status),
        prizes=tuple(titles[won] for won in view.prizes.get(entry, ()) if won in titles),
    )


def _who(entry: str, view: StandingsView) -> str:
    if view.names is not None and any(view.names.get(entry, ())):
        return "、".join(name for name in view.names[entry] if name)
    return " / ".join(view.codes.get(entry, {}).values())


async def _delegations(competition: UUID, *, by_id: bool = False) -> dict[str, Text]:
    rows = await Delegation.select().where(Delegation.competition == competition)
    return {str(r["id"]) if by_id else r["code"]: json.loads(r["title"]) for r in rows}
