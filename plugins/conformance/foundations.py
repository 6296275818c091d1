"""What has to hold before fairness can be judged: exactness, freezing, no findings, repetition."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from core.contest_type import Option
from core.scoring import check_rules, check_scheme
from core.scoring.codec import canonical, from_json, to_json
from core.scoring.model import Aspect, Finding, Rules, Scheme
from plugins.conformance.subject import Property, Subject


def exact(subject: Subject) -> str:
    for name, value in (("scheme", subject.scheme), ("rules", subject.rules)):
        if place := _float_in(value, name):
            return f"{place} is a float; write marks in thousandths and weights as Fraction"
    return ""


def exact_results(subject: Subject) -> str:
    for aspect, raw in _calculations(subject):
        points = subject.points(aspect, raw)
        if isinstance(points, float):
            return f"calculator {_name(aspect)} gives the float {points!r} for {raw!r}"
    for record in subject.records():
        if place := _float_in(subject.score(record), "results"):
            return f"{place} is a float"
    return ""


def frozen(subject: Subject) -> str:
    for name, make, cls in (
        ("scheme", subject.contest_type.scheme, Scheme),
        ("rules", subject.contest_type.rules, Rules),
    ):
        first, second = canonical(make(subject.options)), canonical(make(subject.options))
        if first != second:
            return f"{name}() gives something else when it is called again"
        value: Any = make(subject.options)
        if from_json(cls, to_json(value)) != value:
            return f"{name}() does not come back from canonical JSON as it went in"
    names = [(c.name, c.version) for c in subject.calculators]
    if len(set(names)) != len(names):
        return "two calculators have the same name and version"
    return ""


def questions(subject: Subject) -> str:
    declared = {option.code: option for option in subject.contest_type.options}
    for option in subject.contest_type.options:
        if not _worded(option):
            return f"option {option.code!r} lacks words, or one of its choices or columns does"
        if option.when is None:
            continue
        asked_by = declared.get(option.when[0])
        known = {choice.code for choice in asked_by.choices} if asked_by else set()
        if not set(option.when[1]) <= known or not option.when[1]:
            return f"option {option.code!r} is asked when {option.when}, which never is"
    return ""


def _worded(option: Option) -> bool:
    titles = [option.title, *(choice.title for choice in option.choices)]
    return all(any(title.values()) for title in titles) and all(map(_worded, option.columns))


def complete(subject: Subject) -> str:
    findings = [
        *check_scheme(subject.scheme, subject.calculators),
        *check_rules(subject.scheme, subject.rules),
    ]
    wrong = [finding for finding in findings if not finding.is_warning]
    if wrong:
        return _shown(wrong)
    for aspect_id, raws in subject.raws.items():
        if not raws:
            return f"no raw value of {aspect_id} is known: pass examples={{{aspect_id!r}: […]}}"
    return ""


def repeatable(subject: Subject) -> str:
    for aspect, raw in _calculations(subject):
        if subject.points(aspect, raw) != subject.points(aspect, raw):
            return f"calculator {_name(aspect)} gives {raw!r} other points the second time"
    for record in subject.records():
        if canonical(subject.score(record)) != canonical(subject.score(record)):
            return "the same record gives other results the second time"
    return ""


FOUNDATIONS: tuple[tuple[str, Property], ...] = (
    ("exact", exact),
    ("frozen", frozen),
    ("questions", questions),
    ("complete", complete),
    ("exact", exact_results),
    ("repeatable", repeatable),
)
"""In this order: each needs those before it."""


def _calculations(subject: Subject) -> Iterator[tuple[Aspect, str]]:
    for aspect in subject.aspects():
        for raw in subject.raws.get(aspect.id, ()):
            yield aspect, raw


def _name(aspect: Aspect) -> str:
    return aspect.calculation.name if aspect.calculation else ""


def _float_in(value: Any, place: str) -> str:
    if isinstance(value, float):
        return place
    parts: Iterator[tuple[Any, Any]] = iter(())
    if dataclasses.is_dataclass(value):
        parts = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
    elif isinstance(value, Mapping):
        parts = iter(value.items())
    elif isinstance(value, list | tuple):
        parts = iter(enumerate(value))
    return next(filter(None, (_float_in(part, f"{place}/{key}") for key, part in parts)), "")


def _shown(findings: list[Finding]) -> str:
    return "; ".join(f"{f.pointer} {f.code} {dict(f.params)}" for f in findings[:3])
