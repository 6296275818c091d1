"""Prizes: proposed by the rules, confirmed by a person; and the delegations' standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.frame import Req, see_other, show
from admin.console.results.shared import ROOM, tabs_for
from admin.console.results.standings import Shown, shown, summary_if_any
from contests.actions.common import competition_scopes, contest_row, scopes_of
from contests.actions.competition import compute_team_standings
from contests.awarding import Proposal, confirm_prizes, proposals
from contests.exports.reading import Summary, delegations_of, names, team_names
from contests.queries import team_standings
from contests.routing import of_contest
from core.errors import JiangxinError
from core.scoring.model import Text
from core.scoring.numbers import decimal_text, rounded_text
from core.security import Actor, actor_in, requires

READS = [requires("contest.read_standings", of_contest)]
CONFIRMS = [requires("contest.close", of_contest)]
ADDED = 3
"""Empty lines for a prize that was not proposed."""
_NEXT = 30


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with the form, to be shown again."""

    prizes: Mapping[str, str] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    added: Sequence[tuple[str, str]] = ()
    reason: str = ""


@get("/console/contests/{contest:uuid}/results/prizes", guards=READS, include_in_schema=False)
async def prizes_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _prizes(request, contest)


@post("/console/contests/{contest:uuid}/results/prizes", guards=CONFIRMS, include_in_schema=False)
async def confirm(request: Req, contest: UUID) -> Response[Any]:
    form = await request.form()
    fields = {str(key): str(value) for key, value in form.multi_items()}
    found = await summary_if_any(contest)
    typed = _typed(fields, proposals(found) if found else [])
    try:
        await confirm_prizes(
            actor_in(request),
            contest,
            _chosen(typed, proposals(found) if found else []),
            decided=typed.decided,
            reason=typed.reason,
        )
    except JiangxinError as error:
        return await _prizes(request, contest, error, typed)
    return see_other(f"/console/contests/{contest}/results/prizes", "The prizes are confirmed.")


def _typed(fields: Mapping[str, str], proposed: Sequence[Proposal]) -> Typed:
    """Fields go by the proposal's place in the list."""
    return Typed(
        prizes={one.key: fields.get(f"prize-{n}", one.prize) for n, one in enumerate(proposed)},
        decided=frozenset(
            one.key for n, one in enumerate(proposed) if fields.get(f"decided-{n}") == "yes"
        ),
        added=[(fields.get(f"entry-{n}", ""), fields.get(f"added-{n}", "")) for n in range(ADDED)],
        reason=fields.get("reason", ""),
    )


def _chosen(typed: Typed, proposed: Sequence[Proposal]) -> list[dict[str, str]]:
    kept = [
        {"rule": one.rule, "prize": typed.prizes[one.key], "entry": one.entry}
        for one in proposed
        if typed.prizes[one.key]
    ]
    for entry, prize in typed.added:
        rule, _, code = prize.partition("|")
        if entry and code:
            kept.append({"rule": rule, "prize": code, "entry": entry})
    return kept


async def _prizes(
    request: Req, contest: UUID, error: JiangxinError | None = None, typed: Typed | None = None
) -> Response[bytes]:
    actor = actor_in(request)
    found = await summary_if_any(contest)
    proposed = proposals(found) if found else []
    who = await _who(found, proposed, actor) if found else {}
    confirmed = found.known.awards.get(found.version) if found else None
    return await show(
        request,
        "results/prizes.html",
        room=ROOM,
        contest=contest,
        error=error,
        tabs_shown=await tabs_for(contest, actor),
        found=found,
        proposed=proposed,
        who=who,
        typed=typed or Typed(),
        confirmed=confirmed,
        winners=_winners(found, who) if found else [],
        without=[one for one in who.values() if one.line.rank and not one.line.prizes][:_NEXT],
        added=range(ADDED),
        asked=decimal_text,
        may=found is not None
        and found.state == "closed"
        and actor.may("contest.close", *await scopes_of(contest)),
    )


async def _who(found: Summary, proposed: Sequence[Proposal], actor: Actor) -> dict[str, Shown]:
    """Everybody whom this page may name: who is proposed or has a prize, and those who follow."""
    wanted = {one.entry for one in proposed}
    lines = [line for line in found.lines if line.entry in wanted or line.prizes]
    lines += [line for line in found.lines if line.rank and line not in lines][:_NEXT]
    known = await names(found.contest, [line.entry for line in lines], by=actor)
    teams = await team_names(found.contest, by=actor)
    return {line.entry: shown(line, known, teams) for line in lines}


def _winners(found: Summary, who: Mapping[str, Shown]) -> list[tuple[Text, Shown]]:
    """(prize, entry) as they stand: confirmed, else proposed."""
    return [
        (found.prize_title(rule.code, prize.code), who[line.entry])
        for rule in found.rules.awards
        for prize in rule.prizes
        for line in found.lines
        if (rule.code, prize.code) in line.prizes
    ]


# --- delegations ---------------------------------------------------------------------------------


@get("/console/contests/{contest:uuid}/results/teams", guards=READS, include_in_schema=False)
async def teams_page(request: Req, contest: UUID) -> Response[bytes]:
    return await _teams(request, contest)


@post("/console/contests/{contest:uuid}/results/teams", guards=READS, include_in_schema=False)
async def compute_teams(request: Req, contest: UUID) -> Response[Any]:
    competition = (await contest_row(contest))["competition"]
    try:
        await compute_team_standings(actor_in(request), competition)
    except JiangxinError as error:
        return await _teams(request, contest, error)
    return see_other(
        f"/console/contests/{contest}/results/teams", "The delegations' standings are computed."
    )


async def _teams(
    request: Req, contest: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    actor = actor_in(request)
    competition = (await contest_row(contest))["competition"]
    computed, body = await team_standings(competition)
    titles = dict((await delegations_of(competition)).values())
    by_id = {str(id_): title for id_, (_, title) in (await delegations_of(competition)).items()}
    prizes = {p["code"]: p["title"] for p in body.get("rule", {}).get("prizes", ())}
    return await show(
        request,
        "results/teams.html",
        room=ROOM,
        contest=contest,
        error=error,
        tabs_shown=await tabs_for(contest, actor),
        teams=[
            (
                one,
                titles.get(one.delegation) or by_id.get(one.delegation) or {"en": one.delegation},
                "" if one.total is None else rounded_text(one.total, 2),
                prizes.get(one.prize, {}),
            )
            for one in computed
        ],
        may=actor.may("contest.publish", *await competition_scopes(competition)),
    )


HANDLERS: list[Any] = [prizes_page, confirm, teams_page, compute_teams]
