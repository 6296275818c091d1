"""Whatever the organiser answers, a built-in type makes a scheme and rules without a finding."""

from __future__ import annotations

from typing import Any

import pytest

from core.scoring import check_rules, check_scheme
from core.scoring.codec import canonical
from plugins import ContestType, Kind, Sheet, read_options
from plugins.cooking import Cooking
from plugins.craftsman_index import CraftsmanIndex
from plugins.drone_surveying import DroneSurveying
from plugins.panel import Panel
from plugins.robotics import Robotics

ANSWERS: list[tuple[ContestType, dict[str, Any]]] = [
    (Panel(), {}),
    *((Panel(), dict(template.options)) for template in Panel.templates),
    (Panel(), {"judges": 7, "drop_high": 2, "drop_low": 2, "drop_minimum": 7, "step": "0.1"}),
    (Panel(), {"prize_method": "shares", "tie_policy": "within", "tie_within": "2"}),
    (Cooking(), {}),
    *((Cooking(), dict(template.options)) for template in Cooking.templates),
    (Cooking(), {"tasters": 55, "taster_weight": "10", "prize_method": "ratio"}),
    (Cooking(), {"faults": [], "minutes": 0}),
    (CraftsmanIndex(), {}),
    *((CraftsmanIndex(), dict(template.options)) for template in CraftsmanIndex.templates),
    (CraftsmanIndex(), {"selection_method": "shares", "least_total": "60", "step": "0.5"}),
    (Robotics(), {}),
    (Robotics(), {"gripper_marks": "33.33", "programming_marks": "31.67"}),
    (DroneSurveying(), {}),
    (DroneSurveying(), {"time_marks": "0", "flight_seconds": 0, "accuracy": "equal"}),
    (DroneSurveying(), {"theory_weight": "0", "theory_gate": True, "flight_weight": "60"}),
    (DroneSurveying(), {"theory_weight": "0", "flight_weight": "60"}),
    (DroneSurveying(), {"plan_marks": "100", "height_marks": "0", "map_marks": "0"}),
    (DroneSurveying(), {"map_marks": "0.1", "plan_marks": "69.9"}),
]


@pytest.mark.parametrize(
    ("contest_type", "answers"),
    ANSWERS,
    ids=lambda value: getattr(value, "code", None) or str(value)[:40],
)
def test_scheme_and_rules_have_no_findings(
    contest_type: ContestType, answers: dict[str, Any]
) -> None:
    options, findings = read_options(contest_type, answers)
    assert findings == []

    scheme, rules = contest_type.scheme(options), contest_type.rules(options)

    assert check_scheme(scheme, contest_type.calculators()) == []
    assert check_rules(scheme, rules) == []


@pytest.mark.parametrize(
    ("contest_type", "answers"),
    ANSWERS,
    ids=lambda value: getattr(value, "code", None) or str(value)[:40],
)
def test_the_same_answers_freeze_to_the_same_bytes(
    contest_type: ContestType, answers: dict[str, Any]
) -> None:
    options, _ = read_options(contest_type, answers)
    again, _ = read_options(contest_type, options)

    assert again == options
    assert canonical(dict(options)) == canonical(dict(again))
    assert contest_type.scheme(options) == contest_type.scheme(again)


@pytest.mark.parametrize("contest_type", [Robotics(), DroneSurveying()], ids=lambda t: t.code)
def test_judged_aspects_have_four_descriptions_and_three_referees(
    contest_type: ContestType,
) -> None:
    options, _ = read_options(contest_type, {})
    judged = [
        aspect
        for module in contest_type.scheme(options).modules
        for aspect in module.aspects()
        if aspect.kind is Kind.JUDGEMENT
    ]

    assert judged
    assert all(len(aspect.descriptors) == 4 and aspect.judges == 3 for aspect in judged)


@pytest.mark.parametrize("contest_type", [Robotics(), DroneSurveying()], ids=lambda t: t.code)
async def test_what_an_instrument_reads_passes_the_check_of_a_sheet(
    contest_type: ContestType,
) -> None:
    options, _ = read_options(contest_type, {})
    scheme = contest_type.scheme(options)
    (instrument,) = contest_type.instruments()
    reading = await instrument.read(instrument.sample, options, scheme)
    module = next(m.id for m in scheme.modules if set(reading.marks) & {a.id for a in m.aspects()})

    assert contest_type.check(scheme, Sheet("a", module, "leader", reading.marks)) == []
