"""From an aspect of the scheme to the control that a tablet shows. Pure."""

from __future__ import annotations

from contests.judging.schemas import AspectView, ChoiceView, DefectView
from core.scoring.check import step
from core.scoring.model import Aspect, Defect, Kind, Text
from core.scoring.numbers import milli_text

WIDGETS = ("levels", "grid", "number", "count", "choice", "pass", "defects", "given")
_BY_CALCULATOR = {"PASS_FAIL": "pass", "NUMBER_COMPLETED": "count", "CHOICE": "choice"}
_STANDARD: tuple[Text, ...] = (
    {
        "zh-Hans": "低于行业标准",
        "zh-Hant": "低於行業標準",
        "en": "Below the standard",
        "pt": "Abaixo do padrão",
    },
    {
        "zh-Hans": "达到行业标准",
        "zh-Hant": "達到行業標準",
        "en": "Meets the standard",
        "pt": "Cumpre o padrão",
    },
    {
        "zh-Hans": "局部超出标准",
        "zh-Hant": "局部超出標準",
        "en": "Exceeds it in part",
        "pt": "Excede em parte",
    },
    {"zh-Hans": "全面优秀", "zh-Hant": "全面優秀", "en": "Excellent", "pt": "Excelente"},
)


def aspect_view(aspect: Aspect) -> AspectView:
    """How the aspect is shown and entered."""
    widget = widget_of(aspect)
    return AspectView(
        id=aspect.id,
        kind=str(aspect.kind),
        title=dict(aspect.title),
        widget=widget,  # type: ignore[arg-type]  # one of WIDGETS
        minimum=milli_text(aspect.minimum),
        maximum=milli_text(_top(aspect, widget)),
        step=milli_text(step(aspect) or 10),
        range=_range(aspect, widget),
        unit=aspect.control.unit or aspect.unit,
        requirement=aspect.requirement,
        descriptors=[dict(text) for text in _descriptors(aspect)] if widget == "levels" else [],
        choices=_choices(aspect) if widget == "choice" else [],
        defects=[_defect(defect) for defect in aspect.defects],
    )


def widget_of(aspect: Aspect) -> str:
    """A calculator reads raw values; everything else is marked in points."""
    if aspect.calculation is not None:
        return _BY_CALCULATOR.get(aspect.calculation.name, "number")
    if aspect.kind is Kind.JUDGEMENT:
        return "levels"
    if aspect.kind is Kind.DEDUCTION and aspect.defects:
        return "defects"
    return "given" if aspect.maximum is None else "grid"


def _top(aspect: Aspect, widget: str) -> int:
    if widget == "levels":
        return aspect.top
    if widget == "count":
        return _countable(aspect) * 1000
    return aspect.maximum or 0


def _countable(aspect: Aspect) -> int:
    """How many there are to complete, where the calculator says it."""
    parameters = aspect.calculation.parameters if aspect.calculation else {}
    for name in ("total", "count", "number", "of", "maximum"):
        if str(parameters.get(name, "")).isdecimal():
            return int(parameters[name])
    return 99


def _range(aspect: Aspect, widget: str) -> str:
    if widget == "grid":
        return f"{milli_text(aspect.minimum)}–{milli_text(aspect.maximum or 0)}"
    if aspect.maximum is None:
        return ""
    return f"/ {milli_text(aspect.maximum)}"


def _descriptors(aspect: Aspect) -> tuple[Text, ...]:
    levels = aspect.top // 1000 + 1
    if len(aspect.descriptors) == levels:
        return aspect.descriptors
    return _STANDARD if levels == len(_STANDARD) else ({},) * levels


def _choices(aspect: Aspect) -> list[ChoiceView]:
    labels = aspect.control.labels
    codes = aspect.control.choices
    if not codes and aspect.calculation is not None:
        codes = tuple(aspect.calculation.parameters.get("choices", ()))
    return [
        ChoiceView(code, dict(labels[n]) if n < len(labels) else {}) for n, code in enumerate(codes)
    ]


def _defect(defect: Defect) -> DefectView:
    return DefectView(
        defect.code,
        dict(defect.title),
        milli_text(defect.minimum),
        milli_text(defect.maximum),
        milli_text(defect.step),
        defect.repeatable,
    )
