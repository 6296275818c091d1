"""Who marks what, pure: from an appointment and the frozen scheme to the aspects of a sheet."""

from __future__ import annotations

from collections.abc import Iterable

from contests.replay.facts import AppointedFacts
from core.scoring.model import Aspect, Kind, Module, Scheme, SubCriterion

TASTER, TASTERS = "taster", "tasters"
"""A taster's role, and the only panel that one marks in."""
MARKING_ROLES = frozenset({"judge", TASTER})


def marks_module(appointment: AppointedFacts, module: str) -> bool:
    if appointment.role == TASTER and appointment.panel != TASTERS:
        return False
    return appointment.role in MARKING_ROLES and (
        not appointment.modules or module in appointment.modules
    )


def duties(module: Module, appointment: AppointedFacts) -> tuple[Aspect, ...]:
    """The aspects on this judge's sheet, in the order of the scheme."""
    if not marks_module(appointment, module.id):
        return ()
    return tuple(
        aspect
        for sub in sub_criteria(module)
        for aspect in sub.aspects
        if marks(appointment, sub, aspect)
    )


def marks(appointment: AppointedFacts, sub: SubCriterion, aspect: Aspect) -> bool:
    """Whether the aspect is this panel's and the sub-criterion this group's."""
    same_group = not sub.group or not appointment.group or sub.group == appointment.group
    return aspect.panel == appointment.panel and same_group


def on_sheets(aspect: Aspect) -> bool:
    """Whether a sheet owes it. `time` may stand on one, but the official clock gives it too."""
    return aspect.kind is not Kind.TIME


def sub_criteria(module: Module) -> tuple[SubCriterion, ...]:
    return tuple(sub for criterion in module.criteria for sub in criterion.sub_criteria)


def markers(
    module: str, sub: SubCriterion, aspect: Aspect, appointments: Iterable[AppointedFacts]
) -> list[AppointedFacts]:
    """Every judge who marks this aspect."""
    return [a for a in appointments if marks_module(a, module) and marks(a, sub, aspect)]


def seats_short(scheme: Scheme, appointments: Iterable[AppointedFacts]) -> list[tuple[str, ...]]:
    """(module, panel, group, needed, appointed) of every panel with too few judges."""
    known = list(appointments)
    short: dict[tuple[str, str, str], tuple[int, int]] = {}
    for module in scheme.modules:
        for sub in sub_criteria(module):
            for aspect in filter(on_sheets, sub.aspects):
                there = len(markers(module.id, sub, aspect, known))
                if there < max(aspect.judges, 1):
                    key = (module.id, aspect.panel, sub.group)
                    needed = max(aspect.judges, 1, short.get(key, (0, 0))[0])
                    short[key] = (needed, there)
    return [(*key, str(needed), str(there)) for key, (needed, there) in short.items()]
