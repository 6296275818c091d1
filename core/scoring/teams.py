"""Delegations out of the results of a competition's contests (团体奖), or of one contest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from core.scoring.model import (
    EntryFacts,
    Prize,
    Standing,
    TeamFormula,
    TeamRule,
    TeamStanding,
    TiePolicy,
)


@dataclass(frozen=True, slots=True)
class TeamResult:
    """One ranked result that may count for its delegation."""

    contest: str
    entry: str
    delegation: str
    rank: int
    total: Fraction

    @property
    def name(self) -> str:
        return f"{self.contest}/{self.entry}" if self.contest else self.entry


def team_results(
    contest: str, entries: Iterable[EntryFacts], standings: Iterable[Standing]
) -> list[TeamResult]:
    """What one contest brings: ranked entries that belong to a delegation."""
    delegations = {entry.id: entry.delegation for entry in entries}
    return [
        TeamResult(contest, s.entry, delegations[s.entry], s.rank, s.total)
        for s in standings
        if s.rank is not None and s.total is not None and delegations.get(s.entry)
    ]


def rank_teams(
    rule: TeamRule, results: Sequence[TeamResult], rulings: Sequence[Sequence[str]] = ()
) -> tuple[TeamStanding, ...]:
    """By place, then delegation; those without enough results at the end, unranked.

    rulings: orders of delegations, for ties that `TiePolicy.NONE` forbids.
    """
    by_delegation: dict[str, list[TeamResult]] = defaultdict(list)
    for result in results:
        by_delegation[result.delegation].append(result)
    ranked: list[tuple[Fraction, str, tuple[str, ...]]] = []
    unranked: list[TeamStanding] = []
    for delegation, own in sorted(by_delegation.items()):
        counted = _counted(rule, own)
        names = tuple(result.name for result in counted)
        if len(counted) < max(1, rule.minimum):
            unranked.append(TeamStanding(delegation, None, None, names))
        else:
            ranked.append((_total(rule, counted), delegation, names))
    return (*_places(rule, ranked, rulings), *unranked)


def unresolved_teams(rule: TeamRule, standings: Sequence[TeamStanding]) -> list[tuple[str, ...]]:
    """Shared places that the rule forbids."""
    if rule.tie_policy is not TiePolicy.NONE:
        return []
    shared: dict[int, list[str]] = defaultdict(list)
    for standing in standings:
        if standing.shared and standing.rank is not None:
            shared[standing.rank].append(standing.delegation)
    return [tuple(names) for _, names in sorted(shared.items())]


def _counted(rule: TeamRule, own: Sequence[TeamResult]) -> list[TeamResult]:
    """Best first."""
    ordered = sorted(own, key=lambda r: (-_worth(rule, r), r.rank, r.name))
    if rule.formula is TeamFormula.JOINT:
        return ordered[:1]
    if rule.formula is TeamFormula.BEST or rule.best:
        return ordered[: rule.best or 1]
    return ordered


def _worth(rule: TeamRule, result: TeamResult) -> Fraction:
    if rule.formula is not TeamFormula.PLACE_POINTS:
        return result.total
    points = rule.points[result.rank - 1] if result.rank <= len(rule.points) else 0
    return Fraction(points, 1000)


def _total(rule: TeamRule, counted: Sequence[TeamResult]) -> Fraction:
    total = sum((_worth(rule, result) for result in counted), Fraction(0))
    return total / len(counted) if rule.formula is TeamFormula.MEAN else total


def _places(
    rule: TeamRule,
    ranked: list[tuple[Fraction, str, tuple[str, ...]]],
    rulings: Sequence[Sequence[str]],
) -> list[TeamStanding]:
    ranked.sort(key=lambda team: (-team[0], team[1]))
    found: list[TeamStanding] = []
    for total, equal in groupby(ranked, key=lambda team: team[0]):
        tied = {delegation: names for _, delegation, names in equal}
        order = _ruled(rule, tied, rulings)
        place = len(found) + 1
        for i, delegation in enumerate(order or tied):
            rank = place + i if order else place
            shared = order is None and len(tied) > 1
            prize = _prize(rule.prizes, rank)
            found.append(TeamStanding(delegation, rank, total, tied[delegation], shared, prize))
    return found


def _ruled(
    rule: TeamRule, tied: dict[str, tuple[str, ...]], rulings: Sequence[Sequence[str]]
) -> list[str] | None:
    if rule.tie_policy is not TiePolicy.NONE or len(tied) == 1:
        return None
    fitting = [list(order) for order in rulings if set(tied) <= set(order)]
    if not fitting:
        return None
    narrowest = min(fitting, key=lambda order: (len(order), order))
    return [delegation for delegation in narrowest if delegation in tied]


def _prize(prizes: Sequence[Prize], rank: int) -> str:
    """Equal places share the better prize, even when its number is exceeded."""
    behind = 0
    for prize in prizes:
        behind += int(prize.amount)
        if rank <= behind:
            return prize.code
    return ""
