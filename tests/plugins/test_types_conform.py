"""Every built-in type, on its defaults and on each template, has the properties of the kit."""

from __future__ import annotations

from typing import Any

import pytest

from plugins import ContestType
from plugins.conformance import assert_conforms
from plugins.cooking import Cooking
from plugins.craftsman_index import CraftsmanIndex
from plugins.drone_surveying import DroneSurveying
from plugins.panel import Panel
from plugins.robotics import Robotics

TYPES = (Cooking(), CraftsmanIndex(), DroneSurveying(), Panel(), Robotics())
CASES: list[tuple[ContestType, dict[str, Any]]] = [
    *((contest_type, {}) for contest_type in TYPES),
    *(
        (contest_type, dict(template.options))
        for contest_type in TYPES
        for template in contest_type.templates
    ),
    (Cooking(), {"tasters": 4, "taster_weight": "10", "over_time_per": "full"}),
    (Cooking(), {"tasters": 4, "faults": []}),
    (
        CraftsmanIndex(),
        {
            **CraftsmanIndex.templates[0].options,
            "verified_by": "experts",
            "selection_method": "shares",
            "tie_policy": "none",
            "spread": "30",
        },
    ),
    (DroneSurveying(), {"accuracy": "equal", "theory_gate": True, "over_time_points": "0.5"}),
    (Panel(), {"judges": 3, "spread": "40", "tie_policy": "none", "prize_method": "ratio"}),
    (Robotics(), {"over_time_points": "1", "over_time_exclude": 5}),
]


@pytest.mark.parametrize(("contest_type", "options"), CASES, ids=lambda value: str(value)[:30])
def test_a_built_in_type_conforms(contest_type: ContestType, options: dict[str, Any]) -> None:
    examples = {"P1.1": ["0.45;20", "1.8;20"], "P1.2": ["0.1;24", "0.9;20"]}

    assert_conforms(contest_type, options, examples=examples, contests=3, entrants=200)
