"""One module of one entry: attempts, the sum of its aspects, over-time, penalties, status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from core.scoring.book import Book
from core.scoring.model import (
    AttemptRule,
    EntryFacts,
    MissingPolicy,
    Outcome,
    OverTime,
    Penalty,
    Rules,
    Sheet,
    Timing,
)
from core.scoring.panel import Circumstances, Given, Settled, kept, settle
from core.scoring.plan import Amount, ModulePlan, Plan, rounded

POLICIES = {
    Outcome.DNS: attrgetter("dns"),
    Outcome.DNF: attrgetter("dnf"),
    Outcome.DSQ: attrgetter("dsq"),
    Outcome.VOID: attrgetter("void"),
}


@dataclass(slots=True)
class ModuleResult:
    """Amounts are points × scale. `counts` is what the total takes; None = it can't be formed."""

    plan: ModulePlan
    outcome: Outcome
    awards: Sequence[Amount | None]
    sum: Amount | None = None
    score: Amount | None = None
    counts: Amount | None = None
    penalty: Amount = 0
    attempt: int = 1
    timing: Timing | None = None
    reason: str = ""
    ranked: bool = True
    absent: bool = False
    settled: Sequence[Settled | None] = ()
    """Empty after the bulk path, which keeps `totals` of `count` marks instead."""
    totals: Sequence[int] = ()
    count: int = 0

    def panels(self) -> list[Amount | None]:
        """By aspect, before the factor."""
        if self.totals:
            plans = self.plan.aspects
            return [p.panel(t, self.count) for p, t in zip(plans, self.totals, strict=True)]
        return [settled.panel if settled else None for settled in self.settled]


Settle = Callable[[Plan, ModulePlan, EntryFacts, Book], ModuleResult]


def careful(plan: Plan, module: ModulePlan, entry: EntryFacts, book: Book) -> ModuleResult:
    """Every case, with everything that an explanation needs."""
    return _finish(plan, _best_attempt(plan, module, entry, book), entry, book)


def swift(plan: Plan, module: ModulePlan, entry: EntryFacts, book: Book) -> ModuleResult:
    """The ordinary case of a panel card in bulk: the same numbers as `careful`, which answers for
    every entry whose sheets are anything but ordinary."""
    result = _plain(plan, module, entry, book)
    if result is None:
        return careful(plan, module, entry, book)
    return _finish(plan, result, entry, book)


# --- the bulk path ------------------------------------------------------------------------------

_NO_TIMINGS: dict[int, Timing] = {}
_value = attrgetter("value")
_outcome = attrgetter("outcome")


def _plain(plan: Plan, module: ModulePlan, entry: EntryFacts, book: Book) -> ModuleResult | None:
    aspect, place = module.plain, (entry.id, module.module.id)
    sheets = book.sheets.get(place)
    timings = book.timings.get(place, _NO_TIMINGS)
    if aspect is None or sheets is None or len(sheets) != aspect.judges or timings.keys() - {1}:
        return None
    judges, n = set(), len(module.aspects)
    rows = []
    for sheet in sheets:
        if (
            not sheet.counted
            or sheet.attempt != 1
            or sheet.round != 1
            or sheet.panel != aspect.panel
        ):
            return None
        judges.add(sheet.judge)
        try:
            row = module.pick(sheet.marks)
        except KeyError:
            return None
        if list(map(_outcome, row)).count(Outcome.SCORED) != n:
            return None
        rows.append(map(_value, row))
    if len(judges) != len(sheets):
        return None
    low, high = kept(aspect.trim, len(sheets))
    try:
        totals = _totals(list(zip(*rows, strict=True)), low, len(sheets) - high, high)
    except TypeError:  # a mark without a value
        return None
    tables = [aspect.awards(high - low) for aspect in module.aspects]
    awards = [table[total] for table, total in zip(tables, totals, strict=True)]
    return ModuleResult(
        module,
        Outcome.SCORED,
        awards,
        sum=sum(awards),
        timing=timings.get(1),
        totals=totals,
        count=high - low,
    )


def _totals(columns: list[tuple[int, ...]], low: int, dropped_high: int, high: int) -> list[int]:
    if low == dropped_high == 0:
        return [sum(column) for column in columns]
    if low == dropped_high == 1:
        return [sum(column) - max(column) - min(column) for column in columns]
    return [sum(sorted(column)[low:high]) for column in columns]


