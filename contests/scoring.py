"""From a replayed log to results: the one place where contests call the engine.

The live close, a correction, a preview and `jiangxin recount` all come through `compute`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from contests.replay import Frozen, Replayed
from core.contest_type import ContestType
from core.registry import registry
from core.scoring import ENGINE_VERSION, check_rules, check_scheme, obstacles, score
from core.scoring.codec import canonical, from_json, load, to_json
from core.scoring.model import Finding, Record, Results, Rules, Scheme


def frozen_body(
    contest_type: ContestType, options: Mapping[str, Any], scheme: Scheme, rules: Rules
) -> dict[str, Any]:
    """The body of `rules_frozen`."""
    return {
        "type": contest_type.code,
        "type_version": contest_type.version,
        "engine": ENGINE_VERSION,
        "options": dict(options),
        "scheme": to_json(scheme),
        "rules": to_json(rules),
        "calculators": [list(pair) for pair in sorted(_calculators(scheme))],
    }


def type_of(frozen: Frozen) -> ContestType:
    """Raises ContestTypeMissing for an absent version: never a newer one."""
    return registry().contest_type(frozen.type, frozen.type_version)


def compute(frozen: Frozen, record: Record) -> Results:
    """Standings, module and aspect scores, proposed awards: pure but for finding the type."""
    return score(frozen.scheme, frozen.rules, record, type_of(frozen).calculators())


def in_the_way(frozen: Frozen, results: Results) -> list[Finding]:
    """Missing marks, unsettled aspects and forbidden ties that keep these results from closing."""
    return obstacles(frozen.scheme, frozen.rules, results)


def preview(known: Replayed) -> Results | None:
    """What the results would be now; None before the codes are open."""
    if known.frozen is None or known.record is None:
        return None
    return compute(known.frozen, known.record)


def results_text(results: Results) -> str:
    """The stored form; its SHA-256 is what is signed."""
    return canonical(results).decode()


def results_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_results(text: str) -> Results:
    value, _ = load(text)
    return from_json(Results, value)


def scheme_findings(contest_type: ContestType, scheme: Scheme) -> list[Finding]:
    """Everything wrong with a scheme: sums, calculators, scales. What is only unusual (a section's
    weight that its aspects miss) is left to the importer's report."""
    found = check_scheme(scheme, contest_type.calculators())
    return [finding for finding in found if not finding.is_warning]


def rules_findings(scheme: Scheme, rules: Rules) -> list[Finding]:
    """Everything wrong with rules for this scheme."""
    return check_rules(scheme, rules)


def _calculators(scheme: Scheme) -> set[tuple[str, int]]:
    aspects = [aspect for module in scheme.modules for aspect in module.aspects()]
    return {(a.calculation.name, a.calculation.version) for a in aspects if a.calculation}
