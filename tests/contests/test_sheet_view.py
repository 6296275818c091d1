"""From the scheme's aspects to the tablet's controls."""

from __future__ import annotations

import pytest

from contests.judging.sheet_view import aspect_view
from core.scoring.model import Aspect, Calculation, Control, Defect, Kind
from plugins.cooking import Cooking
from plugins.panel import Panel

NAME = {"en": "Look"}


def measured(name: str, **more: object) -> Aspect:
    return Aspect("M", Kind.MEASUREMENT, NAME, 5000, calculation=Calculation(name, 1, more))


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
