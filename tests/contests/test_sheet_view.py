"""From the scheme's aspects to the tablet's controls."""

from __future__ import annotations

import pytest

from contests.judging.sheet_view import aspect_view
from core.options import read_options
from core.scoring.model import Aspect, Calculation, Control, Defect, Kind, Scheme
from plugins.cooking import Cooking
from plugins.panel import Panel
from plugins.robotics import Robotics

NAME = {"en": "Look"}
UNDECLARED = Control()


def measured(name: str, *, control: Control = UNDECLARED, **more: object) -> Aspect:
    calculation = Calculation(name, 1, more)
    return Aspect("M", Kind.MEASUREMENT, NAME, 5000, calculation=calculation, control=control)


@pytest.mark.parametrize(
    ("aspect", "widget"),
    [
        (Aspect("A", Kind.JUDGEMENT, NAME, 2000), "levels"),
        (Aspect("A", Kind.POINTS, NAME, 20_000), "grid"),
        (Aspect("A", Kind.MEASUREMENT, NAME, 20_000), "grid"),
        (Aspect("A", Kind.GIVEN, NAME, None), "given"),
        (
            Aspect("A", Kind.DEDUCTION, NAME, 5000, defects=(Defect("x", NAME, 500, 500),)),
            "defects",
        ),
        (Aspect("A", Kind.DEDUCTION, NAME, 5000), "grid"),
        (measured("PASS_FAIL"), "pass"),
        (measured("NUMBER_COMPLETED"), "count"),
        (measured("CHOICE"), "choice"),
        (measured("RANGED_SCORE"), "number"),
    ],
)
def test_each_kind_of_aspect_has_its_control(aspect: Aspect, widget: str) -> None:
    assert aspect_view(aspect).widget == widget


def test_the_scale_of_a_judgement_has_a_description_for_every_score() -> None:
    view = aspect_view(Aspect("A", Kind.JUDGEMENT, NAME, 2000))

    assert (view.maximum, view.step, len(view.descriptors)) == ("3", "1", 4)
    assert all(set(text) == {"zh-Hans", "zh-Hant", "en", "pt"} for text in view.descriptors)


def test_written_descriptions_are_shown_as_they_are() -> None:
    written = ({"en": "bad"}, {"en": "fair"}, {"en": "good"}, {"en": "best"})

    view = aspect_view(Aspect("A", Kind.JUDGEMENT, NAME, 2000, descriptors=written))

    assert view.descriptors == list(written)


def test_the_step_that_is_checked_is_the_step_that_is_offered() -> None:
    aspect = Aspect("A", Kind.POINTS, NAME, 20_000, step=500, control=Control("grid", 250))

    view = aspect_view(aspect)

    assert (view.minimum, view.maximum, view.step, view.range) == ("0", "20", "0.5", "0–20")


@pytest.mark.parametrize("kind", [Panel(), Cooking()])
def test_every_aspect_of_a_built_in_type_can_be_shown(kind: Panel | Cooking) -> None:
    from core.contest_type import read_options

    options, findings = read_options(kind, {})
    scheme = kind.scheme(options)

    assert findings == []
    for module in scheme.modules:
        for aspect in module.aspects():
            assert aspect_view(aspect).id == aspect.id


COUNTS = Calculation("PER_ERROR", 1, {"hit": "1", "false_alarm": "0.5"})


@pytest.mark.parametrize(
    ("aspect", "widget", "entry"),
    [
        (measured("PASS_FAIL", control=Control("file")), "file", "pass"),
        (measured("NUMBER_COMPLETED", total="6", control=Control("file")), "file", "count"),
        (
            measured("TOLERANCE_BANDS", control=Control("stopwatch", unit="s")),
            "stopwatch",
            "number",
        ),
        (measured("TOLERANCE_BANDS", control=Control("clock")), "clock", "number"),
        (measured("RANGED_SCORE", control=Control("count")), "count", "count"),
        (measured("GEMSTONE_CUT", control=Control("number")), "number", "number"),
        (
            measured("PASS_FAIL", control=Control("choice", choices=("true", "false"))),
            "pass",
            "pass",
        ),
        (Aspect("A", Kind.POINTS, NAME, 2000, control=Control("levels")), "levels", "levels"),
        (Aspect("A", Kind.POINTS, NAME, 2000, control=Control("number")), "number", "number"),
        (Aspect("A", Kind.DEDUCTION, NAME, 2000, control=Control("defects")), "grid", "grid"),
        (Aspect("A", Kind.JUDGEMENT, NAME, 2000, control=Control("number")), "levels", "levels"),
        (Aspect("A", Kind.POINTS, NAME, 2000, control=Control("none")), "grid", "grid"),
    ],
)
def test_the_declared_control_is_shown_where_it_can_give_a_mark(
    aspect: Aspect, widget: str, entry: str
) -> None:
    view = aspect_view(aspect)

    assert (view.widget, view.entry) == (widget, entry)


def test_the_tablet_gets_what_it_needs_to_compute_points() -> None:
    view = aspect_view(Aspect("A", Kind.MEASUREMENT, NAME, 5000, calculation=COUNTS))

    assert view.calculation is not None
    assert (view.calculation.name, view.calculation.maximum) == ("PER_ERROR", "5")
    assert view.calculation.parameters == dict(COUNTS.parameters)
    assert [column.code for column in view.columns] == ["hits", "false_alarms"]


def test_a_choice_takes_its_names_from_the_calculator_when_the_type_gives_none() -> None:
    view = aspect_view(
        measured("CHOICE", choice10_deduction="1", choice2_deduction="0", choice2_label="bent")
    )

    assert [(choice.code, choice.title["en"]) for choice in view.choices] == [
        ("choice2", "bent"),
        ("choice10", "choice10"),
    ]


def test_a_file_names_the_instrument_that_reads_it() -> None:
    aspects = [aspect for module in _robots().modules for aspect in module.aspects()]
    files = [
        aspect_view(a, Robotics().instruments()) for a in aspects if a.control.widget == "file"
    ]

    assert {view.instrument.code for view in files if view.instrument} == {"plc_log"}
    assert aspect_view(aspects[0], Robotics().instruments()).instrument is None


def _robots() -> Scheme:
    kind = Robotics()
    options, _ = read_options(kind, {})
    return kind.scheme(options)
