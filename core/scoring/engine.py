"""`score`: a scheme, rules and a record to results. Pure: no clock, no random, no I/O, no float."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from core.scoring.awards import propose
from core.scoring.book import open_book
from core.scoring.calculator import Calculator
from core.scoring.combine import EntryResult, combine
from core.scoring.model import (
    AspectScore,
    ModuleScore,
    Record,
    Results,
    Rules,
    Scheme,
    Standing,
)
from core.scoring.modules import ModuleResult, careful, swift
from core.scoring.panel import Settled
from core.scoring.plan import Amount, Plan, make_plan
from core.scoring.rank import rank

ENGINE_VERSION = 1
"""Stored in every frozen body; raised whenever a published score could come out differently."""


def score(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> Results:
    """Everything: places, modules, every aspect with its marks, and proposed awards.

    calculators: those of the contest type, beside the standard ones. Raises CalculatorMissingError.
    """
    plan = make_plan(scheme, rules, calculators)
    entries = combine(plan, open_book(record), careful)
    standings, unresolved = rank(plan, entries, record.places)
    proposals, counts = propose(rules, record, standings)
    return Results(
        standings=tuple(standings),
        modules=tuple(_module_scores(plan, entries)),
        aspects=tuple(_aspect_scores(plan, entries)),
        awards=tuple(proposals),
        counts=tuple(counts),
        unresolved=tuple(unresolved),
    )


def standings(
    scheme: Scheme, rules: Rules, record: Record, calculators: Sequence[Calculator] = ()
) -> tuple[Standing, ...]:
    """The same places and totals without the rest: for thousands of entries and live boards."""
    plan = make_plan(scheme, rules, calculators)
    entries = combine(plan, open_book(record), swift)
    return tuple(rank(plan, entries, record.places)[0])


def _module_scores(plan: Plan, entries: Iterable[EntryResult]) -> Iterable[ModuleScore]:
    for entry in entries:
        for module_id, module in entry.modules.items():
            timing = module.timing
            yield ModuleScore(
                entry=entry.facts.id,
                module=module_id,
                outcome=module.outcome,
                score=_points(plan, module.score),
                exact=_points(plan, module.sum),
                penalty=plan.points(module.penalty),
                attempt=module.attempt,
                gross=timing.gross if timing else None,
                compensation=timing.compensation if timing else None,
            )


def _aspect_scores(plan: Plan, entries: Iterable[EntryResult]) -> Iterable[AspectScore]:
    for entry in entries:
        for module_id, module in entry.modules.items():
            for settled in module.settled:
                if settled is not None:
                    yield _aspect_score(plan, entry.facts.id, module_id, module, settled)


def _aspect_score(
    plan: Plan, entry: str, module_id: str, module: ModuleResult, settled: Settled
) -> AspectScore:
    return AspectScore(
        entry=entry,
        module=module_id,
        aspect=settled.plan.aspect.id,
        outcome=settled.outcome,
        panel=_points(plan, settled.panel),
        award=_points(plan, settled.award),
        exact=_points(plan, settled.exact),
        used=settled.used,
        dropped=settled.dropped,
        raw=settled.raw,
        attempt=module.attempt,
        round=settled.round,
        reason=settled.reason,
        defects=settled.defects,
        vacant=settled.vacant,
    )


def _points(plan: Plan, amount: Amount | None) -> Fraction | None:
    return None if amount is None else plan.points(amount)
