"""Modules to totals: weights, penalties on the whole, gates, and what leaves an entry unranked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from core.scoring.book import Book, gravest
from core.scoring.model import EntryFacts, Gate, MissingPolicy, Outcome
from core.scoring.modules import POLICIES, ModuleResult, Settle, less
from core.scoring.plan import Amount, Plan, divided, rounded

OUT = (Outcome.DSQ, Outcome.VOID)


@dataclass(slots=True)
class EntryResult:
    """status SCORED exactly when the entry is to be ranked; amounts are points × scale."""

    facts: EntryFacts
    modules: dict[str, ModuleResult]
    status: Outcome = Outcome.SCORED
    reason: str = ""
    exact: Amount | None = None
    total: Amount | None = None


def combine(plan: Plan, book: Book, settle: Settle) -> list[EntryResult]:
    """Every counted entry, in order of id."""
    results = [_entry(plan, entry, book, settle) for entry in book.entries]
    for gate in plan.rules.gates:
        _apply_gate(plan, gate, results)
    return results


def _entry(plan: Plan, entry: EntryFacts, book: Book, settle: Settle) -> EntryResult:
    modules = {m.module.id: settle(plan, m, entry, book) for m in plan.modules}
    result = EntryResult(entry, modules)
    _total(plan, result, book)
    outcomes = _outcomes(plan, result, book)
    if outcomes:
        result.status = gravest(list(outcomes))
        result.reason = outcomes[result.status]
        if result.status not in (Outcome.MISSING, Outcome.NOT_QUALIFIED):
            result.total = result.exact = None
    return result


def _total(plan: Plan, result: EntryResult, book: Book) -> None:
    total: Amount = 0
    for module in result.modules.values():
        if not module.plan.carried:
            continue
        if module.counts is None:
            return
        weight = module.plan.module.weight
        total += divided(module.counts * weight.numerator, weight.denominator)
    penalties = book.penalties.get(result.facts.id, ())
    lost = sum(plan.amount(p.points) for p in penalties if p.scope == "points" and not p.module)
    result.exact = less(total, lost) if lost else total
    decimals = plan.rules.round_total
    result.total = result.exact
    if decimals is not None:
        result.total = rounded(result.exact, plan.scale // 10**decimals)


def _outcomes(plan: Plan, result: EntryResult, book: Book) -> dict[Outcome, str]:
    """Everything that leaves this entry without a place, each with its reason."""
    found: dict[Outcome, str] = {}
    for penalty in book.penalties.get(result.facts.id, ()):
        if penalty.scope == "disqualify":
            found.setdefault(Outcome.DSQ, f"penalty:{penalty.id}")
        elif penalty.scope == "project":
            found.setdefault(Outcome.VOID, f"penalty:{penalty.id}")
    status = book.statuses.get((result.facts.id, ""))
    if status is not None and (status in OUT or _unranked(plan, status)):
        found.setdefault(status, "status")
    for module_id, module in result.modules.items():
        if not module.ranked:
            reason = module.reason if module.reason.startswith("aspect:") else f"module:{module_id}"
            found.setdefault(module.outcome, reason)
    return found


def _unranked(plan: Plan, status: Outcome) -> bool:
    """A status without a policy of its own (missing, not qualified) leaves no place either."""
    if status not in POLICIES:
        return status is not Outcome.SCORED
    return POLICIES[status](plan.rules) in (MissingPolicy.UNRANKED, MissingPolicy.BLOCK)


# --- gates --------------------------------------------------------------------------------------


def _apply_gate(plan: Plan, gate: Gate, results: list[EntryResult]) -> None:
    """In the order of the rules; who failed an earlier gate takes no place in a later one."""
    scored = [
        (result, amount) for result in results if (amount := _at_gate(gate, result)) is not None
    ]
    least = plan.amount(gate.minimum) if gate.minimum is not None else None
    passed = []
    for result, amount in scored:
        if least is not None and amount < least:
            _stop(result, gate)
        else:
            passed.append((result, amount))
    if gate.top is not None:
        _only_top(gate, gate.top, passed)


def _at_gate(gate: Gate, result: EntryResult) -> Amount | None:
    if result.status is Outcome.NOT_QUALIFIED:
        return None
    return result.modules[gate.module].counts if gate.module else result.total


def _only_top(gate: Gate, top: int, passed: list[tuple[EntryResult, Amount]]) -> None:
    """The best of each group; equal at the boundary advance together."""
    groups: dict[str, list[tuple[EntryResult, Amount]]] = defaultdict(list)
    for result, amount in passed:
        groups[result.facts.group].append((result, amount))
    for members in groups.values():
        if len(members) <= top:
            continue
        boundary = sorted((amount for _, amount in members), reverse=True)[top - 1] if top else None
        for result, amount in members:
            if boundary is None or amount < boundary:
                _stop(result, gate)


def _stop(result: EntryResult, gate: Gate) -> None:
    if result.status in OUT:
        return
    result.status = Outcome.NOT_QUALIFIED
    result.reason = f"gate:{gate.module}"
