"""How a total came about, step by step, in words that an entrant can follow.

A `Step` is a code with parameters; `core.messages.EXPLAIN` holds the sentence of each code and the
catalogues its translations. A parameter that is a mapping is a `Text`: take the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from core.scoring.model import (
    Aspect,
    AspectScore,
    Kind,
    Milli,
    Module,
    ModuleScore,
    Outcome,
    Results,
    Rules,
    Scheme,
    Standing,
    Text,
)
from core.scoring.numbers import decimal_text, half_up, milli_text

SHOWN_DECIMALS = 4
"""Of a value that never ends, such as a third; "≈" stands before it."""


@dataclass(frozen=True, slots=True)
class Step:
    """level 0: the whole, 1: a module, 2: an aspect, 3: how the aspect came about."""

    code: str
    params: Mapping[str, str | Text] = field(default_factory=dict)
    level: int = 0


def explain(scheme: Scheme, rules: Rules, results: Results, entry: str) -> list[Step]:
    """In the order of the sheet, then weights, penalties, total and place. KeyError when the
    entry has no standing (a trial entry, or a reserve never called)."""
    standing = next((s for s in results.standings if s.entry == entry), None)
    if standing is None:
        raise KeyError(f"entry {entry!r} has no standing in these results")
    modules = {m.module: m for m in results.modules if m.entry == entry}
    aspects = {(a.module, a.aspect): a for a in results.aspects if a.entry == entry}
    steps: list[Step] = []
    for module in scheme.modules:
        if module.id in modules:
            steps += _module(module, modules[module.id], aspects)
    return [*steps, *_total(scheme, rules, modules, standing), *_place(scheme, rules, standing)]


def shown(value: Fraction) -> str:
    """Exact where a decimal ends, else "≈" and four decimals."""
    text = decimal_text(value)
    if "/" not in text:
        return text
    return f"≈{decimal_text(half_up(value, SHOWN_DECIMALS))}"


# --- a module -----------------------------------------------------------------------------------


def _module(
    module: Module, score: ModuleScore, aspects: Mapping[tuple[str, str], AspectScore]
) -> list[Step]:
    steps = [Step("module", {"module": module.title, "id": module.id}, 1)]
    if score.attempt > 1:
        steps.append(Step("attempt", {"attempt": str(score.attempt)}, 2))
    for aspect in module.aspects():
        found = aspects.get((module.id, aspect.id))
        if found is not None and not (score.outcome is Outcome.DNS and found.reason == "absent"):
            steps += _aspect(aspect, found)
    steps += _time(module, score)
    return [*steps, *_module_score(module, score)]


def _module_score(module: Module, score: ModuleScore) -> Iterable[Step]:
    params: dict[str, str | Text] = {"module": module.title}
    if score.exact is not None:
        yield Step("module-sum", params | {"sum": shown(score.exact)}, 2)
    if score.exact is not None and module.round_to is not None:
        rounded = half_up(score.exact, module.round_to)
        if rounded != score.exact:
            yield Step("rounded", _rounding(score.exact, rounded, module.round_to), 2)
    if score.penalty:
        yield Step("module-penalty", params | {"points": shown(score.penalty)}, 2)
    if score.outcome is Outcome.SCORED and score.score is not None:
        yield Step("module-score", params | {"score": shown(score.score)}, 1)
    elif score.score is not None:
        partial = {"score": shown(score.score)}
        yield Step(f"module-partial-{_slug(score.outcome)}", params | partial, 1)
    else:
        yield Step(f"module-{_slug(score.outcome)}", params, 1)


def _time(module: Module, score: ModuleScore) -> Iterable[Step]:
    """Gross, compensation and net are shown whenever there was a clock."""
    if score.gross is None:
        return
    compensation = score.compensation or 0
    net = score.gross - compensation
    params = {"gross": clock(score.gross), "compensation": clock(compensation), "net": clock(net)}
    yield Step("time", params, 2)
    rule = module.over_time
    if rule is None or net <= rule.limit:
        return
    over = net - rule.limit
    units = over // rule.unit if rule.per == "full" else -(-over // rule.unit)
    yield Step(
        f"over-time-{'full' if rule.per == 'full' else 'started'}",
        {
            "over": clock(over),
            "units": str(units),
            "unit": clock(rule.unit),
            "each": milli_text(rule.points),
            "points": milli_text(rule.points * units),
        },
        2,
    )
    if rule.exclude_after is not None and over > rule.exclude_after:
        yield Step("over-time-out", {"limit": clock(rule.exclude_after)}, 2)


def clock(seconds: int) -> str:
    """3723 -> "1:02:03"; 150 -> "2:30"."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"


# --- an aspect ----------------------------------------------------------------------------------


def _aspect(aspect: Aspect, score: AspectScore) -> Iterable[Step]:
    params: dict[str, str | Text] = {"aspect": aspect.title, "id": aspect.id}
    if score.award is None:
        reason = score.reason or "absent"
        yield Step(f"aspect-{reason}", params, 2)
        if score.used:
            yield Step("marks", {"marks": _marks(score.used)}, 3)
        return
    highest = (
        "" if aspect.maximum is None else shown(Fraction(aspect.maximum, 1000) * aspect.factor)
    )
    code = "aspect" if highest else "aspect-given"
    yield Step(code, params | {"award": shown(score.award), "maximum": highest}, 2)
    if score.round > 1:
        yield Step("round", {"round": str(score.round)}, 3)
    yield from _how(aspect, score)
    yield from _after_panel(aspect, score)


