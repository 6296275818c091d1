"""Small schemes and records in few words, for the tests of scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    Module,
    Record,
    Scheme,
    Sheet,
    SubCriterion,
    Text,
    Trim,
)


def text(name: str) -> Text:
    return {"en": name}


def milli(value: str | int) -> int:
    return int(Fraction(value) * 1000)


def aspect(
    name: str = "A1", kind: Kind = Kind.POINTS, maximum: str | None = "10", **more: Any
) -> Aspect:
    highest = None if maximum is None else milli(maximum)
    return Aspect(name, kind, text(name), highest, **({"step": 10} | more))


def panel(name: str, maximum: str, judges: int = 5, **more: Any) -> Aspect:
    """A card line: highest and lowest of five dropped, mean to two decimals."""
    facts = {"step": 500, "judges": judges, "trim": Trim(1, 1, 5), "round_panel": 2}
    return aspect(name, Kind.POINTS, maximum, **(facts | more))


def module(name: str = "M", *aspects: Aspect, maximum: str | None = None, **more: Any) -> Module:
    sub = SubCriterion(f"{name}.1", text(name), aspects)
    criterion = Criterion(f"{name}.C", text(name), (sub,))
    highest = None if maximum is None else milli(maximum)
    return Module(name, text(name), highest, (criterion,), **more)


def scheme(*modules: Module) -> Scheme:
    return Scheme("test", text("Test"), modules)


def one(*aspects: Aspect, **more: Any) -> Scheme:
    """One module "M"."""
    return scheme(module("M", *aspects, **more))


def mark(value: str | int) -> Mark:
    return Mark(milli(value))


def sheet(entry: str, judge: str, marks: Mapping[str, Mark | str | int], **more: Any) -> Sheet:
    given = {a: m if isinstance(m, Mark) else mark(m) for a, m in marks.items()}
    facts: dict[str, Any] = {"module": "M", "panel": "referees"} | more
    return Sheet(entry=entry, judge=judge, marks=given, **facts)


def sheets(
    entry: str, name: str, values: Sequence[str | int | Mark], **more: Any
) -> tuple[Sheet, ...]:
    """One aspect, a judge a value."""
    return tuple(sheet(entry, f"J{i}", {name: v}, **more) for i, v in enumerate(values, 1))


def record(entries: str | Sequence[EntryFacts], *lists: Sequence[Sheet], **more: Any) -> Record:
    """entries: facts, or ids separated by spaces."""
    facts = [EntryFacts(e) for e in entries.split()] if isinstance(entries, str) else entries
    return Record(tuple(facts), tuple(s for given in lists for s in given), **more)


def totals(scores: Mapping[str, str | int], name: str = "A1", **more: Any) -> tuple[Record, Scheme]:
    """Entries with one given value each: for what comes after the total."""
    whole = one(aspect(name, Kind.GIVEN, None))
    given = [sheet(entry, "clerk", {name: value}) for entry, value in scores.items()]
    facts = more.pop("facts", [EntryFacts(entry) for entry in scores])
    return record(facts, given, **more), whole
