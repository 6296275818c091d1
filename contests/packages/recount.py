"""Counting again from the log alone, and comparing it with everything else in the package.

The chain comes first: nothing is concluded from a log that was altered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contests.chain import LogLine, verify_chain
from contests.packages.archive import Files, check_sums
from contests.packages.format import (
    CONTEST,
    ENTRANTS,
    LOG,
    MARKS,
    PENALTIES,
    PLACES,
    RESULTS,
    RULES,
    RULINGS,
    SCHEME,
    STATUSES,
    TIMINGS,
    VACANT,
    VOTES,
    Package,
)
from contests.packages.reading import read_files
from contests.packages.signatures import check_signatures
from contests.replay import Replayed, Version, lines_of_version, replay
from contests.scoring import compute, results_hash, results_text
from core.errors import ContestTypeMissing
from core.scoring import ENGINE_VERSION
from core.scoring.calculator import CalculatorMissingError
from core.scoring.codec import canonical, to_json
from core.scoring.model import Finding, Outcome, Record, Results, Sheet, Standing
from core.scoring.numbers import decimal_text

MOST_DIFFERENCES = 50
_UNUSABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What a body of the wrong shape makes the replay or the engine raise."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What was counted. `results` is None when the log can't be counted."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()
    contest: str = ""
    entries: int = 0
    sheets: int = 0
    head: str = ""
    versions: int = 0
    results: Results | None = None


def recount_files(files: Files) -> Recount:
    """Raises ContestTypeMissing when the frozen type version is not installed."""
    sums = check_sums(files.contents)
    reading = read_files(files)
    if reading.package is None:
        return Recount((*sums, *reading.findings), reading.notes)
    package, log = reading.package, reading.package.log
    if not log:
        return Recount((*sums, Finding(f"/{LOG}", "recount-no-log", {})), reading.notes)
    chain = _chain(package)
    if chain:
        return Recount((*sums, *chain), reading.notes, contest=package.contest.code)
    return _count(package, sums, reading.notes)


def _chain(package: Package) -> list[Finding]:
    """`verify_chain` points at places in the list; people count entries from 1."""
    end = package.contest.log
    findings = verify_chain(
        package.log, contest=package.contest.id or None, head=end.head if end else None
    )
    return [
        Finding(f"/{LOG}/{int(f.pointer[1:]) + 1}" if f.pointer else f"/{LOG}", f.code, f.params)
        for f in findings
    ]


def _count(package: Package, sums: list[Finding], notes: tuple[Finding, ...]) -> Recount:
    log = package.log
    broken = _unusable(log)
    if broken is not None:
        return Recount((*sums, broken), notes, contest=package.contest.code)
    known = replay(log)
    findings = [*sums]
    if known.frozen is None:
        findings.append(Finding(f"/{LOG}", "recount-not-frozen", {}))
        return Recount(tuple(findings), notes, contest=package.contest.code)
    if known.frozen.engine != ENGINE_VERSION:
        raise ContestTypeMissing(code="engine", version=known.frozen.engine)
    findings += check_signatures(log, known.frozen.rules_hash)
    findings += _configuration(package, known)
    results = None
    try:
        findings += _versions(log, known)
        results = compute(known.frozen, known.record) if known.record else None
        findings += _stored(package, known)
    except CalculatorMissingError as error:
        raise ContestTypeMissing(code=error.name, version=error.version) from error
    except _UNUSABLE as error:
        params = {"reason": type(error).__name__}
        findings.append(Finding(f"/{LOG}", "recount-not-countable", params))
    if known.record:
        findings += _tables(_as_logged(package), known.record)
    return Recount(
        tuple(findings),
        notes,
        contest=package.contest.code,
        entries=len(log),
        sheets=sum(1 for line in log if line.kind == "sheet"),
        head=log[-1].hash,
        versions=len(known.versions),
        results=results,
    )


def _unusable(log: Sequence[LogLine]) -> Finding | None:
    """The first entry that the replay can't take, by number; None when it takes all of them."""
    try:
        replay(log)
    except _UNUSABLE:
        low, high = 0, len(log)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _replayable(log[:middle]) else (low, middle)
        line = log[low]
        params = {"seq": str(line.seq), "kind": line.kind}
        return Finding(f"/{LOG}/{line.seq}", "recount-entry-unusable", params)
    return None


def _replayable(log: Sequence[LogLine]) -> bool:
    try:
        replay(log)
    except _UNUSABLE:
        return False
    return True


def _configuration(package: Package, known: Replayed) -> Iterable[Finding]:
    frozen = known.frozen
    if frozen is None:
        return
    contest = package.contest
    said = {
        "type": (
            f"{contest.type.code} {contest.type.version}",
            f"{frozen.type} {frozen.type_version}",
        ),
        "rules_hash": (contest.rules_hash, frozen.rules_hash),
        "result_version": (str(contest.result_version), str(len(known.versions))),
        "log": (str(contest.log.length) if contest.log else "", str(len(package.log))),
    }
    for field, (found, expected) in said.items():
        if found != expected:
            params = {"field": field, "found": found or "empty", "expected": expected}
            yield Finding(f"/{CONTEST}/{field}", "recount-field-differs", params)
    for name, mine, theirs in (
        (SCHEME, package.scheme, frozen.scheme),
        (RULES, package.rules, frozen.rules),
    ):
        if canonical(mine) != canonical(theirs):
            yield Finding(f"/{name}", "recount-file-differs", {})


