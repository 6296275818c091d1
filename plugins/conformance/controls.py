"""Whether a judge can enter every aspect by the control that its type declares."""

from __future__ import annotations

from core.scoring.check import bounds, off_grid
from core.scoring.model import Aspect, Finding, Kind
from core.scoring.numbers import parse_api
from plugins.conformance.subject import Subject

_CHOOSING = ("CHOICE", "PASS_FAIL")
_TIMED = ("stopwatch", "clock")


def controls(subject: Subject) -> str:
    instruments = {instrument.code for instrument in subject.contest_type.instruments()}
    for aspect in subject.aspects():
        message = (
            _labels(aspect)
            or _choice(subject, aspect)
            or _file(aspect, instruments)
            or _time(aspect)
            or _columns(subject, aspect)
        )
        if message:
            return f"{aspect.id}: {message}"
    return ""


def _labels(aspect: Aspect) -> str:
    control = aspect.control
    named = control.choices or control.columns
    if control.labels and len(control.labels) != len(named):
        return f"{len(control.labels)} labels for {len(named)} choices or columns"
    return ""


def _choice(subject: Subject, aspect: Aspect) -> str:
    if aspect.control.widget != "choice":
        return ""
    name = aspect.calculation.name if aspect.calculation else ""
    if not aspect.control.choices and name not in _CHOOSING:
        return "a choice without choices"
    for choice in aspect.control.choices:
        if not _takes(subject, aspect, choice):
            return f"the choice {choice!r} is no value that a sheet takes"
    return ""


def _takes(subject: Subject, aspect: Aspect, choice: str) -> bool:
    if aspect.calculation is not None:
        return choice in subject.raws[aspect.id]
    value = parse_api(choice)
    if isinstance(value, Finding):
        return False
    low, high = bounds(aspect)
    return low <= value and (high is None or value <= high) and not off_grid(aspect, value)


def _file(aspect: Aspect, instruments: set[str]) -> str:
    if aspect.control.widget != "file":
        return ""
    wanted = aspect.control.instrument
    if wanted and wanted not in instruments:
        return f"there is no instrument {wanted!r}"
    if not wanted and len(instruments) != 1:
        return f"its control names none of the instruments {sorted(instruments)}"
    return ""


def _time(aspect: Aspect) -> str:
    if aspect.control.widget not in _TIMED:
        return ""
    if aspect.calculation is None and aspect.kind is not Kind.TIME:
        return f"a {aspect.control.widget} gives seconds, which only a calculator turns into points"
    unit = aspect.control.unit or aspect.unit
    return f"a {aspect.control.widget} gives seconds, not {unit}" if unit not in ("", "s") else ""


def _columns(subject: Subject, aspect: Aspect) -> str:
    wanted = len(aspect.control.columns)
    if not wanted:
        return ""
    if any(raw.count(";") + 1 == wanted for raw in subject.raws.get(aspect.id, ())):
        return ""
    return f"no readable value has {wanted} parts, one for each column"
