"""Who owes a sheet, pure: judges who each mark alone, and groups that agree on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from contests.duties import duties
from contests.replay import AppointedFacts
from core.scoring.model import Module

Agreeing = dict[tuple[str, str], list[AppointedFacts]]
"""By (panel, group): judges of whom one hands in the group's only sheet."""


def by_duty(
    module: Module, judges: Sequence[AppointedFacts]
) -> tuple[list[AppointedFacts], Agreeing]:
    """Judges who each owe a sheet, and by (panel, group) those who agree on one."""
    alone: list[AppointedFacts] = []
    agreeing: Agreeing = {}
    for judge in judges:
        aspects = duties(module, judge)
        if any(aspect.judges > 1 for aspect in aspects):
            alone.append(judge)
        elif aspects:
            agreeing.setdefault((judge.panel, judge.group), []).append(judge)
    return alone, agreeing
