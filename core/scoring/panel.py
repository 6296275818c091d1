"""One aspect of one entry: which marks count, what is dropped, and the award that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.scoring.model import Aspect, FoundDefect, Kind, Mark, Milli, MissingPolicy, Outcome, Trim
from core.scoring.plan import Amount, AspectPlan

JUDGEMENT_SPREAD = 1000
"""Referees may differ by one step of the 0-3 scale (世赛评价分); more is scored again."""

AGREED = (Kind.MEASUREMENT, Kind.INSTRUMENT, Kind.TIME, Kind.GIVEN)
"""One value for the group: two that differ are not averaged."""


@dataclass(frozen=True, slots=True)
class Given:
    """One mark with who gave it, in which round."""

    judge: str
    round: int
    mark: Mark


@dataclass(slots=True)
class Settled:
    """What came of one aspect; amounts are points × scale."""

    plan: AspectPlan
    outcome: Outcome
    reason: str = ""
    panel: Amount | None = None
    exact: Amount | None = None
    award: Amount | None = None
    used: tuple[tuple[str, Milli], ...] = ()
    dropped: tuple[tuple[str, Milli], ...] = ()
    raw: str | None = None
    round: int = 1
    defects: tuple[FoundDefect, ...] = ()
    vacant: tuple[str, ...] = ()


@dataclass(slots=True)
class Circumstances:
    """What else decides: judges set aside, the clock, and how the rules trim a smaller panel."""

    recused: int = 0
    vacant: Sequence[tuple[str, ...]] = ()
    """Seats whose judge has left and has no follower: everybody who has sat in each."""
    seconds: int | None = None
    recusal_trim: Trim | None = None
    lenient: bool = False
    """The module ended early (DNF, DNS) and its rule lets what was marked count."""


def spread_limit(aspect: Aspect) -> Milli | None:
    """How far two marks may be apart; None = any distance."""
    if aspect.spread is not None:
        return aspect.spread
    return JUDGEMENT_SPREAD if aspect.kind is Kind.JUDGEMENT else None


def settle(plan: AspectPlan, marks: Sequence[Given], now: Circumstances) -> Settled:
    """The last round that is accepted; the last of all, with the reason, when none is."""
    rounds = sorted({given.round for given in marks}, reverse=True) or [1]
    last: Settled | None = None
    for number in rounds:
        settled = _settle_round(plan, [given for given in marks if given.round == number], now)
        settled.round = number
        if settled.outcome is not Outcome.MISSING:
            return settled
        last = last or settled
    assert last is not None
    return last


def _settle_round(plan: AspectPlan, marks: Sequence[Given], now: Circumstances) -> Settled:
    by_judge = _one_each(marks)
    if by_judge is None:
        return Settled(plan, Outcome.MISSING, "disagree")
    void = [g for g in by_judge if g.mark.outcome is Outcome.VOID]
    present = [g for g in by_judge if g.mark.outcome is Outcome.SCORED and _has_value(plan, g.mark)]
    if void and len(void) == len(by_judge):
        return Settled(plan, Outcome.VOID, "void")
    if plan.aspect.kind is Kind.TIME and not present and now.seconds is not None:
        present = [Given("clock", 1, Mark(raw=str(now.seconds)))]
    if not present:
        return Settled(plan, Outcome.MISSING, "absent")
    there = {given.judge for given in (*present, *void)}
    empty = [seat for seat in now.vacant if not there.intersection(seat)]
    owed = plan.aspect.judges - now.recused - len(void) - len(empty)
    smaller = bool(empty) and len(present) < plan.aspect.judges
    strict = plan.aspect.missing in (MissingPolicy.BLOCK, MissingPolicy.UNRANKED)
    if plan.calculator is not None:
        settled = _calculated(plan, present)
    else:
        settled = _averaged(plan, present, _trim(plan.aspect, now, smaller=smaller))
    if smaller:
        settled.vacant = tuple(seat[-1] for seat in empty)
    if len(present) < owed and strict and not now.lenient and settled.outcome is Outcome.SCORED:
        return Settled(plan, Outcome.MISSING, "incomplete", used=settled.used + settled.dropped)
    return settled


def _one_each(marks: Sequence[Given]) -> list[Given] | None:
    """In order of judges; None when one judge left two different marks."""
    found = {given.judge: given for given in marks}
    for given in marks if len(found) < len(marks) else ():
        known = found[given.judge]
        if _decides(known.mark) != _decides(given.mark):
            return None
    return [found[judge] for judge in sorted(found)]


def _decides(mark: Mark) -> tuple[object, ...]:
    return mark.value, mark.raw, mark.defects, mark.outcome


def _has_value(plan: AspectPlan, mark: Mark) -> bool:
    if plan.calculator is not None:
        return mark.raw is not None
    return mark.value is not None or plan.aspect.kind is Kind.DEDUCTION


def _trim(aspect: Aspect, now: Circumstances, *, smaller: bool) -> Trim:
    if now.recusal_trim is not None and (now.recused or smaller):
        return now.recusal_trim
    return aspect.trim


def _calculated(plan: AspectPlan, present: Sequence[Given]) -> Settled:
    """The group's agreed raw value through the calculator; several judges' points are averaged."""
    raws = sorted({given.mark.raw or "" for given in present})
    if len(raws) > 1 and plan.aspect.judges <= 1:
        return Settled(plan, Outcome.MISSING, "disagree", raw=" | ".join(raws))
    try:
        points = [_calculate(plan, given.mark.raw or "") for given in present]
    except ValueError:
        return Settled(plan, Outcome.MISSING, "unreadable", raw=" | ".join(raws))
    panel = plan.points(sum(points, Fraction(0)) / len(points))
    exact, award = plan.award(panel)
    raw = raws[0] if len(raws) == 1 else " | ".join(raws)
    return Settled(plan, Outcome.SCORED, "", panel, exact, award, raw=raw)


def _calculate(plan: AspectPlan, raw: str) -> Fraction:
    assert plan.calculator is not None
    assert plan.aspect.calculation is not None
    parameters = plan.aspect.calculation.parameters
    return plan.calculator.calculate(raw, plan.aspect.maximum or 0, parameters)


def _averaged(plan: AspectPlan, present: Sequence[Given], trim: Trim) -> Settled:
    aspect = plan.aspect
    if not present:
        return Settled(plan, Outcome.MISSING, "absent")
    values = sorted((value_of(aspect, given.mark), given.judge) for given in present)
    shown = tuple((judge, value) for value, judge in sorted(values, key=lambda pair: pair[1]))
    distance = values[-1][0] - values[0][0]
    if aspect.kind in AGREED and aspect.judges <= 1 and distance:
        return Settled(plan, Outcome.MISSING, "disagree", used=shown)
    limit = spread_limit(aspect)
    if limit is not None and distance > limit:
        return Settled(plan, Outcome.MISSING, "spread", used=shown)
    low, high = kept(trim, len(values))
    counted = values[low:high]
    panel = plan.panel(sum(value for value, _ in counted), len(counted))
    exact, award = plan.award(panel)
    dropped = {judge for _, judge in values} - {judge for _, judge in counted}
    raws = {given.mark.raw for given in present}
    return Settled(
        plan,
        Outcome.SCORED,
        "",
        panel,
        exact,
        award,
        used=tuple(pair for pair in shown if pair[0] not in dropped),
        dropped=tuple(pair for pair in shown if pair[0] in dropped),
        raw=raws.pop() if len(raws) == 1 else None,
        defects=tuple(defect for given in present for defect in given.mark.defects),
    )


def kept(trim: Trim, present: int) -> tuple[int, int]:
    """Which of so many sorted marks count: [low, high)."""
    dropped = trim.high + trim.low
    if dropped == 0 or present < trim.minimum or present <= dropped:
        return 0, present
    return trim.low, present - trim.high


def value_of(aspect: Aspect, mark: Mark) -> Milli:
    """Points in thousandths; a deduction starts full and loses its defects, down to the minimum."""
    if aspect.kind is not Kind.DEDUCTION or mark.value is not None:
        return mark.value or 0
    lost = sum(defect.points for defect in mark.defects)
    return max(aspect.minimum, (aspect.maximum or 0) - lost)
