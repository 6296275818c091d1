"""From an aspect of the scheme to the control that a tablet shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contests.judging.schemas import (
    AspectView,
    CalculationView,
    ChoiceView,
    ColumnView,
    DefectView,
    InstrumentView,
)
from contests.judging.wording import COLUMNS, STANDARD_SCALE
from core.contest_type import Instrument
from core.scoring.check import step
from core.scoring.model import CONTROLS, Aspect, Defect, Kind, Text
from core.scoring.numbers import milli_text

_BY_CALCULATOR = {"PASS_FAIL": "pass", "NUMBER_COMPLETED": "count", "CHOICE": "choice"}
_AROUND = ("file", "stopwatch", "clock")
_FINEST_WATCH = 10
_MOST_COUNTED = 99
_MOST_SENT = 2 * 1024 * 1024
"""Bytes of a file that a tablet can hand in."""


def aspect_view(aspect: Aspect, instruments: Sequence[Instrument] = ()) -> AspectView:
    """How the aspect is shown and entered."""
    widget, entry = widget_of(aspect), entry_of(aspect)
    return AspectView(
        id=aspect.id,
        kind=str(aspect.kind),
        title=dict(aspect.title),
        widget=widget,  # type: ignore[arg-type]  # one of CONTROLS, "pass" or "given"
        entry=entry,  # type: ignore[arg-type]  # as above
        minimum=milli_text(0 if aspect.kind is Kind.JUDGEMENT else aspect.minimum),
        maximum=milli_text(_top(aspect, entry)),
        step=milli_text(step(aspect) or 10),
        range=_range(aspect, widget),
        worth=milli_text(aspect.maximum or 0),
        decimals=aspect.round_award,
        resolution=milli_text(aspect.control.step or _FINEST_WATCH),
        unit=aspect.control.unit or aspect.unit,
        requirement=aspect.requirement,
        descriptors=[dict(text) for text in _descriptors(aspect)] if widget == "levels" else [],
        choices=_choices(aspect) if entry in ("choice", "pass") else [],
        columns=_columns(aspect),
        defects=[_defect(defect) for defect in aspect.defects],
        calculation=_calculation(aspect),
        instrument=_instrument(aspect, instruments) if widget == "file" else None,
    )


def widget_of(aspect: Aspect) -> str:
    """What the type declares, as long as the aspect can be entered by it; else what fits."""
    declared = aspect.control.widget
    calculator = aspect.calculation.name if aspect.calculation else ""
    if declared == "choice" and calculator == "PASS_FAIL":
        return "pass"
    if declared != "grid" and declared in CONTROLS and _enters(aspect, declared):
        return declared
    return _fitting(aspect)


def entry_of(aspect: Aspect) -> str:
    """The control for the value where a file, a stop-watch or a clock stands around it."""
    widget = widget_of(aspect)
    return _fitting(aspect) if widget in _AROUND else widget


def _fitting(aspect: Aspect) -> str:
    """What fits an aspect that declares nothing."""
    if aspect.calculation is not None:
        return _BY_CALCULATOR.get(aspect.calculation.name, "number")
    if aspect.kind is Kind.JUDGEMENT:
        return "levels"
    if aspect.kind is Kind.DEDUCTION and aspect.defects:
        return "defects"
    return "given" if aspect.maximum is None else "grid"


def _enters(aspect: Aspect, widget: str) -> bool:
    """Whether the declared control can give a mark that the aspect takes."""
    if widget == "levels":
        return aspect.calculation is None and aspect.maximum is not None
    if widget == "choice":
        return bool(_choices(aspect))
    if widget == "defects":
        return aspect.kind is Kind.DEDUCTION and bool(aspect.defects)
    return aspect.kind is not Kind.JUDGEMENT


def _top(aspect: Aspect, widget: str) -> int:
    if aspect.kind is Kind.JUDGEMENT:
        return aspect.top
    if widget == "count" and (aspect.calculation or aspect.maximum is None):
        return _countable(aspect) * 1000
    return aspect.maximum or 0


def _countable(aspect: Aspect) -> int:
    """How many there are to complete, where the calculator says it."""
    parameters = aspect.calculation.parameters if aspect.calculation else {}
    for name in ("total", "count", "number", "of", "maximum"):
        if str(parameters.get(name, "")).isdecimal():
            return int(parameters[name])
    return _MOST_COUNTED


def _range(aspect: Aspect, widget: str) -> str:
    if widget == "grid":
        return f"{milli_text(aspect.minimum)}–{milli_text(aspect.maximum or 0)}"
    if aspect.maximum is None:
        return ""
    return f"/ {milli_text(aspect.maximum)}"


def _descriptors(aspect: Aspect) -> tuple[Text, ...]:
    top = aspect.top if aspect.kind is Kind.JUDGEMENT else (aspect.maximum or 0)
    levels = top // 1000 + 1
    if len(aspect.descriptors) == levels:
        return aspect.descriptors
    scale = aspect.kind is Kind.JUDGEMENT and levels == len(STANDARD_SCALE)
    return STANDARD_SCALE if scale else ({},) * levels


def _choices(aspect: Aspect) -> list[ChoiceView]:
    """Codes and names as declared, else as the calculator's parameters have them."""
    codes, labels = aspect.control.choices, aspect.control.labels
    if not codes and aspect.calculation is not None:
        parameters = aspect.calculation.parameters
        codes = _chosen(parameters)
        labels = tuple({"en": str(parameters.get(f"{code}_label", code))} for code in codes)
    return [
        ChoiceView(code, dict(labels[n]) if n < len(labels) else {}) for n, code in enumerate(codes)
    ]


def _chosen(parameters: Mapping[str, object]) -> tuple[str, ...]:
    named = {key.removesuffix("_deduction") for key in parameters if key.endswith("_deduction")}
    numbers = {int(name[6:]) for name in named if name[:6] == "choice" and name[6:].isdecimal()}
    return tuple(f"choice{number}" for number in sorted(numbers))


def _columns(aspect: Aspect) -> list[ColumnView]:
    """What is typed beside one another: as declared, else as a standard calculator reads it."""
    declared, labels = aspect.control.columns, aspect.control.labels
    if declared:
        return [
            ColumnView(code, dict(labels[n]) if n < len(labels) else {"en": code})
            for n, code in enumerate(declared)
        ]
    calculation = aspect.calculation
    if calculation is None or (
        calculation.name == "PER_ERROR" and "hit" not in calculation.parameters
    ):
        return []
    return [ColumnView(code, dict(title)) for code, title in COLUMNS.get(calculation.name, ())]


def _calculation(aspect: Aspect) -> CalculationView | None:
    if aspect.calculation is None:
        return None
    return CalculationView(
        aspect.calculation.name,
        aspect.calculation.version,
        dict(aspect.calculation.parameters),
        milli_text(aspect.maximum or 0),
    )


def _instrument(aspect: Aspect, instruments: Sequence[Instrument]) -> InstrumentView | None:
    """The declared one, or the type's only one."""
    wanted = aspect.control.instrument
    found = [one for one in instruments if one.code == wanted or not wanted]
    if len(found) != 1:
        return None
    one = found[0]
    return InstrumentView(one.code, dict(one.title), list(one.suffixes), min(one.limit, _MOST_SENT))


def _defect(defect: Defect) -> DefectView:
    return DefectView(
        defect.code,
        dict(defect.title),
        milli_text(defect.minimum),
        milli_text(defect.maximum),
        milli_text(defect.step),
        defect.repeatable,
    )
