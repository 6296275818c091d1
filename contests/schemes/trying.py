"""One aspect tried out with sample values: the engine's own points and its own explanation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.scoring import check, score
from core.scoring.calculator import Calculator, by_version
from core.scoring.calculators import STANDARD
from core.scoring.explain import Step, explain
from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Finding,
    FoundDefect,
    Kind,
    Mark,
    MissingPolicy,
    Module,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
)
from core.scoring.numbers import parse_typed

MOST_SAMPLES = 40
_BETWEEN = re.compile(r"[\s;；、/|]+")
_END = ("module-sum", "module-score", "module-missing")


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of samples. points: as shown, "" when there are none; then `findings` say why."""

    sample: str
    understood: str
    points: str
    steps: Sequence[Step] = ()
    findings: Sequence[Finding] = ()


def try_out(aspect: Aspect, samples: str, calculators: Sequence[Calculator] = ()) -> list[Tried]:
    """A line each: a measured value, or one mark of every judge beside one another ("8 8.5 9")."""
    lines = [line.strip() for line in samples.splitlines() if line.strip()][:MOST_SAMPLES]
    return [_tried(aspect, line, calculators) for line in lines]


def examples(aspect: Aspect) -> str:
    """What a reader may start from."""
    if aspect.calculation is not None:
        return _EXAMPLES.get(aspect.calculation.name, "0\n1\n2")
    if aspect.defects:
        return "\n".join(defect.code for defect in aspect.defects[:3])
    top = aspect.top if aspect.kind is Kind.JUDGEMENT else (aspect.maximum or 0)
    step = 1000 if aspect.kind is Kind.JUDGEMENT else max(aspect.step, 1)
    middle = (top * 3 // 4) // step * step
    if aspect.judges <= 1:
        return _points(middle)
    spread = [middle, min(top, middle + step), middle, max(0, middle - step), middle]
    return " ".join(_points(spread[n % 5]) for n in range(aspect.judges))


_EXAMPLES: Mapping[str, str] = {
    "PASS_FAIL": "true\nfalse",
    "NUMBER_COMPLETED": "0\n1\n3",
    "CHOICE": "choice1\nchoice2",
    "PER_ERROR": "0\n1\n3",
    "RMSE_BANDS": "0.0125;24",
}


def _points(milli: int) -> str:
    return f"{milli // 1000}.{milli % 1000:03d}".rstrip("0").rstrip(".")


def _tried(aspect: Aspect, line: str, calculators: Sequence[Calculator]) -> Tried:
    marks, findings = _marks(aspect, line, calculators)
    understood = " · ".join(_shown(mark) for mark in marks)
    if findings:
        return Tried(line, understood, "", findings=findings)
    if aspect.kind is Kind.JUDGEMENT or aspect.calculation is None:
        aspect = replace(aspect, judges=max(1, len(marks)))
    else:
        aspect = replace(aspect, judges=1)
    aspect = replace(aspect, applies_to=(), missing=MissingPolicy.BLOCK, panel="referees")
    scheme = _scheme(aspect)
    sheets = [Sheet("1", "1", f"J{n}", {aspect.id: mark}) for n, mark in enumerate(marks, 1)]
    wrong = [f for sheet in sheets for f in check(scheme, sheet, calculators)]
    if wrong:
        return Tried(line, understood, "", findings=_once(wrong))
    return _scored(scheme, aspect, line, understood, sheets, calculators)


def _scored(
    scheme: Scheme,
    aspect: Aspect,
    line: str,
    understood: str,
    sheets: Sequence[Sheet],
    calculators: Sequence[Calculator],
) -> Tried:
    rules = Rules(round_total=None)
    results = score(scheme, rules, Record((EntryFacts("1"),), tuple(sheets)), calculators)
    steps = []
    for step in explain(scheme, rules, results, "1")[1:]:
        if step.code in _END:
            break
        steps.append(step)
    found = next((one for one in results.aspects if one.aspect == aspect.id), None)
    points = ""
    if found is not None and found.award is not None:
        points = str(next((s.params.get("award", "") for s in steps if "award" in s.params), ""))
    return Tried(line, understood, points, steps)


def _scheme(aspect: Aspect) -> Scheme:
    subs = (SubCriterion("1", {}, (aspect,)),)
    return Scheme("1", {}, (Module("1", {}, None, (Criterion("1", {}, subs),)),))


def _marks(
    aspect: Aspect, line: str, calculators: Sequence[Calculator]
) -> tuple[list[Mark], list[Finding]]:
    if aspect.calculation is not None:
        return _measured(aspect, line, calculators)
    words = [word for word in _BETWEEN.split(line) if word]
    if aspect.kind is Kind.DEDUCTION and aspect.defects and _names_defects(aspect, words):
        return _defects(aspect, words)
    marks, findings = [], []
    for word in words:
        value = parse_typed(word)
        if isinstance(value, Finding):
            findings.append(value)
        else:
            marks.append(Mark(value=value.value))
    return marks, findings


def _measured(
    aspect: Aspect, line: str, calculators: Sequence[Calculator]
) -> tuple[list[Mark], list[Finding]]:
    assert aspect.calculation is not None
    known = by_version([*STANDARD, *calculators])
    calculator = known.get((aspect.calculation.name, aspect.calculation.version))
    if calculator is None:
        params = {"name": aspect.calculation.name, "version": str(aspect.calculation.version)}
        return [], [Finding("", "calculator-missing", params)]
    wrong = calculator.check(aspect.calculation.parameters, aspect.maximum or 0)
    if wrong:
        return [], wrong
    raw = calculator.parse(line, aspect.calculation.parameters)
    return ([Mark(raw=raw)], []) if isinstance(raw, str) else ([], raw)


def _names_defects(aspect: Aspect, words: Sequence[str]) -> bool:
    known = {defect.code for defect in aspect.defects}
    return any(word.partition("=")[0] in known for word in words)


def _defects(aspect: Aspect, words: Sequence[str]) -> tuple[list[Mark], list[Finding]]:
    """ "d1 d2=1.5": a code alone costs the least that it may."""
    least = {defect.code: defect.minimum for defect in aspect.defects}
    found, findings = [], []
    for word in words:
        code, _, cost = word.partition("=")
        value = parse_typed(cost) if cost else None
        if isinstance(value, Finding):
            findings.append(value)
            continue
        found.append(FoundDefect(code, value.value if value else least.get(code, 0)))
    return [Mark(defects=tuple(found))], findings


def _shown(mark: Mark) -> str:
    if mark.raw is not None:
        return mark.raw
    if mark.defects:
        return ", ".join(f"{one.code} −{_points(one.points)}" for one in mark.defects)
    value = mark.value or 0
    return f"-{_points(-value)}" if value < 0 else _points(value)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list({(f.code, tuple(sorted(f.params.items()))): f for f in findings}.values())
