"""What still stands in the way of opening the codes and of closing, pure: all of it at once.

`opened` is module → code → entry: unsealed by the caller before the codes are public, the log's own
afterwards. No finding names an entry together with its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from contests.chain import instant
from contests.duties import duties, markers, on_sheets, sub_criteria
from contests.replay import AppointedFacts, Replayed, StoredSheet
from contests.replay.seats import emptied, holders, policies_of, voided
from core.scoring.model import (
    Aspect,
    Finding,
    MissingPolicy,
    Module,
    Outcome,
    Results,
    SubCriterion,
)

Opened = Mapping[str, Mapping[str, str]]
_EXCUSING = frozenset({Outcome.DNS, Outcome.DNF, Outcome.DSQ, Outcome.VOID})


def unmet_marking(known: Replayed, opened: Opened) -> list[Finding]:
    """Undrawn modules, missing sheets by code and seat, open rounds, undecided conflicts."""
    if known.frozen is None:
        return [Finding("", "rules-not-frozen", {})]
    scheme = known.frozen.scheme
    undrawn = [
        Finding("/codes", "module-not-drawn", {"module": module.id})
        for module in scheme.modules
        if module.id not in known.codes and any(map(on_sheets, module.aspects()))
    ]
    missing = [
        finding
        for module in scheme.modules
        for finding in _missing(module, known, opened.get(module.id, {}))
    ]
    return [*undrawn, *missing, *_rounds(known), *_conflicts(known)]


def unmet_closing(known: Replayed) -> list[Finding]:
    """The same, and codes that are still sealed."""
    findings = unmet_marking(known, known.opened)
    if known.record is None:
        findings.append(Finding("/codes", "codes-not-open", {}))
    return findings


def awards_unconfirmed(results: Results, known: Replayed, version: int) -> list[Finding]:
    """Flagged proposals (a tie at the boundary, a rounded count) that nobody has confirmed."""
    if version in known.awards:
        return []
    return [
        Finding(
            "/awards",
            "award-needs-confirmation",
            {"entry": award.entry, "prize": award.prize, "why": award.flagged},
        )
        for award in results.awards
        if award.flagged
    ]


def open_appeals(known: Replayed) -> list[Finding]:
    return [Finding("/appeals", "appeal-open", {"id": appeal}) for appeal in sorted(known.appeals)]


def notice_running(until: datetime | None, now: datetime) -> list[Finding]:
    """The public notice is not over."""
    if until is not None and now < until:
        return [Finding("/notice_until", "notice-running", {"until": instant(until)})]
    return []


def excused(known: Replayed, module: str, code: str, entry: str) -> bool:
    """Nothing is owed: absent, not finished, disqualified, void, or a trial entry."""
    if {(entry, ""), (entry, module)} & known.absent:
        return True
    if any(facts.id == entry and facts.trial for facts in known.entries):
        return True
    named = {code, entry}
    if any(
        status.entry in named and status.module in {"", module} and status.status in _EXCUSING
        for status in (*known.by_code.statuses, *(known.record.statuses if known.record else ()))
    ):
        return True
    return any(
        penalty.entry in named
        and (
            penalty.scope in {"disqualify", "project"}
            or (penalty.scope == "module" and penalty.module == module)
        )
        for penalty in known.penalties
    )


def _missing(module: Module, known: Replayed, opened: Mapping[str, str]) -> Iterator[Finding]:
    active = [a for a in known.appointments.values() if a.id not in known.ended]
    by_code: dict[tuple[str, int], list[StoredSheet]] = {}
    for stored in known.sheets:
        if stored.sheet.module == module.id:
            work = (stored.sheet.entry, stored.sheet.attempt)
            by_code.setdefault(work, []).append(stored)
    for code in known.codes.get(module.id, ()):
        entry = opened.get(code, "")
        if entry and excused(known, module.id, code, entry):
            continue
        attempts = sorted({1} | {attempt for found, attempt in by_code if found == code})
        for attempt in attempts:
            sheets = by_code.get((code, attempt), [])
            yield from _missing_work(module, known, active, sheets, (code, entry, attempt))


def _missing_work(
    module: Module,
    known: Replayed,
    active: Sequence[AppointedFacts],
    sheets: Sequence[StoredSheet],
    work: tuple[str, str, int],
) -> Iterator[Finding]:
    code, entry, attempt = work
    given = _given(sheets, known, entry)
    empty = emptied(known.appointments, policies_of(known.left))
    lacking: dict[str, list[str]] = {}
    short: list[str] = []
    for sub in sub_criteria(module):
        for aspect in sub.aspects:
            if not _owed(aspect, entry):
                continue
            judges = markers(module.id, sub, aspect, active)
            late = _late_judges(aspect, judges, given, known, entry)
            for judge in late:
                lacking.setdefault(judge.id, []).append(aspect.id)
            if not late and _too_few(aspect, sub, given, known, entry, module, empty):
                short.append(aspect.id)
    for judge_id, aspects in lacking.items():
        judge = known.appointments[judge_id]
        whole = len(aspects) == len(duties(module, judge)) and not any(
            stored.sheet.judge == judge_id for stored in sheets
        )
        params = {"module": module.id, "code": code, "seat": judge.seat, "attempt": str(attempt)}
        if whole:
            yield Finding("/sheets", "sheet-missing", params)
        else:
            yield Finding("/sheets", "marks-missing", {**params, "aspects": ", ".join(aspects)})
    if short:
        params = {"module": module.id, "code": code, "aspects": ", ".join(short)}
        yield Finding("/sheets", "too-few-marks", params)


def _owed(aspect: Aspect, entry: str) -> bool:
    applies = not aspect.applies_to or not entry or entry in aspect.applies_to
    return on_sheets(aspect) and aspect.missing is MissingPolicy.BLOCK and applies


def _given(sheets: Sequence[StoredSheet], known: Replayed, entry: str) -> dict[str, set[str]]:
    """Aspect -> judges with a mark that counts, in any round."""
    given: dict[str, set[str]] = {}
    out = voided(known.appointments, policies_of(known.left))
    for stored in sheets:
        judge = stored.sheet.judge
        if stored.countable and judge not in out and (judge, entry) not in known.recused:
            for aspect, mark in stored.sheet.marks.items():
                if mark.outcome is not Outcome.MISSING:
                    given.setdefault(aspect, set()).add(stored.sheet.judge)
    return given


def _late_judges(
    aspect: Aspect,
    judges: Sequence[AppointedFacts],
    given: Mapping[str, set[str]],
    known: Replayed,
    entry: str,
) -> list[AppointedFacts]:
    """Who still owes this mark. One agreed value is owed by the group's first judge by name; a
    substitute owes nothing that the judge before had marked."""
    marked = given.get(aspect.id, set())
    if len(marked) >= max(aspect.judges, 1):
        return []
    owing = [
        j
        for j in judges
        if not marked.intersection(holders(j.id, known.appointments))
        and (j.id, entry) not in known.recused
    ]
    return owing[:1] if aspect.judges <= 1 else owing


def _too_few(
    aspect: Aspect,
    sub: SubCriterion,
    given: Mapping[str, set[str]],
    known: Replayed,
    entry: str,
    module: Module,
    empty: Sequence[tuple[str, ...]],
) -> bool:
    theirs = markers(module.id, sub, aspect, known.appointments.values())
    recused = {j.id for j in theirs if (j.id, entry) in known.recused}
    marked = given.get(aspect.id, set())
    own = {j.id for j in theirs}
    vacant = sum(
        seat[-1] in own and not marked.intersection(seat) and not recused.intersection(seat)
        for seat in empty
    )
    return len(marked) < max(aspect.judges - len(recused) - vacant, 1)


def _rounds(known: Replayed) -> list[Finding]:
    return [
        Finding(
            "/rounds",
            "round-open",
            {
                "module": facts.module,
                "code": facts.code,
                "round": str(facts.round),
                "group": facts.group or facts.panel,
                "aspects": ", ".join(facts.aspects),
            },
        )
        for facts in known.rounds
    ]


def _conflicts(known: Replayed) -> list[Finding]:
    found = {stored.slot: stored for stored in known.sheets}
    findings = []
    for slot in known.conflicts:
        stored = found[slot]
        judge = known.appointments.get(stored.sheet.judge)
        params = {
            "module": stored.sheet.module,
            "code": stored.sheet.entry,
            "seat": judge.seat if judge else "",
        }
        findings.append(Finding(f"/sheets/{slot}", "conflict-undecided", params))
    return findings
