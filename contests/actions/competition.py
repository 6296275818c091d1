"""The competition's own log: team awards that quote the heads of its contests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, competition_scopes, moment, who
from contests.log import AFTER_CLOSING, writing_competition
from contests.outcome import stored_results
from contests.preparing import entries_of
from contests.replay import rules_hash
from contests.tables import Contest
from core import audit
from core.db import transaction
from core.errors import NotReady
from core.scoring import TeamResult, rank_teams, team_results, unresolved_teams
from core.scoring.codec import canonical, from_json, to_json
from core.scoring.model import Finding, TeamRule, TeamStanding
from core.security import Actor, Scope, check


async def save_team_rule(by: Actor, competition: UUID, rule: TeamRule) -> None:
    """How delegations are ranked; until the first team standings are computed."""
    from contests.tables import Competition

    check(by, "competition.configure", *await competition_scopes(competition))
    async with transaction():
        await Competition.update({Competition.team_rule: canonical(rule).decode()}).where(
            Competition.id == competition
        )
        scope = Scope("competition", str(competition))
        await audit.record(by, "save_team_rule", scope=scope, subject=rule.code)


async def compute_team_standings(
    by: Actor, competition: UUID, *, now: datetime | None = None
) -> tuple[TeamStanding, ...]:
    """Ranks the delegations out of every contest, each closed at least, and logs it."""
    check(by, "contest.publish", *await competition_scopes(competition))
    row = await competition_row(competition)
    if not row["team_rule"]:
        raise NotReady([Finding("/team_rule", "team-rule-missing", {})])
    rule = from_json(TeamRule, json.loads(row["team_rule"]))
    async with transaction(), writing_competition(competition, now=moment(now)) as log:
        contests = await _contests(competition)
        standings = rank_teams(rule, [one for c in contests for one in await _of_contest(c)])
        unresolved = unresolved_teams(rule, standings)
        if unresolved:
            raise NotReady(
                [Finding("", "team-tie", {"delegations": ", ".join(t)}) for t in unresolved]
            )
        log.add("team_standings", _body(rule, contests, standings, by))
        scope = Scope("competition", str(competition))
        await audit.record(by, "compute_team_standings", scope=scope, subject=rule.code)
    return standings


def _body(
    rule: TeamRule, contests: list[dict[str, Any]], standings: Sequence[TeamStanding], by: Actor
) -> dict[str, Any]:
    return {
        "rule": to_json(rule),
        "rule_hash": rules_hash(canonical(rule).decode()),
        "contests": [
            {
                "id": str(contest["id"]),
                "head": contest["head"],
                "length": contest["length"],
                "result_version": contest["result_version"],
            }
            for contest in contests
        ],
        "standings": [to_json(standing) for standing in standings],
        "by": who(by),
    }


async def _of_contest(contest: dict[str, Any]) -> list[TeamResult]:
    results = await stored_results(contest["id"], contest["result_version"])
    entries = [e for e in await entries_of(contest["id"]) if not e.trial]
    return team_results(contest["code"], entries, results.standings)


async def _contests(competition: UUID) -> list[dict[str, Any]]:
    rows = (
        await Contest.select(
            Contest.id,
            Contest.code,
            Contest.state,
            Contest.head,
            Contest.length,
            Contest.result_version,
        )
        .where(Contest.competition == competition, Contest.state != "cancelled")
        .order_by(Contest.code)
    )
    open_ = [row for row in rows if row["state"] not in AFTER_CLOSING]
    if open_ or not rows:
        raise NotReady(
            [
                Finding("/contests", "contest-not-closed", {"code": r["code"], "state": r["state"]})
                for r in open_
            ]
            or [Finding("/contests", "no-contests", {})]
        )
    return rows
