"""Who would get which prize: proposed with the rounding shown, confirmed by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from core.scoring.book import counted_entries
from core.scoring.model import (
    AwardBase,
    AwardCount,
    AwardMethod,
    AwardProposal,
    AwardRule,
    Outcome,
    Prize,
    Record,
    Rules,
    Standing,
)
from core.scoring.numbers import decimal_text, half_up

BOUNDARY = "tie at the boundary"
RULING = "tie at the boundary: the chief referee decides"
MERIT = "merit"
MEDALS = 3


@dataclass(frozen=True, slots=True)
class Share:
    """asked: what the rule says, before rounding; count: how many prizes."""

    prize: Prize
    asked: Fraction
    count: int


def propose(
    rules: Rules, record: Record, standings: Sequence[Standing]
) -> tuple[list[AwardProposal], list[AwardCount]]:
    """By rule, group, place and entry. `Standing.rank` must be final for the proposals to be."""
    proposals: list[AwardProposal] = []
    counts: list[AwardCount] = []
    for rule in rules.awards:
        for group, members in _groups(rule, standings).items():
            base = _base(rule, group, record, members)
            if rule.method is AwardMethod.VOTE:
                _vote(rule, group, record, members, proposals, counts)
            elif rule.method is AwardMethod.MEDALS:
                _medals(rule, group, base, _winners(rule, members), proposals, counts)
            else:
                _by_place(rule, group, base, _winners(rule, members), proposals, counts)
    return proposals, counts


def _groups(rule: AwardRule, standings: Sequence[Standing]) -> Mapping[str, list[Standing]]:
    """A rule without a group holds for each group by itself; a vote is one for all."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        if rule.group in ("", standing.group):
            one_for_all = rule.method is AwardMethod.VOTE
            found[rule.group if one_for_all else standing.group].append(standing)
    return dict(sorted(found.items()))


def _winners(rule: AwardRule, members: Sequence[Standing]) -> list[Standing]:
    least = Fraction(rule.minimum, 1000) if rule.minimum is not None else None
    return [
        standing
        for standing in members
        if standing.rank is not None
        and (least is None or (standing.total is not None and standing.total >= least))
    ]


def _base(rule: AwardRule, group: str, record: Record, members: Sequence[Standing]) -> int:
    if rule.base is AwardBase.PRESENT:
        return sum(standing.status is not Outcome.DNS for standing in members)
    registered = {group: record.registered.get(group)} if rule.group or group else record.registered
    known = [number for number in registered.values() if number is not None]
    if known:
        return sum(known)
    return sum(entry.group == group for entry in counted_entries(record))


# --- counts, shares, ratio: by place ------------------------------------------------------------


def _by_place(
    rule: AwardRule,
    group: str,
    base: int,
    winners: Sequence[Standing],
    proposals: list[AwardProposal],
    counts: list[AwardCount],
) -> None:
    behind = 0
    for share in _shares(rule, base):
        first, last = behind + 1, behind + share.count
        behind = last
        chosen = [s for s in winners if s.rank is not None and first <= s.rank <= last]
        crossing = _crossing(winners, last)
        for standing in chosen:
            flags = [_rounding_flag(share)]
            if standing.rank == crossing:
                flags.insert(0, RULING if rule.ties == "rule" else BOUNDARY)
            flagged = "; ".join(filter(None, flags))
            proposals.append(
                AwardProposal(rule.code, share.prize.code, standing.entry, standing.rank, flagged)
            )
        counts.append(
            AwardCount(rule.code, share.prize.code, group, base, share.asked, len(chosen))
        )


def _crossing(winners: Sequence[Standing], last: int) -> int | None:
    """The place that begins within the first `last` positions and ends after them."""
    places = sorted(standing.rank for standing in winners if standing.rank is not None)
    for place, equal in groupby(places):
        if place <= last < place + len(list(equal)) - 1:
            return place
    return None


def _rounding_flag(share: Share) -> str:
    return "" if share.asked == share.count else f"rounded from {_shown(share.asked)}"


def _shown(value: Fraction) -> str:
    return decimal_text(half_up(value, 2))


def _shares(rule: AwardRule, base: int) -> list[Share]:
    if rule.method is AwardMethod.COUNTS:
        return [Share(prize, prize.amount, int(prize.amount)) for prize in rule.prizes]
    if rule.method is AwardMethod.SHARES:
        asked = [(prize, prize.amount * base) for prize in rule.prizes]
        return [Share(prize, amount, _round(amount, rule.rounding)) for prize, amount in asked]
    return _ratio(rule, base)


