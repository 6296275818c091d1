"""What is wrong with a sheet, and with a panel's sheets together. All of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.scoring.calculator import Calculator, by_version
from core.scoring.calculators import STANDARD
from core.scoring.codec import escape
from core.scoring.model import (
    Aspect,
    Defect,
    Finding,
    FoundDefect,
    Kind,
    Mark,
    Milli,
    Module,
    Outcome,
    Scheme,
    Sheet,
)
from core.scoring.numbers import milli_text
from core.scoring.panel import AGREED, spread_limit, value_of

Calculators = dict[tuple[str, int], Calculator]

NO_NUMBER = (Outcome.MISSING, Outcome.VOID)
"""What a mark may be instead of a number; DNS, DNF and DSQ are said of a module or an entry."""


def check(scheme: Scheme, sheet: Sheet, calculators: Sequence[Calculator] = ()) -> list[Finding]:
    """Findings with pointers into the sheet. An aspect without a mark is no finding here: what a
    panel still owes is seen when the contest is closed (`obstacles`)."""
    module = next((m for m in scheme.modules if m.id == sheet.module), None)
    if module is None:
        known = ", ".join(m.id for m in scheme.modules)
        return [Finding("/module", "module-unknown", {"module": sheet.module, "known": known})]
    findings = []
    for name in ("attempt", "round"):
        if getattr(sheet, name) < 1:
            findings.append(Finding(f"/{name}", "count-below-one", {}))
    known_calculators = by_version([*STANDARD, *calculators])
    aspects = {aspect.id: aspect for aspect in module.aspects()}
    for aspect_id in sheet.marks:
        findings += _check_mark(sheet, module, aspects, aspect_id, known_calculators)
    return findings


def check_panel(scheme: Scheme, aspect: Aspect, sheets: Sequence[Sheet]) -> list[Finding]:
    """The spread of the last round's marks of one entry, or one agreed value that differs.

    `sheets` are those of the group for one entry, module and attempt; pointers are into the list.
    """
    marked = [
        (i, sheet.round, sheet.marks[aspect.id])
        for i, sheet in enumerate(sheets)
        if sheet.counted and sheet.panel == aspect.panel and aspect.id in sheet.marks
    ]
    last = max((number for _, number, _ in marked), default=1)
    marks = [(i, m) for i, number, m in marked if number == last and m.outcome is Outcome.SCORED]
    if len(marks) < 2:
        return []
    if aspect.kind in AGREED and aspect.judges <= 1:
        return _check_agreed(aspect, marks)
    limit = spread_limit(aspect)
    if aspect.calculation is not None or limit is None:
        return []
    values = [(value_of(aspect, m), i) for i, m in marks if m.value is not None or m.defects]
    if not values:
        return []
    (lowest, _), (highest, i) = min(values), max(values)
    if highest - lowest <= limit:
        return []
    params = {
        "aspect": aspect.id,
        "lowest": milli_text(lowest),
        "highest": milli_text(highest),
        "spread": milli_text(highest - lowest),
        "limit": milli_text(limit),
    }
    return [Finding(f"/{i}/marks/{escape(aspect.id)}", "spread-too-wide", params)]


def _check_agreed(aspect: Aspect, marks: Iterable[tuple[int, Mark]]) -> list[Finding]:
    found = [(i, mark.raw if mark.raw is not None else _shown(mark.value)) for i, mark in marks]
    first = found[0][1]
    return [
        Finding(
            f"/{i}/marks/{escape(aspect.id)}",
            "agreed-value-differs",
            {"aspect": aspect.id, "first": first, "other": value},
        )
        for i, value in found[1:]
        if value != first
    ]


def _shown(value: Milli | None) -> str:
    return "" if value is None else milli_text(value)


# --- one mark -----------------------------------------------------------------------------------


def _check_mark(
    sheet: Sheet,
    module: Module,
    aspects: dict[str, Aspect],
    aspect_id: str,
    calculators: Calculators,
) -> list[Finding]:
    at, mark, aspect = f"/marks/{escape(aspect_id)}", sheet.marks[aspect_id], aspects.get(aspect_id)
    if aspect is None:
        params = {"aspect": aspect_id, "module": module.id}
        return [Finding(at, "aspect-unknown", params)]
    if aspect.panel != sheet.panel:
        params = {"aspect": aspect_id, "panel": aspect.panel, "given": sheet.panel}
        return [Finding(at, "aspect-other-panel", params)]
    if aspect.applies_to and sheet.entry not in aspect.applies_to:
        return [Finding(at, "aspect-not-for-entry", {"aspect": aspect_id})]
    if mark.outcome is not Outcome.SCORED:
        return _check_without_number(at, mark)
    if aspect.calculation is not None:
        return _check_raw(at, aspect, mark, calculators)
    if aspect.kind is Kind.DEDUCTION and mark.value is None:
        return _check_defects(at, aspect, mark)
    return _check_value(at, aspect, mark)


def _check_without_number(at: str, mark: Mark) -> list[Finding]:
    if mark.outcome not in NO_NUMBER:
        return [Finding(f"{at}/outcome", "outcome-not-a-mark", {"outcome": mark.outcome})]
    given = {"value": mark.value is not None, "raw": mark.raw is not None, "defects": mark.defects}
    return [
        Finding(f"{at}/{name}", "value-beside-outcome", {"outcome": mark.outcome})
        for name, present in given.items()
        if present
    ]


def _check_raw(at: str, aspect: Aspect, mark: Mark, calculators: Calculators) -> list[Finding]:
    wanted = aspect.calculation
    assert wanted is not None
    findings = []
    if mark.value is not None:
        findings.append(Finding(f"{at}/value", "value-of-measured-aspect", {"aspect": aspect.id}))
    if mark.raw is None:
        return [*findings, Finding(at, "raw-missing", {"aspect": aspect.id, "unit": aspect.unit})]
    calculator = calculators.get((wanted.name, wanted.version))
    if calculator is None:
        params = {"name": wanted.name, "version": str(wanted.version)}
        return [*findings, Finding(at, "calculator-missing", params)]
    parsed = calculator.parse(mark.raw, wanted.parameters)
    if isinstance(parsed, list):
        return [*findings, *(Finding(f"{at}/raw", f.code, f.params) for f in parsed)]
    if parsed != mark.raw:
        params = {"value": mark.raw[:40], "canonical": parsed}
        findings.append(Finding(f"{at}/raw", "raw-not-canonical", params))
    return findings


def _check_value(at: str, aspect: Aspect, mark: Mark) -> list[Finding]:
    findings = []
    if mark.raw is not None and aspect.kind is not Kind.TIME:
        findings.append(Finding(f"{at}/raw", "raw-without-calculator", {"aspect": aspect.id}))
    if mark.defects:
        findings.append(Finding(f"{at}/defects", "defects-of-other-kind", {"aspect": aspect.id}))
    value = mark.value
    if value is None:
        if aspect.kind is not Kind.TIME or mark.raw is None:
            findings.append(Finding(at, "value-missing", {"aspect": aspect.id}))
        return findings
    low, high = bounds(aspect)
    if high is not None and not low <= value <= high:
        params = {
            "value": milli_text(value),
            "lowest": milli_text(low),
            "highest": milli_text(high),
        }
        findings.append(Finding(f"{at}/value", "value-out-of-bounds", params))
    elif aspect.kind is not Kind.GIVEN and off_grid(aspect, value):
        params = {"value": milli_text(value), "step": milli_text(step(aspect))}
        findings.append(Finding(f"{at}/value", "value-off-grid", params))
    return findings


def bounds(aspect: Aspect) -> tuple[Milli, Milli | None]:
    """What a judge may enter. A maximum of None (given values) has no bounds."""
    if aspect.kind is Kind.JUDGEMENT:
        return 0, aspect.top
    return aspect.minimum, aspect.maximum


def step(aspect: Aspect) -> Milli:
    """Judgement goes by whole scores unless its control says finer."""
    if aspect.kind is Kind.JUDGEMENT:
        return aspect.control.step or 1000
    return aspect.step


def off_grid(aspect: Aspect, value: Milli) -> bool:
    """The grid starts at the lowest value; the highest is always on it."""
    low, high = bounds(aspect)
    return value != high and step(aspect) > 0 and (value - low) % step(aspect) != 0


def _check_defects(at: str, aspect: Aspect, mark: Mark) -> list[Finding]:
    findings = []
    if mark.raw is not None:
        findings.append(Finding(f"{at}/raw", "raw-without-calculator", {"aspect": aspect.id}))
    known = {defect.code: defect for defect in aspect.defects}
    seen: set[str] = set()
    for i, found in enumerate(mark.defects):
        here = f"{at}/defects/{i}"
        defect = known.get(found.code)
        if defect is None:
            params = {"code": found.code, "known": ", ".join(known)}
            findings.append(Finding(f"{here}/code", "defect-unknown", params))
            continue
        if found.code in seen and not defect.repeatable:
            findings.append(Finding(f"{here}/code", "defect-twice", {"code": found.code}))
        seen.add(found.code)
        findings += _check_defect_points(here, defect, found)
    return findings


def _check_defect_points(here: str, defect: Defect, found: FoundDefect) -> list[Finding]:
    if not defect.minimum <= found.points <= defect.maximum:
        params = {
            "value": milli_text(found.points),
            "lowest": milli_text(defect.minimum),
            "highest": milli_text(defect.maximum),
        }
        return [Finding(f"{here}/points", "value-out-of-bounds", params)]
    off = defect.step > 0 and (found.points - defect.minimum) % defect.step
    if off and found.points != defect.maximum:
        params = {"value": milli_text(found.points), "step": milli_text(defect.step)}
        return [Finding(f"{here}/points", "value-off-grid", params)]
    return []