def _how(aspect: Aspect, score: AspectScore) -> Iterable[Step]:
    if score.raw is not None:
        points = shown(_panel(score))
        params: dict[str, str | Text] = {"raw": score.raw, "unit": aspect.unit, "points": points}
        yield Step("raw" if aspect.unit else "raw-plain", params, 3)
        return
    titles = {defect.code: defect.title for defect in aspect.defects}
    for defect in score.defects:
        params = {
            "defect": titles.get(defect.code, defect.code),
            "points": milli_text(defect.points),
        }
        yield Step("defect", params, 3)
    if len(score.used) + len(score.dropped) > 1 or aspect.kind is Kind.JUDGEMENT:
        yield Step("marks", {"marks": _marks(score.used)}, 3)
        if score.dropped:
            from_the_top = sorted(score.dropped, key=lambda one: one[1], reverse=True)
            yield Step("dropped", {"marks": _marks(from_the_top)}, 3)
        if score.vacant:
            yield Step("vacant", {"seats": ", ".join(score.vacant)}, 3)
        yield _mean(aspect, score)


def _mean(aspect: Aspect, score: AspectScore) -> Step:
    values = [value for _, value in score.used]
    mean = Fraction(sum(values), 1000 * len(values))
    params: dict[str, str | Text] = {
        "sum": milli_text(sum(values)),
        "count": str(len(values)),
        "mean": shown(mean),
    }
    if aspect.kind is not Kind.JUDGEMENT:
        return Step("mean", params, 3)
    scale = {
        "top": milli_text(aspect.top),
        "maximum": milli_text(aspect.maximum or 0),
        "points": shown(mean * (aspect.maximum or 0) / aspect.top),
    }
    return Step("judgement", params | scale, 3)


def _after_panel(aspect: Aspect, score: AspectScore) -> Iterable[Step]:
    panel, exact, award = _panel(score), score.exact or Fraction(0), score.award or Fraction(0)
    unrounded = _unrounded_panel(aspect, score)
    if aspect.round_panel is not None and unrounded is not None and unrounded != panel:
        yield Step("rounded", _rounding(unrounded, panel, aspect.round_panel), 3)
    if aspect.factor != 1:
        params = {"points": shown(panel), "factor": shown(aspect.factor), "product": shown(exact)}
        yield Step("factor", params, 3)
    if exact != award and aspect.round_award is not None:
        yield Step("rounded", _rounding(exact, award, aspect.round_award), 3)


def _unrounded_panel(aspect: Aspect, score: AspectScore) -> Fraction | None:
    if score.raw is not None or not score.used:
        return None
    mean = Fraction(sum(value for _, value in score.used), 1000 * len(score.used))
    return mean * (aspect.maximum or 0) / aspect.top if aspect.kind is Kind.JUDGEMENT else mean


def _rounding(before: Fraction, after: Fraction, decimals: int) -> dict[str, str | Text]:
    return {"before": shown(before), "after": shown(after), "decimals": str(decimals)}


def _panel(score: AspectScore) -> Fraction:
    return score.panel or Fraction(0)


def _marks(marks: Sequence[tuple[str, Milli]]) -> str:
    return ", ".join(milli_text(value) for _, value in marks)


# --- total and place ----------------------------------------------------------------------------


def _total(
    scheme: Scheme, rules: Rules, modules: Mapping[str, ModuleScore], standing: Standing
) -> Iterable[Step]:
    if standing.exact is None or standing.total is None:
        return
    not_carried = {gate.module for gate in rules.gates if not gate.carried}
    total = Fraction(0)
    for module in scheme.modules:
        score = modules[module.id].score or Fraction(0)
        params: dict[str, str | Text] = {"module": module.title, "score": shown(score)}
        if module.id in not_carried:
            yield Step("not-carried", params)
            continue
        total += score * module.weight
        if module.weight != 1:
            weighed = {"weight": shown(module.weight), "points": shown(score * module.weight)}
            yield Step("weight", params | weighed)
    if total != standing.exact:
        yield Step("penalty", {"points": shown(total - standing.exact), "sum": shown(total)})
    if rules.round_total is not None and standing.exact != standing.total:
        yield Step("rounded", _rounding(standing.exact, standing.total, rules.round_total))
    yield Step("total", {"total": shown(standing.total)})


def _place(scheme: Scheme, rules: Rules, standing: Standing) -> Iterable[Step]:
    if standing.rank is None:
        yield _no_place(scheme, standing)
        return
    params: dict[str, str | Text] = {"rank": str(standing.rank)}
    if standing.group:
        params["group"] = rules.group_titles.get(standing.group, standing.group)
    yield Step("rank-in-group" if standing.group else "rank", params)
    key, _, name = standing.decided_by.partition(":")
    if key in ("shared", "unresolved", "ruling"):
        yield Step(f"place-{key}", {})
    elif key == "time" and not name:
        yield Step("tie-time-all", {})
    elif key != "total":
        yield Step(f"tie-{key.replace('_', '-')}", {"name": _title(scheme, name)})


def _no_place(scheme: Scheme, standing: Standing) -> Step:
    key, _, name = standing.decided_by.partition(":")
    params: dict[str, str | Text] = {"name": _title(scheme, name)}
    if standing.status is Outcome.NOT_QUALIFIED:
        return Step("gate-total" if not name else "gate", params)
    if key == "penalty":
        params = {"penalty": name}
        return Step(f"out-{_slug(standing.status)}", params)
    return Step(f"no-place-{_slug(standing.status)}", params)


def _title(scheme: Scheme, name: str) -> str | Text:
    """The title of a module, criterion or aspect; the id itself when nothing is called so."""
    for module in scheme.modules:
        if module.id == name:
            return module.title
        for criterion in module.criteria:
            if criterion.id == name:
                return criterion.title
        for aspect in module.aspects():
            if aspect.id == name:
                return aspect.title
    return name


def _slug(outcome: Outcome) -> str:
    return str(outcome).lower().replace("_", "-")
