"""A scheme made ready for counting: whole numbers over one common denominator.

Every amount inside the engine is `points × plan.scale`, an int wherever the scheme's own fractions
allow it and a `Fraction` elsewhere (an unrounded calculator); both add, compare and round exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from operator import itemgetter

from core.scoring.calculator import Calculator, CalculatorMissingError, by_version
from core.scoring.calculators import STANDARD
from core.scoring.model import Aspect, Kind, Mark, Module, Rules, Scheme, TieBreak, TieKey

Amount = int | Fraction
"""Points × scale."""

LARGEST_COMMON_PANEL = 12
"""Means of up to so many marks stay whole numbers without rounding; larger panels are exact too."""


def divided(amount: Amount, divisor: int) -> Amount:
    """Exact; an int when it comes out even."""
    if isinstance(amount, int):
        quotient, rest = divmod(amount, divisor)
        return Fraction(amount, divisor) if rest else quotient
    return whole(amount / divisor)


def whole(amount: Fraction) -> Amount:
    return amount.numerator if amount.denominator == 1 else amount


def rounded(amount: Amount, quantum: int) -> int:
    """To a multiple of `quantum`; a half goes away from zero."""
    if amount < 0:
        return -rounded(-amount, quantum)
    return int((2 * amount + quantum) // (2 * quantum)) * quantum


class Awards(dict[int, Amount]):
    """Sum of the counted marks -> award of one aspect for one number of counted marks."""

    def __init__(self, plan: AspectPlan, count: int) -> None:
        super().__init__()
        self._plan, self._count = plan, count

    def __missing__(self, total: int) -> Amount:
        award = self[total] = self._plan.award(self._plan.panel(total, self._count))[1]
        return award


@dataclass(slots=True)
class AspectPlan:
    """One aspect with its arithmetic. panel -> exact award -> award."""

    aspect: Aspect
    position: int
    """Among the module's aspects."""
    scale: int
    calculator: Calculator | None = None
    applies_to: frozenset[str] = frozenset()
    _tables: dict[int, Awards] = field(default_factory=dict)

    def panel(self, total: int, count: int) -> Amount:
        """Mean of `count` marks that sum to `total` thousandths, as points of this aspect."""
        aspect = self.aspect
        if aspect.kind is Kind.JUDGEMENT:
            mean = divided(total * self.scale * (aspect.maximum or 0), count * aspect.top * 1000)
        else:
            mean = divided(total * self.scale, count * 1000)
        return self.round_panel(mean)

    def points(self, points: Fraction) -> Amount:
        """A calculator's points as this plan's panel amount."""
        return self.round_panel(whole(points * self.scale))

    def round_panel(self, amount: Amount) -> Amount:
        decimals = self.aspect.round_panel
        return amount if decimals is None else rounded(amount, self.scale // 10**decimals)

    def award(self, panel: Amount) -> tuple[Amount, Amount]:
        """(before rounding, award)."""
        factor, decimals = self.aspect.factor, self.aspect.round_award
        exact = divided(panel * factor.numerator, factor.denominator)
        return exact, exact if decimals is None else rounded(exact, self.scale // 10**decimals)

    def awards(self, count: int) -> Awards:
        """The same by table, for the bulk path."""
        table = self._tables.get(count)
        if table is None:
            table = self._tables[count] = Awards(self, count)
        return table


@dataclass(slots=True)
class ModulePlan:
    module: Module
    aspects: tuple[AspectPlan, ...]
    criteria: tuple[tuple[str, int | None, int, int], ...]
    """(id, decimals, first aspect, behind the last aspect)."""
    carried: bool
    pick: Callable[[Mapping[str, Mark]], tuple[Mark, ...]]
    """The marks of one sheet in the order of `aspects`; KeyError when one is not there."""
    plain: Aspect | None
    """An aspect that stands for all of them when each is the mean of marks of the same panel with
    the same trim, and nothing rounds in between: such a module takes the bulk path."""


@dataclass(slots=True)
class Plan:
    scheme: Scheme
    rules: Rules
    scale: int
    modules: tuple[ModulePlan, ...]
    tie_breaks: tuple[tuple[str, TieBreak], ...]
    """(text, key), with weighted modules spelt out."""

    _points: dict[Amount, Fraction] = field(default_factory=dict)

    def points(self, amount: Amount) -> Fraction:
        """Kept, because the same few awards come again and again."""
        known = self._points.get(amount)
        if known is None:
            known = self._points[amount] = Fraction(amount) / self.scale
        return known

    def amount(self, milli: int) -> int:
        return milli * self.scale // 1000


def make_plan(scheme: Scheme, rules: Rules, calculators: Sequence[Calculator] = ()) -> Plan:
    """Raises CalculatorMissingError when the scheme names a version that is not there."""
    known = by_version([*STANDARD, *calculators])
    scale = _scale(scheme, rules)
    not_carried = {gate.module for gate in rules.gates if not gate.carried}
    modules = tuple(
        _module(module, scale, known, carried=module.id not in not_carried)
        for module in scheme.modules
    )
    return Plan(scheme, rules, scale, modules, _tie_breaks(scheme, rules))


def _module(
    module: Module, scale: int, known: dict[tuple[str, int], Calculator], *, carried: bool
) -> ModulePlan:
    plans: list[AspectPlan] = []
    criteria = []
    for criterion in module.criteria:
        first = len(plans)
        for aspect in (a for sub in criterion.sub_criteria for a in sub.aspects):
            plans.append(
                AspectPlan(
                    aspect,
                    len(plans),
                    scale,
                    _calculator(aspect, known),
                    frozenset(aspect.applies_to),
                )
            )
        criteria.append((criterion.id, criterion.round_to, first, len(plans)))
    return ModulePlan(
        module=module,
        aspects=tuple(plans),
        criteria=tuple(criteria),
        carried=carried,
        pick=_picker([plan.aspect.id for plan in plans]),
        plain=_plain(module, plans),
    )


def _picker(ids: Sequence[str]) -> Callable[[Mapping[str, Mark]], tuple[Mark, ...]]:
    if len(ids) > 1:
        return itemgetter(*ids)
    return lambda marks: tuple(marks[aspect_id] for aspect_id in ids)


def _calculator(aspect: Aspect, known: dict[tuple[str, int], Calculator]) -> Calculator | None:
    wanted = aspect.calculation
    if wanted is None:
        return None
    try:
        return known[wanted.name, wanted.version]
    except KeyError:
        raise CalculatorMissingError(wanted.name, wanted.version) from None


def _plain(module: Module, plans: Iterable[AspectPlan]) -> Aspect | None:
    aspects = [plan.aspect for plan in plans]
    plain = (
        len({(aspect.panel, aspect.trim, aspect.judges) for aspect in aspects}) == 1
        and all(criterion.round_to is None for criterion in module.criteria)
        and all(a.kind is Kind.POINTS and a.calculation is None for a in aspects)
        and all(a.spread is None and not a.applies_to for a in aspects)
    )
    return aspects[0] if plain else None


def _scale(scheme: Scheme, rules: Rules) -> int:
    """Divisible by every denominator that declared steps can produce."""
    aspects = [aspect for module in scheme.modules for aspect in module.aspects()]
    most = max([1, *(aspect.judges for aspect in aspects)])
    means = lcm(*range(1, min(most, LARGEST_COMMON_PANEL) + 1))
    tops = lcm(1, *(a.top for a in aspects if a.kind is Kind.JUDGEMENT and a.top > 0))
    factors = lcm(1, *(aspect.factor.denominator for aspect in aspects))
    weights = lcm(1, *(module.weight.denominator for module in scheme.modules))
    decimals = [3, rules.round_total or 0]
    for module in scheme.modules:
        decimals += [module.round_to or 0, *(c.round_to or 0 for c in module.criteria)]
    for aspect in aspects:
        decimals += [aspect.round_panel or 0, aspect.round_award or 0]
    return int(10 ** max(decimals) * means * tops * factors * weights)


def _tie_breaks(scheme: Scheme, rules: Rules) -> tuple[tuple[str, TieBreak], ...]:
    found: list[tuple[str, TieBreak]] = []
    for tie in rules.tie_breaks:
        if tie.key is not TieKey.WEIGHTED_MODULES:
            found.append((f"{tie.key}:{tie.id}", tie))
            continue
        weighed = sorted(scheme.modules, key=lambda m: -m.weight * (m.maximum or 1000))
        for module in weighed:
            single = TieBreak(TieKey.MODULE, module.id, tie.descending)
            found.append((f"{tie.key}:{module.id}", single))
    return tuple(found)