# --- every case ---------------------------------------------------------------------------------


def _best_attempt(plan: Plan, module: ModulePlan, entry: EntryFacts, book: Book) -> ModuleResult:
    place = (entry.id, module.module.id)
    sheets, timings = book.sheets.get(place, []), book.timings.get(place, {})
    attempts = sorted({sheet.attempt for sheet in sheets if sheet.counted} | set(timings)) or [1]
    rule = module.module.attempts

    def result(attempt: int) -> ModuleResult:
        of_attempt = [sheet for sheet in sheets if sheet.attempt == attempt]
        found = _settle_module(plan, module, entry, of_attempt, timings.get(attempt), book)
        found.attempt, found.timing = attempt, timings.get(attempt)
        return found

    if rule is AttemptRule.RULING:
        ruled = book.rulings.get(place, attempts[0] if len(attempts) == 1 else 0)
        if ruled in attempts:
            return result(ruled)
        unruled = result(attempts[-1])
        unruled.outcome, unruled.reason = Outcome.MISSING, "attempt"
        return unruled
    if rule is AttemptRule.LAST or len(attempts) == 1:
        return result(attempts[-1])
    return max(
        (result(attempt) for attempt in attempts), key=lambda r: (*_worth(r, plan), -r.attempt)
    )


def _worth(result: ModuleResult, plan: Plan) -> tuple[bool, Amount]:
    if result.outcome is not Outcome.SCORED or result.sum is None:
        return False, 0
    rule, timing = result.plan.module.over_time, result.timing
    lost, out = _over_time(rule, timing, plan) if rule and timing else (0, False)
    return not out, result.sum - lost


def _settle_module(
    plan: Plan,
    module: ModulePlan,
    entry: EntryFacts,
    sheets: Sequence[Sheet],
    timing: Timing | None,
    book: Book,
) -> ModuleResult:
    now = Circumstances(
        seconds=timing.net if timing else None,
        recusal_trim=plan.rules.recusal_trim,
        lenient=_lenient(plan.rules, module, entry, book),
    )
    marks: dict[str, list[Given]] = {}
    recused: dict[str, set[str]] = {}
    for sheet in sheets:
        if not sheet.counted and sheet.reason == "recusal":
            recused.setdefault(sheet.panel, set()).add(sheet.judge)
        if sheet.counted:
            for aspect_id, mark in sheet.marks.items():
                key = f"{sheet.panel}\n{aspect_id}"
                marks.setdefault(key, []).append(Given(sheet.judge, sheet.round, mark))
    settled: list[Settled | None] = []
    for aspect in module.aspects:
        if aspect.applies_to and entry.id not in aspect.applies_to:
            settled.append(None)
            continue
        aside = recused.get(aspect.aspect.panel, set())
        now.recused = len(aside)
        now.vacant = [
            seat.judges
            for seat in book.vacant.get(module.module.id, ())
            if aspect.aspect.id in seat.aspects and not aside.intersection(seat.judges)
        ]
        settled.append(
            settle(aspect, marks.get(f"{aspect.aspect.panel}\n{aspect.aspect.id}", []), now)
        )
    return _summed(plan, module, settled, lenient=now.lenient)


def _lenient(rules: Rules, module: ModulePlan, entry: EntryFacts, book: Book) -> bool:
    status = book.statuses.get((entry.id, module.module.id)) or book.statuses.get((entry.id, ""))
    return status in POLICIES and POLICIES[status](rules) is MissingPolicy.PRESENT


def _summed(
    plan: Plan, module: ModulePlan, settled: list[Settled | None], *, lenient: bool
) -> ModuleResult:
    awards = [s.award if s else None for s in settled]
    owed = [s for s in settled if s is not None]
    result = ModuleResult(module, Outcome.SCORED, awards, settled=settled)
    result.absent = bool(owed) and all(s.reason == "absent" for s in owed)
    lacking = [s for s in owed if s.outcome is Outcome.MISSING and _needed(s)]
    if (lacking or result.absent) and not lenient:
        result.outcome = Outcome.MISSING
        result.reason = f"aspect:{lacking[0].plan.aspect.id}" if lacking else ""
        return result
    result.sum = sum(criterion_sums(plan, module, awards))
    return result


