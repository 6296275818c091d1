"""Standings from a package alone: no database, no secrets, nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contests.packages.csv_tables import MOST_FINDINGS
from contests.packages.format import MARKS, RULES, SCHEME, Package, Reading
from contests.replay import Frozen
from contests.scoring import compute, rules_findings, type_of
from core.scoring import ENGINE_VERSION, check_scheme, obstacles
from core.scoring.model import Finding, Results, Sheet
from core.scoring.numbers import decimal_text


@dataclass(frozen=True, slots=True)
class Scored:
    """`results` is None while there are findings. `notes` say what is unusual, and what would keep
    the contest from being closed."""

    results: Results | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def score_package(reading: Reading) -> Scored:
    """Raises ContestTypeMissing when the package's type is not installed in that version."""
    package = reading.package
    if package is None:
        return Scored(None, reading.findings, reading.notes)
    frozen = frozen_of(package)
    found = [*configuration_findings(package), *_sheets(package, frozen, reading.lines)]
    findings = tuple(f for f in found if not f.is_warning)
    notes = (*reading.notes, *(f for f in found if f.is_warning))
    if findings:
        return Scored(None, findings, notes)
    results = compute(frozen, package.record)
    waiting = obstacles(package.scheme, package.rules, results)
    return Scored(results, (), (*notes, *waiting))


def score_json(results: Results) -> dict[str, Any]:
    """What `jiangxin score --json` prints; docs/schemas/score.json describes it."""
    return {
        "standings": [
            {
                "entry": s.entry,
                "group": s.group,
                "rank": s.rank,
                "total": _text(s.total),
                "status": str(s.status),
                "decided_by": s.decided_by,
            }
            for s in results.standings
        ],
        "aspects": [
            {
                "entry": a.entry,
                "aspect": a.aspect,
                "panel": _text(a.panel),
                "award": _text(a.award),
            }
            for a in results.aspects
        ],
    }


def frozen_of(package: Package) -> Frozen:
    """What a frozen contest would hold, from the package's own files."""
    return Frozen(
        type=package.contest.type.code,
        type_version=package.contest.type.version,
        engine=ENGINE_VERSION,
        options=package.contest.options,
        scheme=package.scheme,
        rules=package.rules,
        calculators=(),
        rules_hash=package.contest.rules_hash,
    )


def configuration_findings(package: Package) -> list[Finding]:
    """Everything wrong or unusual about the scheme and the rules themselves."""
    contest_type = type_of(frozen_of(package))
    return [
        *_under(SCHEME, check_scheme(package.scheme, contest_type.calculators())),
        *_under(RULES, rules_findings(package.scheme, package.rules)),
    ]


def _under(name: str, findings: Iterable[Finding]) -> list[Finding]:
    return [Finding(f"/{name}{f.pointer}", f.code, f.params) for f in findings]


def _sheets(
    package: Package, frozen: Frozen, lines: Mapping[tuple[Any, ...], int]
) -> list[Finding]:
    """What the contest type says of each sheet, at the line of the mark."""
    contest_type = type_of(frozen)
    found: list[Finding] = []
    for sheet in package.record.sheets:
        for finding in contest_type.check(package.scheme, sheet):
            found.append(_at_line(finding, sheet, lines))
        if len(found) >= MOST_FINDINGS:
            break
    return found


def _at_line(finding: Finding, sheet: Sheet, lines: Mapping[tuple[Any, ...], int]) -> Finding:
    """ "/marks/A1/value" of a sheet -> "/marks.csv/17/value"."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in finding.pointer.split("/")[1:]]
    key = (sheet.entry, sheet.module, sheet.judge, sheet.panel, sheet.attempt, sheet.round)
    line = lines.get((*key, parts[1] if parts[:1] == ["marks"] and parts[1:] else ""))
    if line is None:
        line = next((n for k, n in lines.items() if k[:-1] == key), 1)
        rest = [part for part in parts if part != "marks"]
    else:
        rest = parts[2:]
    pointer = "/".join([f"/{MARKS}/{line}", *rest])
    return Finding(pointer, finding.code, finding.params)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)
