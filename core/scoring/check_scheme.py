"""What is wrong with a marking scheme. Sums are computed again, never believed.

A code that ends in "-warning" is unusual, not wrong: the scheme can be used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from core.scoring.calculator import Calculator, by_version
from core.scoring.calculators import STANDARD
from core.scoring.check_bounds import aspect_bounds, module_bounds
from core.scoring.model import CONTROLS, Aspect, Criterion, Finding, Kind, Module, Scheme
from core.scoring.numbers import decimal_text, milli_text

WIDGETS = (*CONTROLS, "none")
OVER_TIME_PER = ("started", "full")


def check_scheme(scheme: Scheme, calculators: Sequence[Calculator] = ()) -> list[Finding]:
    """Findings with pointers into the scheme, all at once."""
    known = by_version([*STANDARD, *calculators])
    findings = []
    if not scheme.modules:
        findings.append(Finding("/modules", "scheme-empty", {}))
    findings += _doubled([(f"/modules/{i}/id", m.id) for i, m in enumerate(scheme.modules)])
    findings += _doubled(list(_criterion_ids(scheme)))
    findings += _doubled([(f"{at}/id", aspect.id) for at, aspect in _aspects(scheme)])
    for i, module in enumerate(scheme.modules):
        findings += _check_module(f"/modules/{i}", module)
        findings += module_bounds(f"/modules/{i}", module)
    for at, aspect in _aspects(scheme):
        findings += _check_aspect(at, aspect, known)
        findings += aspect_bounds(at, aspect)
        if scheme.sections and aspect.section not in {s.id for s in scheme.sections}:
            params = {"section": aspect.section, "known": ", ".join(s.id for s in scheme.sections)}
            findings.append(Finding(f"{at}/section", "section-unknown-warning", params))
    return [*findings, *_check_sections(scheme)]


def _aspects(scheme: Scheme) -> Iterable[tuple[str, Aspect]]:
    for m, module in enumerate(scheme.modules):
        for c, criterion in enumerate(module.criteria):
            for s, sub in enumerate(criterion.sub_criteria):
                for a, aspect in enumerate(sub.aspects):
                    yield f"/modules/{m}/criteria/{c}/sub_criteria/{s}/aspects/{a}", aspect


def _criterion_ids(scheme: Scheme) -> Iterable[tuple[str, str]]:
    for m, module in enumerate(scheme.modules):
        for c, criterion in enumerate(module.criteria):
            yield f"/modules/{m}/criteria/{c}/id", criterion.id


def _doubled(ids: list[tuple[str, str]]) -> list[Finding]:
    """Every id that is empty or stands a second time."""
    times: Counter[str] = Counter()
    findings = []
    for at, name in ids:
        times[name] += 1
        if not name:
            findings.append(Finding(at, "id-empty", {}))
        elif times[name] > 1:
            findings.append(Finding(at, "id-twice", {"id": name}))
    return findings


# --- sums ---------------------------------------------------------------------------------------


def _check_module(at: str, module: Module) -> list[Finding]:
    findings = []
    if not module.aspects():
        findings.append(Finding(f"{at}/criteria", "module-empty", {"module": module.id}))
    if module.weight < 0:
        params = {"value": decimal_text(module.weight), "least": "0"}
        findings.append(Finding(f"{at}/weight", "number-too-small", params))
    for c, criterion in enumerate(module.criteria):
        findings += _check_criterion(f"{at}/criteria/{c}", criterion)
    if module.maximum is not None and module.aspects():
        aspects = module.aspects()
        findings += _check_sum(f"{at}/maximum", "module-sum", module.id, module.maximum, aspects)
    if module.over_time is not None:
        findings += _check_over_time(f"{at}/over_time", module)
    return findings


def _check_criterion(at: str, criterion: Criterion) -> list[Finding]:
    aspects = [aspect for sub in criterion.sub_criteria for aspect in sub.aspects]
    if criterion.maximum is None:
        return []
    return _check_sum(f"{at}/maximum", "criterion-sum", criterion.id, criterion.maximum, aspects)


def _check_sum(
    at: str, code: str, name: str, maximum: int, aspects: Sequence[Aspect]
) -> list[Finding]:
    """For every entry that has aspects of its own the sum has to be the same."""
    typed = Fraction(maximum, 1000)
    for total in sorted(_sums(aspects)):
        if total != typed:
            params = {
                "id": name,
                "typed": decimal_text(typed),
                "sum": decimal_text(total),
                "difference": decimal_text(total - typed),
            }
            return [Finding(at, code, params)]
    return []


def _sums(aspects: Sequence[Aspect]) -> set[Fraction]:
    worth = {a.id: Fraction(a.maximum or 0, 1000) * a.factor for a in aspects}
    for_all = sum((worth[a.id] for a in aspects if not a.applies_to), Fraction(0))
    own: dict[str, Fraction] = defaultdict(Fraction)
    for aspect in aspects:
        for entry in aspect.applies_to:
            own[entry] += worth[aspect.id]
    return {for_all + extra for extra in own.values()} or {for_all}


def _check_over_time(at: str, module: Module) -> list[Finding]:
    rule, findings = module.over_time, []
    assert rule is not None
    for name, value in (("limit", rule.limit), ("unit", rule.unit)):
        if value < 1:
            findings.append(Finding(f"{at}/{name}", "count-below-one", {}))
    if rule.points < 0:
        params = {"value": milli_text(rule.points), "least": "0"}
        findings.append(Finding(f"{at}/points", "number-too-small", params))
    if rule.per not in OVER_TIME_PER:
        params = {"value": rule.per, "known": ", ".join(OVER_TIME_PER)}
        findings.append(Finding(f"{at}/per", "unknown-value", params))
    return findings


def _check_sections(scheme: Scheme) -> list[Finding]:
    """The standard's weighting against the aspects: reported, because published schemes differ."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for _, aspect in _aspects(scheme):
        sums[aspect.section] += Fraction(aspect.maximum or 0, 1000) * aspect.factor
    findings = []
    for i, section in enumerate(scheme.sections):
        typed, total = Fraction(section.weight, 1000), sums[section.id]
        if typed != total:
            params = {
                "id": section.id,
                "typed": decimal_text(typed),
                "sum": decimal_text(total),
                "difference": decimal_text(total - typed),
            }
            findings.append(Finding(f"/sections/{i}/weight", "section-sum-warning", params))
    return findings


