"""Totals to places, group by group, with the key that decided each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from core.scoring.combine import EntryResult
from core.scoring.model import Outcome, PlaceRuling, Standing, TieBreak, TieKey, TiePolicy
from core.scoring.modules import criterion_sums
from core.scoring.plan import Amount, Plan

Decided = list[tuple[list[EntryResult], str]]
"""Best first; several entries together share the place."""


def rank(
    plan: Plan, results: Sequence[EntryResult], rulings: Sequence[PlaceRuling]
) -> tuple[list[Standing], list[tuple[str, ...]]]:
    """(standings by group, place and entry; ties that `TiePolicy.NONE` forbids)."""
    groups: dict[str, list[EntryResult]] = defaultdict(list)
    for result in results:
        groups[result.facts.group].append(result)
    standings: list[Standing] = []
    unresolved: list[tuple[str, ...]] = []
    for group in sorted(groups):
        _rank_group(plan, groups[group], rulings, standings, unresolved)
    return standings, unresolved


def _rank_group(
    plan: Plan,
    members: Sequence[EntryResult],
    rulings: Sequence[PlaceRuling],
    standings: list[Standing],
    unresolved: list[tuple[str, ...]],
) -> None:
    ranked = [result for result in members if result.status is Outcome.SCORED]
    place = 1
    for together, decided_by in _decide(plan, ranked, rulings):
        if decided_by == "unresolved":
            unresolved.append(tuple(sorted(result.facts.id for result in together)))
        for result in together:
            standings.append(_standing(plan, result, place, decided_by, shared=len(together) > 1))
        place += len(together)
    for result in members:
        if result.status is not Outcome.SCORED:
            standings.append(_standing(plan, result, None, result.reason, shared=False))


def _standing(
    plan: Plan, result: EntryResult, place: int | None, decided_by: str, *, shared: bool
) -> Standing:
    total, exact = result.total, result.exact
    return Standing(
        entry=result.facts.id,
        group=result.facts.group,
        rank=place,
        total=None if total is None else plan.points(total),
        exact=None if exact is None else plan.points(exact),
        status=result.status,
        decided_by=decided_by,
        shared=shared,
    )


def _decide(
    plan: Plan, ranked: list[EntryResult], rulings: Sequence[PlaceRuling]
) -> Iterable[tuple[list[EntryResult], str]]:
    ordered = sorted(ranked, key=_total, reverse=True)
    if plan.rules.tie_policy is TiePolicy.WITHIN:
        yield from _within(ordered, plan.amount(plan.rules.tie_within))
        return
    for _, equal in groupby(ordered, key=_total):
        tied = list(equal)
        if len(tied) == 1:
            yield tied, "total"
            continue
        for together, decided_by in _break(plan, tied, plan.tie_breaks):
            yield from _settle_tie(plan, together, decided_by, rulings)


def _within(ordered: list[EntryResult], window: Amount) -> Iterable[tuple[list[EntryResult], str]]:
    """Shared with the first of the group, never from neighbour to neighbour down the list."""
    while ordered:
        first = _total(ordered[0])
        together = [result for result in ordered if first - _total(result) <= window]
        ordered = ordered[len(together) :]
        yield sorted(together, key=lambda r: r.facts.id), "shared" if together[1:] else "total"


def _break(plan: Plan, tied: list[EntryResult], keys: Sequence[tuple[str, TieBreak]]) -> Decided:
    """Splits by the first key that differs, then each remainder by the keys after it."""
    for i, (text, key) in enumerate(keys):
        values = {id(result): _value(plan, result, key) for result in tied}
        if len(set(values.values())) == 1:
            continue
        decided: Decided = []
        best_first = sorted(tied, key=lambda r: values[id(r)], reverse=True)
        for _, equal in groupby(best_first, key=lambda r: values[id(r)]):
            part = list(equal)
            decided += [(part, text)] if len(part) == 1 else _break(plan, part, keys[i + 1 :])
        return decided
    return [(sorted(tied, key=lambda r: r.facts.id), "shared")]


def _value(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    """Larger is better; what is absent stays worst when a rule prefers the smaller."""
    known, amount = _KEYS[tie.key](plan, result, tie)
    larger_is_better = tie.descending or tie.key is TieKey.TIME
    return known, amount if larger_is_better else -amount


def _settle_tie(
    plan: Plan, together: list[EntryResult], decided_by: str, rulings: Sequence[PlaceRuling]
) -> Iterable[tuple[list[EntryResult], str]]:
    if len(together) == 1 or plan.rules.tie_policy is TiePolicy.SHARED:
        yield together, decided_by
        return
    tied = {result.facts.id: result for result in together}
    order = _ruled_order(tied, rulings)
    if order is None:
        yield together, "unresolved"
        return
    for entry in order:
        yield [tied[entry]], "ruling"


def _ruled_order(tied: Iterable[str], rulings: Sequence[PlaceRuling]) -> list[str] | None:
    """The narrowest ruling that names all of them."""
    names = set(tied)
    fitting = [ruling.entries for ruling in rulings if names <= set(ruling.entries)]
    if not fitting:
        return None
    narrowest = min(fitting, key=lambda entries: (len(entries), entries))
    return [entry for entry in narrowest if entry in names]


def _total(result: EntryResult) -> Amount:
    assert result.total is not None
    return result.total


# --- tie-break keys: (known, amount), so that what is absent is worse than anything --------------

Known = tuple[int, Amount]
WORST: Known = (0, 0)


def _known(amount: Amount | None) -> Known:
    return WORST if amount is None else (1, amount)


def _module(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    module = result.modules.get(tie.id)
    return _known(module.score if module else None)


def _criterion(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    for module in result.modules.values():
        for i, (criterion, *_) in enumerate(module.plan.criteria):
            if criterion == tie.id:
                absent = module.score is None
                return WORST if absent else (1, criterion_sums(plan, module.plan, module.awards)[i])
    return WORST


def _aspect(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    for module in result.modules.values():
        for aspect, award in zip(module.plan.aspects, module.awards, strict=True):
            if aspect.aspect.id == tie.id:
                return _known(award)
    return WORST


def _time(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    """Seconds of the module, or of every timed module: less is better, no time is worst."""
    if tie.id:
        module = result.modules.get(tie.id)
        timings = [module.timing if module else None]
    else:
        timed = [module.timing for module in result.modules.values()]
        timings = [timing for timing in timed if timing is not None] or [None]
    if None in timings:
        return WORST
    return 1, -sum(timing.net for timing in timings if timing is not None)


def _unrounded(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    return _known(result.exact)


def _count_best(plan: Plan, result: EntryResult, tie: TieBreak) -> Known:
    best = 0
    for module in result.modules.values():
        for aspect, panel in zip(module.plan.aspects, module.panels(), strict=True):
            maximum = aspect.aspect.maximum
            best += panel is not None and maximum is not None and panel == plan.amount(maximum)
    return 1, best


_KEYS: dict[TieKey, Callable[[Plan, EntryResult, TieBreak], Known]] = {
    TieKey.MODULE: _module,
    TieKey.CRITERION: _criterion,
    TieKey.ASPECT: _aspect,
    TieKey.TIME: _time,
    TieKey.UNROUNDED: _unrounded,
    TieKey.COUNT_BEST: _count_best,
}