def _versions(log: Sequence[LogLine], known: Replayed) -> Iterable[Finding]:
    """Every version that was ever closed, each from the entries before it."""
    for version in known.versions:
        counted = _counted(log, version)
        found = results_hash(results_text(counted)) if counted else "none"
        if found != version.results_hash:
            params = {"expected": version.results_hash[:16], "found": found[:16]}
            yield Finding(f"/{LOG}/{version.seq}", "recount-hash-differs", params)
        if known.frozen and version.rules_hash != known.frozen.rules_hash:
            params = {
                "seq": str(version.seq),
                "found": version.rules_hash[:16],
                "expected": known.frozen.rules_hash[:16],
            }
            yield Finding(f"/{LOG}/{version.seq}", "recount-rule-hash-differs", params)


def _counted(log: Sequence[LogLine], version: Version) -> Results | None:
    then = replay(lines_of_version(log, version.number))
    if then.frozen is None or then.record is None:
        return None
    return compute(then.frozen, then.record)


def _stored(package: Package, known: Replayed) -> Iterable[Finding]:
    """results.json against the version that it says it is."""
    stored = package.results
    if stored is None:
        if known.versions:
            yield Finding(f"/{RESULTS}", "package-file-missing", {})
        else:
            yield Finding(f"/{LOG}", "recount-no-results", {})
        return
    version = next((v for v in known.versions if v.number == stored.version), None)
    if version is None:
        params = {"version": str(stored.version)}
        yield Finding(f"/{RESULTS}/version", "recount-version-missing", params)
        return
    for field, found, expected in (
        ("rules_hash", stored.rules_hash, version.rules_hash),
        ("log_head", stored.log_head, version.log_head),
    ):
        if found != expected:
            params = {"field": field, "found": found[:16], "expected": expected[:16]}
            yield Finding(f"/{RESULTS}/{field}", "recount-field-differs", params)
    counted = _counted(package.log, version)
    if counted is not None and results_text(counted) != results_text(stored.results):
        yield from _differences(stored.results, counted)


def _differences(stored: Results, counted: Results) -> list[Finding]:
    """Standing by standing, then aspect by aspect; at least the file itself."""
    found = [
        *_pairs("standings", stored.standings, counted.standings, lambda s: s.entry, _standing),
        *_pairs(
            "aspects",
            stored.aspects,
            counted.aspects,
            lambda a: f"{a.entry}/{a.aspect}",
            lambda a: _points(a.award),
        ),
    ]
    return found[:MOST_DIFFERENCES] or [Finding(f"/{RESULTS}", "recount-file-differs", {})]


def _pairs(
    part: str,
    stored: Iterable[Any],
    counted: Iterable[Any],
    key: Callable[[Any], str],
    text: Callable[[Any], str],
) -> Iterable[Finding]:
    mine, again = ({key(item): text(item) for item in items} for items in (stored, counted))
    for name in dict.fromkeys([*mine, *again]):
        found, expected = mine.get(name, "nothing"), again.get(name, "nothing")
        if found != expected:
            params = {"found": found, "expected": expected}
            yield Finding(f"/{RESULTS}/{part}/{name}", "recount-result-differs", params)


def _standing(standing: Standing) -> str:
    place = "no place" if standing.rank is None else f"place {standing.rank}"
    status = "" if standing.status is Outcome.SCORED else f" {standing.status}"
    return f"{place} {_points(standing.total)}{status} ({standing.decided_by})"


def _points(value: Any) -> str:
    return "nothing" if value is None else decimal_text(value)


def _as_logged(package: Package) -> Record:
    """Tables name delegations by code, the log by id."""
    ids = {d.code: d.id for d in package.contest.delegations if d.id}
    entries = (
        replace(e, delegation=ids.get(e.delegation, e.delegation)) for e in package.record.entries
    )
    return replace(package.record, entries=tuple(entries))


def _tables(mine: Record, theirs: Record) -> Iterable[Finding]:
    """The tables repeat what the log says, for people and spreadsheets; they may not differ."""
    for name, part in (
        (ENTRANTS, "entries"),
        (PENALTIES, "penalties"),
        (TIMINGS, "timings"),
        (STATUSES, "statuses"),
        (RULINGS, "rulings"),
        (PLACES, "places"),
        (VACANT, "vacant"),
    ):
        yield from _compare(name, getattr(mine, part), getattr(theirs, part))
    # a sheet without any mark has no line in a table
    yield from _compare(MARKS, _marked(mine), _marked(theirs))
    votes = [[p, e, n] for p, c in mine.votes.items() for e, n in c.items()]
    again = [[p, e, n] for p, c in theirs.votes.items() for e, n in c.items()]
    yield from _compare(VOTES, votes, again)


def _marked(record: Record) -> list[Sheet]:
    return [sheet for sheet in record.sheets if sheet.marks]


def _compare(name: str, mine: Iterable[Any], theirs: Iterable[Any]) -> Iterable[Finding]:
    found = {canonical(to_json(item)) for item in mine}
    expected = {canonical(to_json(item)) for item in theirs}
    if found != expected:
        params = {"found": str(len(found - expected)), "expected": str(len(expected - found))}
        yield Finding(f"/{name}", "recount-table-differs", params)