def _ratio(rule: AwardRule, base: int) -> list[Share]:
    """1:2:3 of at most the cap, the lowest prize giving way; merit for the rest of its share."""
    prizes = [prize for prize in rule.prizes if prize.code != MERIT]
    parts = sum((prize.amount for prize in prizes), Fraction(0))
    capped = (rule.cap if rule.cap is not None else Fraction(1)) * base
    asked = [capped * prize.amount / parts for prize in prizes] if parts else []
    counts = [_round(amount, rule.rounding) for amount in asked]
    excess = max(0, sum(counts) - int(capped))
    for i in reversed(range(len(counts))):
        given_up = min(excess, counts[i])
        counts[i] -= given_up
        excess -= given_up
    shares = [Share(*values) for values in zip(prizes, asked, counts, strict=True)]
    merit = next((prize for prize in rule.prizes if prize.code == MERIT), None)
    if merit is not None and rule.merit is not None:
        rest = max(Fraction(0), rule.merit * base - sum(counts))
        shares.append(Share(merit, rest, int(rest)))
    return shares


def _round(amount: Fraction, rounding: str) -> int:
    if rounding == "down":
        return int(amount)
    return -int(-amount // 1) if rounding == "up" else int(half_up(amount, 0))


# --- medals with a points window ----------------------------------------------------------------


def _medals(
    rule: AwardRule,
    group: str,
    base: int,
    winners: Sequence[Standing],
    proposals: list[AwardProposal],
    counts: list[AwardCount],
) -> None:
    medals = _medal_winners(winners, Fraction(rule.within, 1000))
    for prize, chosen in zip(rule.prizes[:MEDALS], medals, strict=False):
        shared = BOUNDARY if len(chosen) > 1 else ""
        proposals += [AwardProposal(rule.code, prize.code, s.entry, s.rank, shared) for s in chosen]
        counts.append(AwardCount(rule.code, prize.code, group, base, prize.amount, len(chosen)))
    rewarded = {standing.entry for chosen in medals for standing in chosen}
    for prize in rule.prizes[MEDALS:]:
        reached = [
            s
            for s in winners
            if s.entry not in rewarded and s.total is not None and s.total >= prize.amount
        ]
        rewarded |= {standing.entry for standing in reached}
        proposals += [AwardProposal(rule.code, prize.code, s.entry, s.rank) for s in reached]
        counts.append(
            AwardCount(rule.code, prize.code, group, base, Fraction(len(reached)), len(reached))
        )


def _medal_winners(
    winners: Sequence[Standing], within: Fraction
) -> tuple[list[Standing], list[Standing], list[Standing]]:
    """Two golds leave no silver; three leave a bronze only within the window of the last gold, as
    two silvers do of the last silver."""
    left = list(winners)
    gold = _window(left, within)
    silver: list[Standing] = []
    if len(gold) == 1:
        silver = _window(left, within)
    if len(gold) > 2:
        bronze = _window(left, within, after=gold[-1])
    elif len(silver) > 1:
        bronze = _window(left, within, after=silver[-1])
    else:
        bronze = _window(left, within)
    return gold, silver, bronze


def _window(
    left: list[Standing], within: Fraction, after: Standing | None = None
) -> list[Standing]:
    """Takes the next and everybody within the window of him (or of `after`) from `left`."""
    if not left:
        return []
    first = after or left[0]
    taken = [s for s in left if (first.total or 0) - (s.total or 0) <= within]
    del left[: len(taken)]
    return taken


# --- votes --------------------------------------------------------------------------------------


def _vote(
    rule: AwardRule,
    group: str,
    record: Record,
    members: Sequence[Standing],
    proposals: list[AwardProposal],
    counts: list[AwardCount],
) -> None:
    """The most votes; an entry without a place in the ranking may win, a disqualified one not."""
    votes = record.votes.get(rule.panel, {})
    excluded = (Outcome.DSQ, Outcome.VOID, Outcome.DNS)
    running = [s for s in members if s.status not in excluded and votes.get(s.entry, 0) > 0]
    ranked = sorted(running, key=lambda s: (-votes[s.entry], s.entry))
    behind, taken = 0, 0
    for prize in rule.prizes:
        number = int(prize.amount)
        behind += number
        chosen = ranked[taken : max(taken, behind)]
        while chosen and taken + len(chosen) < len(ranked):
            following = ranked[taken + len(chosen)]
            if votes[following.entry] != votes[chosen[-1].entry]:
                break
            chosen.append(following)
        flagged = ""
        if taken + len(chosen) > behind:
            flagged = RULING if rule.ties == "rule" else BOUNDARY
        last = votes[chosen[-1].entry] if chosen else 0
        for standing in chosen:
            flag = flagged if votes[standing.entry] == last else ""
            proposals.append(AwardProposal(rule.code, prize.code, standing.entry, None, flag))
        counts.append(
            AwardCount(rule.code, prize.code, group, sum(votes.values()), prize.amount, len(chosen))
        )
        taken += len(chosen)
