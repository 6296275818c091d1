"""What results must look like: order, bounds, places, and no trace of who somebody is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from core.scoring.codec import canonical
from core.scoring.model import Outcome, Record, Results, Standing
from core.scoring.numbers import half_up
from plugins.conformance.subject import Subject, limits_of


def order(subject: Subject) -> str:
    for record in subject.records():
        expected = canonical(subject.score(record))
        shuffled = _shuffled(subject, record)
        if canonical(subject.score(shuffled)) != expected:
            return "the same sheets, judges and entrants in another order give other results"
    return ""


def _shuffled(subject: Subject, record: Record) -> Record:
    def mixed(items: Any) -> Any:
        found = list(items)
        subject.chance.shuffle(found)
        return found

    sheets = [replace(s, marks=dict(mixed(s.marks.items()))) for s in mixed(record.sheets)]
    return replace(
        record,
        entries=tuple(mixed(record.entries)),
        sheets=tuple(sheets),
        timings=tuple(mixed(record.timings)),
    )


# --- bounds -------------------------------------------------------------------------------------


def bounds_hold(subject: Subject) -> str:
    for aspect in subject.aspects():
        for raw in subject.raws.get(aspect.id, ()):
            points = subject.points(aspect, raw)
            if not 0 <= points <= Fraction(aspect.maximum or 0, 1000):
                return f"{aspect.id}: the calculator gives {points} points for {raw!r}"
    for record in subject.records():
        if message := _outside(subject, subject.score(record)):
            return message
    return ""


def _outside(subject: Subject, results: Results) -> str:
    limits = {aspect.id: limits_of(aspect) for aspect in subject.aspects()}
    for score in results.aspects:
        limit = limits[score.aspect]
        if score.award is not None and limit and not limit[0] <= score.award <= limit[1]:
            return f"{score.aspect}: award {score.award} is outside {limit[0]} … {limit[1]}"
    total = _total_limits(subject)
    for standing in results.standings:
        if standing.total is not None and total and not total[0] <= standing.total <= total[1]:
            return f"total {standing.total} is outside {total[0]} … {total[1]}"
    return ""


def _total_limits(subject: Subject) -> tuple[Fraction, Fraction] | None:
    """With every declared rounding on the way; None when something has no bounds."""
    ends = [_total_end(subject, end) for end in (0, 1)]
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])


def _total_end(subject: Subject, end: int) -> Fraction | None:
    total = Fraction(0)
    not_carried = {gate.module for gate in subject.rules.gates if not gate.carried}
    for module in subject.scheme.modules:
        if module.id in not_carried:
            continue
        score = Fraction(0)
        for criterion in module.criteria:
            limits = [limits_of(a) for sub in criterion.sub_criteria for a in sub.aspects]
            known = [limit[end] for limit in limits if limit is not None]
            if len(known) < len(limits):
                return None
            score += _rounded(sum(known, Fraction(0)), criterion.round_to)
        total += _rounded(score, module.round_to) * module.weight
    return _rounded(total, subject.rules.round_total)


def _rounded(value: Fraction, decimals: int | None) -> Fraction:
    return value if decimals is None else half_up(value, decimals)


# --- ranking ------------------------------------------------------------------------------------


def ranking(subject: Subject) -> str:
    for record in subject.records():
        results = subject.score(record)
        if sorted(s.entry for s in results.standings) != sorted(e.id for e in record.entries):
            return "not every entrant has exactly one standing"
        groups: dict[str, list[Standing]] = defaultdict(list)
        for standing in results.standings:
            groups[standing.group].append(standing)
        for members in groups.values():
            if message := _wrong_places(members):
                return message
    return ""


def _wrong_places(members: list[Standing]) -> str:
    places = Counter(standing.rank for standing in members if standing.rank is not None)
    for standing in members:
        if (standing.rank is None) != (standing.status is not Outcome.SCORED):
            return f"status {standing.status} goes with place {standing.rank}"
        if standing.rank is None:
            continue
        ahead = sum(number for place, number in places.items() if place < standing.rank)
        if standing.rank != ahead + 1:
            return f"place {standing.rank} has {ahead} entrants ahead of it"
        if standing.shared != (places[standing.rank] > 1):
            return f"place {standing.rank} does not say whether it is shared"
    placed = [standing for standing in members if standing.rank is not None]
    ranked = sorted(placed, key=lambda s: (s.rank or 0, -(s.total or 0)))
    for before, after in pairwise(ranked):
        if (before.total or 0) < (after.total or 0):
            return f"place {before.rank} has fewer points than place {after.rank}"
        apart = before.total == after.total and before.rank != after.rank
        if apart and "total" in (before.decided_by, after.decided_by):
            return f"equal totals, places {before.rank} and {after.rank}, and no key decided"
    return ""


# --- blind --------------------------------------------------------------------------------------


def blind(subject: Subject) -> str:
    for record in subject.records():
        names = _new_names(subject, record)
        renamed = _renamed(record, names)
        if _anonymous(subject.score(record), names) != _anonymous(subject.score(renamed), {}):
            return "other names of entrants, judges or delegations give other results"
        check = subject.contest_type.check
        for sheet, other in zip(record.sheets, renamed.sheets, strict=True):
            codes = [f.code for f in check(subject.scheme, sheet)]
            if codes != [f.code for f in check(subject.scheme, other)]:
                return "check() finds something else when entrant and judge have other names"
    return ""


def _new_names(subject: Subject, record: Record) -> dict[str, str]:
    named = {e.id for e in record.entries} | {s.judge for s in record.sheets}
    named |= {entry.delegation for entry in record.entries}
    old = sorted(named)
    numbers = list(range(len(old)))
    subject.chance.shuffle(numbers)
    bound = {e for aspect in subject.aspects() for e in aspect.applies_to}
    return {
        name: name if name in bound else f"x{n:03}" for name, n in zip(old, numbers, strict=True)
    }


def _renamed(record: Record, names: Mapping[str, str]) -> Record:
    return Record(
        tuple(
            replace(entry, id=names[entry.id], delegation=names[entry.delegation])
            for entry in record.entries
        ),
        tuple(replace(s, entry=names[s.entry], judge=names[s.judge]) for s in record.sheets),
        timings=tuple(replace(t, entry=names[t.entry]) for t in record.timings),
    )


def _anonymous(results: Results, names: Mapping[str, str]) -> object:
    def name(entry: str) -> str:
        return names.get(entry, entry)

    standings = {name(s.entry): (s.rank, s.total, s.status, s.shared) for s in results.standings}
    aspects = {(name(a.entry), a.aspect): (a.award, a.panel, a.outcome) for a in results.aspects}
    return standings, aspects, {(a.rule, a.prize, name(a.entry)) for a in results.awards}
