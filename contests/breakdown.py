"""How each total came about, ready to be shown: modules, aspects, marks by seat. Pure.

`core.scoring.explain` tells the same in sentences; both read the stored results and the frozen rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.scoring.explain import clock, shown
from core.scoring.model import (
    Aspect,
    AspectScore,
    Criterion,
    Module,
    ModuleScore,
    Outcome,
    Results,
    Rules,
    Scheme,
    Standing,
    Text,
)
from core.scoring.numbers import decimal_text, milli_text, rounded_text


@dataclass(frozen=True, slots=True)
class MarkShown:
    """One judge's mark. dropped: trimmed away, but still there to be seen."""

    seat: str
    value: str
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class AspectLine:
    """maximum "" = none. award "" = no points, and `outcome` says why."""

    id: str
    title: Text
    marks: tuple[MarkShown, ...]
    raw: str
    panel: str
    factor: str
    award: str
    maximum: str
    outcome: str
    share: float
    """Award over maximum, for the bar; 0 when there is none."""
    round: int = 1


@dataclass(frozen=True, slots=True)
class CriterionBlock:
    id: str
    title: Text
    aspects: tuple[AspectLine, ...]


@dataclass(frozen=True, slots=True)
class ModuleBlock:
    """weighted: what it adds to the total. Times are "1:02:03"."""

    id: str
    title: Text
    criteria: tuple[CriterionBlock, ...]
    outcome: str
    score: str
    maximum: str
    penalty: str
    weight: str
    weighted: str
    gross: str = ""
    compensation: str = ""
    net: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry's place and everything under it. prizes: (rule, prize)."""

    entry: str
    group: str
    rank: int | None
    shared: bool
    total: str
    exact: str
    status: str
    decided_by: str
    prizes: tuple[tuple[str, str], ...]
    modules: tuple[ModuleBlock, ...] = ()


def places(
    scheme: Scheme,
    rules: Rules,
    results: Results,
    prizes: Mapping[str, tuple[tuple[str, str], ...]],
) -> list[Place]:
    """Every standing in its order, each with its modules. Judges stand by their seats already
    (`queries.standings`); `prizes`: entry -> (rule, prize)."""
    modules: dict[str, dict[str, ModuleScore]] = {}
    for score in results.modules:
        modules.setdefault(score.entry, {})[score.module] = score
    aspects: dict[str, dict[tuple[str, str], AspectScore]] = {}
    for aspect in results.aspects:
        aspects.setdefault(aspect.entry, {})[aspect.module, aspect.aspect] = aspect
    return [
        _place(
            standing,
            rules,
            tuple(
                _module(module, modules[standing.entry][module.id], aspects)
                for module in scheme.modules
                if module.id in modules.get(standing.entry, {})
            ),
            prizes.get(standing.entry, ()),
        )
        for standing in results.standings
    ]


def total_text(total: Fraction | None, rules: Rules) -> str:
    """With as many decimals as the rules round to."""
    if total is None:
        return ""
    return shown(total) if rules.round_total is None else rounded_text(total, rules.round_total)


def _place(
    standing: Standing,
    rules: Rules,
    modules: tuple[ModuleBlock, ...],
    prizes: tuple[tuple[str, str], ...],
) -> Place:
    exact = "" if standing.exact is None else decimal_text(standing.exact)
    return Place(
        entry=standing.entry,
        group=standing.group,
        rank=standing.rank,
        shared=standing.shared,
        total=total_text(standing.total, rules),
        exact=exact,
        status=str(standing.status),
        decided_by=standing.decided_by,
        prizes=prizes,
        modules=modules,
    )


def _module(
    module: Module,
    score: ModuleScore,
    aspects: Mapping[str, Mapping[tuple[str, str], AspectScore]],
) -> ModuleBlock:
    own = aspects.get(score.entry, {})
    points = score.score
    return ModuleBlock(
        id=module.id,
        title=module.title,
        criteria=tuple(_criterion(module, c, own) for c in module.criteria),
        outcome=str(score.outcome),
        score="" if points is None else shown(points),
        maximum="" if module.maximum is None else milli_text(module.maximum),
        penalty=shown(score.penalty) if score.penalty else "",
        weight="" if module.weight == 1 else _weight(module.weight),
        weighted="" if points is None else shown(points * module.weight),
        gross="" if score.gross is None else clock(score.gross),
        compensation=clock(score.compensation) if score.compensation else "",
        net="" if score.gross is None else clock(score.gross - (score.compensation or 0)),
    )


def _weight(weight: Fraction) -> str:
    """Per cent where that is a plain number: 0.4 -> "40 %"."""
    per_cent = decimal_text(weight * 100)
    return shown(weight) if "/" in per_cent else f"{per_cent} %"


def _criterion(
    module: Module,
    criterion: Criterion,
    own: Mapping[tuple[str, str], AspectScore],
) -> CriterionBlock:
    lines = [
        _aspect(aspect, own[module.id, aspect.id])
        for sub in criterion.sub_criteria
        for aspect in sub.aspects
        if (module.id, aspect.id) in own
    ]
    return CriterionBlock(criterion.id, criterion.title, tuple(lines))


def _aspect(aspect: Aspect, score: AspectScore) -> AspectLine:
    highest = None if aspect.maximum is None else Fraction(aspect.maximum, 1000) * aspect.factor
    award = score.award
    return AspectLine(
        id=aspect.id,
        title=aspect.title,
        marks=_marks(score),
        raw="" if score.raw is None else f"{score.raw} {aspect.unit}".strip(),
        panel="" if score.panel is None else shown(score.panel),
        factor="" if aspect.factor == 1 else shown(aspect.factor),
        award="" if award is None else shown(award),
        maximum="" if highest is None else shown(highest),
        outcome=str(score.outcome if award is None else Outcome.SCORED),
        share=float(award / highest) if award is not None and highest else 0.0,
        round=score.round,
    )


def _marks(score: AspectScore) -> tuple[MarkShown, ...]:
    """In the order of the seats, whether they count or not."""
    marks = [MarkShown(seat, milli_text(value)) for seat, value in score.used]
    marks += [MarkShown(seat, milli_text(value), dropped=True) for seat, value in score.dropped]
    return tuple(sorted(marks, key=lambda mark: (len(mark.seat), mark.seat)))