def _needed(settled: Settled) -> bool:
    return settled.plan.aspect.missing in (MissingPolicy.BLOCK, MissingPolicy.UNRANKED) or (
        settled.reason not in ("absent", "incomplete")
    )


def criterion_sums(plan: Plan, module: ModulePlan, awards: Sequence[Amount | None]) -> list[Amount]:
    """Each criterion's sum, rounded where the scheme says so; what has no award adds nothing."""
    sums: list[Amount] = []
    for _, decimals, first, behind in module.criteria:
        amount = sum((award or 0 for award in awards[first:behind]), 0)
        sums.append(amount if decimals is None else rounded(amount, plan.scale // 10**decimals))
    return sums


# --- what happens to the sum --------------------------------------------------------------------


def _finish(plan: Plan, result: ModuleResult, entry: EntryFacts, book: Book) -> ModuleResult:
    """Rounding, over-time, penalties, and what stands in the place of a score."""
    decimals = result.plan.module.round_to
    if result.sum is not None:
        result.score = result.sum
        if decimals is not None:
            result.score = rounded(result.sum, plan.scale // 10**decimals)
    penalties = book.penalties.get(entry.id, ())
    if penalties or result.timing:
        _penalise(plan, result, penalties)
    _apply_status(plan.rules, result, entry, book)
    return result


def _penalise(plan: Plan, result: ModuleResult, penalties: Sequence[Penalty]) -> None:
    module = result.plan.module
    mine = [penalty for penalty in penalties if penalty.module == module.id]
    lost: Amount = sum(plan.amount(p.points) for p in mine if p.scope == "points")
    if module.over_time is not None and result.timing is not None:
        over, out = _over_time(module.over_time, result.timing, plan)
        lost += over
        if out:
            result.outcome, result.reason = module.over_time.exclusion, "over-time"
    result.penalty = lost
    if result.score is not None:
        result.score = less(result.score, lost)
    voided = [penalty for penalty in mine if penalty.scope == "module"]
    if voided:
        result.outcome, result.reason = Outcome.VOID, f"penalty:{voided[0].id}"


def less(score: Amount, lost: Amount) -> Amount:
    """A penalty never takes a score below zero."""
    return max(min(0, score), score - lost)


def _over_time(rule: OverTime, timing: Timing, plan: Plan) -> tuple[int, bool]:
    """(points × scale lost, excluded)."""
    over = timing.net - rule.limit
    if over <= 0:
        return 0, False
    units = over // rule.unit if rule.per == "full" else -(-over // rule.unit)
    out = rule.exclude_after is not None and over > rule.exclude_after
    return plan.amount(rule.points) * units, out


def _apply_status(rules: Rules, result: ModuleResult, entry: EntryFacts, book: Book) -> None:
    """The policy of what stands in the place of the score decides what the total takes."""
    own = book.statuses.get((entry.id, result.plan.module.id))
    whole_entry = book.statuses.get((entry.id, ""))
    if own is not None:
        result.outcome, result.reason = own, "status"
    elif whole_entry is not None and _stands_in(rules, whole_entry, result):
        result.outcome, result.reason = whole_entry, "status"
    if result.outcome is Outcome.SCORED:
        result.counts = result.score
        return
    if result.outcome is Outcome.MISSING:
        _apply_missing(result)
        return
    policy = POLICIES[result.outcome](rules) if result.outcome in POLICIES else None
    if policy is MissingPolicy.PRESENT:
        result.score = result.counts = result.score or 0
        return
    result.score = None
    result.counts = 0 if policy is MissingPolicy.ZERO else None
    result.ranked = policy is MissingPolicy.ZERO


def _stands_in(rules: Rules, status: Outcome, result: ModuleResult) -> bool:
    if status not in POLICIES:
        return False
    policy = POLICIES[status](rules)
    complete = all(s is None or s.outcome is Outcome.SCORED for s in result.settled)
    return policy is MissingPolicy.ZERO or (not complete and policy is MissingPolicy.PRESENT)


def _apply_missing(result: ModuleResult) -> None:
    result.score = None
    policy = result.plan.module.missing
    if result.absent and policy in (MissingPolicy.ZERO, MissingPolicy.PRESENT):
        result.counts, result.reason = 0, "absent"
        return
    result.counts, result.ranked = None, False