# --- one aspect ---------------------------------------------------------------------------------


def _check_aspect(
    at: str, aspect: Aspect, known: dict[tuple[str, int], Calculator]
) -> list[Finding]:
    findings = [*_check_range(at, aspect), *_check_panel_size(at, aspect)]
    if not any(aspect.title.values()):
        findings.append(Finding(f"{at}/title", "title-empty", {"aspect": aspect.id}))
    if aspect.kind is Kind.JUDGEMENT:
        findings += _check_scale(at, aspect)
    if aspect.control.widget not in WIDGETS:
        params = {"value": aspect.control.widget, "known": ", ".join(WIDGETS)}
        findings.append(Finding(f"{at}/control/widget", "unknown-value", params))
    if aspect.factor <= 0:
        params = {"value": decimal_text(aspect.factor), "least": "0"}
        findings.append(Finding(f"{at}/factor", "number-too-small", params))
    return [*findings, *_check_calculation(at, aspect, known), *_check_defects(at, aspect)]


def _check_range(at: str, aspect: Aspect) -> list[Finding]:
    if aspect.maximum is None:
        if aspect.kind is Kind.GIVEN:
            return []
        return [Finding(f"{at}/maximum", "maximum-missing", {"aspect": aspect.id})]
    if aspect.maximum < aspect.minimum:
        params = {"lowest": milli_text(aspect.minimum), "highest": milli_text(aspect.maximum)}
        return [Finding(f"{at}/maximum", "range-reversed", params)]
    if aspect.step <= 0 and aspect.kind is Kind.POINTS:
        return [Finding(f"{at}/step", "number-too-small", {"value": "0", "least": "0.001"})]
    span = aspect.maximum - aspect.minimum
    if aspect.kind is Kind.POINTS and span % aspect.step:
        params = {"step": milli_text(aspect.step), "highest": milli_text(aspect.maximum)}
        return [Finding(f"{at}/step", "step-misses-maximum", params)]
    return []


def _check_panel_size(at: str, aspect: Aspect) -> list[Finding]:
    if aspect.judges < 1:
        return [Finding(f"{at}/judges", "count-below-one", {})]
    trim, dropped = aspect.trim, aspect.trim.high + aspect.trim.low
    if trim.high < 0 or trim.low < 0 or (dropped and trim.minimum <= dropped):
        params = {"dropped": str(dropped), "minimum": str(trim.minimum)}
        return [Finding(f"{at}/trim/minimum", "trim-drops-everything", params)]
    return []


def _check_scale(at: str, aspect: Aspect) -> list[Finding]:
    if aspect.top <= 0:
        return [Finding(f"{at}/top", "number-too-small", {"value": "0", "least": "1"})]
    wanted = aspect.top // 1000 + 1
    if len(aspect.descriptors) in (0, wanted):
        return []
    params = {"given": str(len(aspect.descriptors)), "wanted": str(wanted)}
    return [Finding(f"{at}/descriptors", "descriptors-count", params)]


def _check_calculation(
    at: str, aspect: Aspect, known: dict[tuple[str, int], Calculator]
) -> list[Finding]:
    wanted = aspect.calculation
    if wanted is None:
        return []
    if aspect.kind not in (Kind.MEASUREMENT, Kind.INSTRUMENT, Kind.TIME):
        return [Finding(f"{at}/calculation", "calculation-of-other-kind", {"kind": aspect.kind})]
    calculator = known.get((wanted.name, wanted.version))
    if calculator is None:
        names = ", ".join(sorted({name for name, _ in known}))
        params = {"name": wanted.name, "version": str(wanted.version), "known": names}
        return [Finding(f"{at}/calculation/name", "calculator-unknown", params)]
    return [
        Finding(f"{at}/calculation/parameters{f.pointer}", f.code, f.params)
        for f in calculator.check(wanted.parameters, aspect.maximum or 0)
    ]


def _check_defects(at: str, aspect: Aspect) -> list[Finding]:
    findings = _doubled([(f"{at}/defects/{i}/code", d.code) for i, d in enumerate(aspect.defects)])
    for i, defect in enumerate(aspect.defects):
        if not 0 <= defect.minimum <= defect.maximum:
            params = {"lowest": milli_text(defect.minimum), "highest": milli_text(defect.maximum)}
            findings.append(Finding(f"{at}/defects/{i}/maximum", "range-reversed", params))
    return findings
