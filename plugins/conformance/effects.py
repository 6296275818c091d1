"""What one change may do: a better mark, a penalty, a mark that goes missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from core.scoring.model import (
    Aspect,
    Kind,
    Mark,
    MissingPolicy,
    Outcome,
    Penalty,
    Record,
    Results,
    Standing,
)
from plugins.conformance.subject import Subject, changed, grid, limits_of, standings_of

# --- monotony -----------------------------------------------------------------------------------


def monotony(subject: Subject) -> str:
    for aspect in subject.aspects():
        if message := _calculator_direction(subject, aspect):
            return message
    for record in subject.records():
        before = standings_of(subject.score(record))
        for _ in range(8):
            at = subject.chance.randrange(len(record.sheets))
            if message := _raise_one(subject, record, before, at):
                return message
        if message := _penalise_one(subject, record, before):
            return message
    return ""


def _calculator_direction(subject: Subject, aspect: Aspect) -> str:
    if aspect.calculation is None or subject.calculator(aspect).direction == "none":
        return ""
    calculator = subject.calculator(aspect)
    values = sorted((Fraction(r), r) for r in subject.raws[aspect.id] if _is_number(r))
    points = [subject.points(aspect, raw) for _, raw in values]
    ordered = sorted(points, reverse=calculator.direction == "down")
    if points == ordered:
        return ""
    return f"calculator {calculator.name} says {calculator.direction!r}, but its points turn round"


def _is_number(raw: str) -> bool:
    return raw.removeprefix("-").replace(".", "", 1).isdecimal()


def _raise_one(subject: Subject, record: Record, before: Mapping[str, Standing], at: int) -> str:
    sheet = record.sheets[at]
    aspects = {aspect.id: aspect for aspect in subject.aspects()}
    aspect = aspects[subject.chance.choice(sorted(sheet.marks))]
    better = _better(subject, aspect, sheet.marks[aspect.id])
    if better is None:
        return ""
    old = before[sheet.entry]
    new = standings_of(subject.score(changed(record, at, aspect.id, better)))[sheet.entry]
    if old.rank is None or new.rank is None or old.total is None or new.total is None:
        return ""  # beyond an accepted spread the group scores again
    if new.total < old.total or new.rank > old.rank:
        return f"a better mark for {aspect.id} moved an entrant from {_at(old)} to {_at(new)}"
    return ""


def _better(subject: Subject, aspect: Aspect, mark: Mark) -> Mark | None:
    if aspect.calculation is not None:
        now = subject.points(aspect, mark.raw or "")
        more = [r for r in subject.raws[aspect.id] if subject.points(aspect, r) > now]
        return Mark(raw=subject.chance.choice(more)) if more and aspect.judges == 1 else None
    if mark.defects:
        return Mark(defects=mark.defects[1:])
    if mark.value is None or (aspect.kind is Kind.GIVEN and aspect.maximum is None):
        return None
    higher = [value for value in grid(aspect) if value > mark.value]
    return Mark(higher[0]) if higher else None


def _penalise_one(subject: Subject, record: Record, before: Mapping[str, Standing]) -> str:
    victim = subject.chance.choice(sorted(before))
    fined = replace(record, penalties=(Penalty("p", victim, "points", points=1500),))
    old, new = before[victim], standings_of(subject.score(fined))[victim]
    if old.rank is None or new.rank is None or old.total is None or new.total is None:
        return ""
    if new.total > old.total or new.rank < old.rank:
        return f"a penalty moved an entrant from {_at(old)} to {_at(new)}"
    return ""


def _at(standing: Standing) -> str:
    return f"place {standing.rank} ({standing.total})"


# --- isolation ----------------------------------------------------------------------------------


def isolation(subject: Subject) -> str:
    for record in subject.records():
        before = subject.score(record)
        for entry in record.entries:
            fined = replace(record, penalties=(Penalty("p", entry.id, "points", points=1500),))
            if _others(before, entry.id) != _others(subject.score(fined), entry.id):
                return "a penalty of one entrant changed the score of another"
        at = subject.chance.randrange(len(record.sheets))
        sheet = record.sheets[at]
        lost = changed(record, at, next(iter(sheet.marks)), Mark(outcome=Outcome.MISSING))
        if _others(before, sheet.entry) != _others(subject.score(lost), sheet.entry):
            return "a missing mark of one entrant changed the score of another"
    return ""


def _others(results: Results, victim: str) -> tuple[object, ...]:
    """Everything of everybody else but the places, which do move up and down."""
    return (
        [(s.entry, s.total) for s in sorted(results.standings, key=_entry) if s.entry != victim],
        [module for module in results.modules if module.entry != victim],
        [aspect for aspect in results.aspects if aspect.entry != victim],
    )


def _entry(standing: Standing) -> str:
    return standing.entry


STRICT = (MissingPolicy.BLOCK, MissingPolicy.UNRANKED)

# --- missing is not zero ------------------------------------------------------------------------


def missing(subject: Subject) -> str:
    for aspect in subject.aspects():
        if aspect.calculation is not None and not _refuses(subject, aspect):
            return f"{aspect.id}: the calculator gives points for a value that isn't there"
    for record in subject.records():
        entry = subject.chance.choice(record.entries).id
        for aspect in subject.aspects():
            own = not aspect.applies_to or entry in aspect.applies_to
            if own and (message := _lose(subject, record, aspect, entry)):
                return message
        if message := _lose_all(subject, record):
            return message
    return ""


def _refuses(subject: Subject, aspect: Aspect) -> bool:
    try:
        subject.points(aspect, "")
    except ValueError:
        return True
    return False


def _lose(subject: Subject, record: Record, aspect: Aspect, entry: str) -> str:
    """Marks go missing where all the others are as good as can be: more than a trim would drop."""
    lost = min(aspect.trim.low + 1, max(1, aspect.judges - 1))
    for gone in (Mark(outcome=Outcome.MISSING), None):
        results = subject.score(_without(subject, record, aspect, entry, lost, gone))
        for score in results.aspects:
            if score.entry != entry or score.aspect != aspect.id or score.award is None:
                continue
            if aspect.missing in STRICT or aspect.judges == 1:
                return f"{aspect.id}: {lost} of {aspect.judges} marks are missing, and it earned {score.award}"
            limits = limits_of(aspect)
            if limits and aspect.calculation is None and score.award != limits[1]:
                return (
                    f"{aspect.id}: missing marks turned the others' {limits[1]} into {score.award}"
                )
    return ""


def _without(
    subject: Subject, record: Record, aspect: Aspect, entry: str, lost: int, gone: Mark | None
) -> Record:
    sheets = []
    for sheet in record.sheets:
        marks = dict(sheet.marks)
        if sheet.entry == entry and aspect.id in marks:
            marks[aspect.id] = _best(subject, aspect)
            if lost > 0:
                lost -= 1
                del marks[aspect.id]
                marks |= {aspect.id: gone} if gone else {}
        sheets.append(replace(sheet, marks=marks))
    timed = aspect.kind is Kind.TIME
    timings = tuple(t for t in record.timings if not (timed and t.entry == entry))
    return replace(record, sheets=tuple(sheets), timings=timings)


def _best(subject: Subject, aspect: Aspect) -> Mark:
    if aspect.calculation is not None:
        raws = subject.raws[aspect.id]
        return Mark(raw=max(raws, key=lambda raw: subject.points(aspect, raw)))
    return Mark() if aspect.kind is Kind.DEDUCTION else Mark(grid(aspect)[-1])


def _lose_all(subject: Subject, record: Record) -> str:
    """Nobody marked this entrant: he has no place unless the scheme lets every module lack."""
    if not any(module.missing in STRICT for module in subject.scheme.modules):
        return ""
    victim = subject.chance.choice(record.entries).id
    sheets = tuple(sheet for sheet in record.sheets if sheet.entry != victim)
    timings = tuple(timing for timing in record.timings if timing.entry != victim)
    results = subject.score(replace(record, sheets=sheets, timings=timings))
    found = standings_of(results).get(victim)
    if found is not None and found.rank is not None:
        return f"an entrant without any mark has place {found.rank}"
    return ""
