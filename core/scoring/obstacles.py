"""What still keeps a contest from being closed, as far as marks and places decide it."""

from __future__ import annotations

from core.scoring.codec import escape
from core.scoring.model import (
    AspectScore,
    Finding,
    MissingPolicy,
    Module,
    Outcome,
    Results,
    Rules,
    Scheme,
)

WHY = {
    "absent": "mark-absent",
    "incomplete": "panel-incomplete",
    "spread": "spread-unresolved",
    "disagree": "marks-disagree",
    "unreadable": "raw-unreadable",
}
ALWAYS = ("spread", "disagree", "unreadable")
"""No missing-mark policy excuses these: marks are there, and they don't settle."""


def obstacles(scheme: Scheme, rules: Rules, results: Results) -> list[Finding]:
    """Pointers are /entries/{entry}/modules/{module}/aspects/{aspect}, or shorter."""
    waiting = {s.entry for s in results.standings if s.status in (Outcome.SCORED, Outcome.MISSING)}
    modules = {module.id: module for module in scheme.modules}
    aspects: dict[tuple[str, str], list[AspectScore]] = {}
    for aspect in results.aspects:
        aspects.setdefault((aspect.entry, aspect.module), []).append(aspect)
    findings = []
    for score in results.modules:
        if score.entry in waiting and score.outcome is Outcome.MISSING:
            own = aspects.get((score.entry, score.module), [])
            findings += _of_module(score.entry, modules[score.module], own)
    for entries in results.unresolved:
        params = {"entries": ", ".join(entries)}
        findings.append(Finding(f"/entries/{escape(entries[0])}", "tie-unresolved", params))
    return findings


def _of_module(entry: str, module: Module, scores: list[AspectScore]) -> list[Finding]:
    at = f"/entries/{escape(entry)}/modules/{escape(module.id)}"
    params = {"entry": entry, "module": module.id}
    if scores and all(score.reason == "absent" for score in scores):
        absent = [Finding(at, "module-absent", params)]
        return absent if module.missing is MissingPolicy.BLOCK else []
    policies = {aspect.id: aspect.missing for aspect in module.aspects()}
    lacking = [
        score
        for score in scores
        if score.outcome is Outcome.MISSING
        and (score.reason in ALWAYS or policies[score.aspect] is MissingPolicy.BLOCK)
    ]
    findings = [
        Finding(
            f"{at}/aspects/{escape(score.aspect)}",
            WHY[score.reason],
            params | {"aspect": score.aspect, "marks": str(len(score.used))},
        )
        for score in lacking
    ]
    if not findings and not any(score.outcome is Outcome.MISSING for score in scores):
        findings.append(Finding(at, "attempt-unruled", params))
    return findings
