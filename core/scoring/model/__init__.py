"""What is marked, how it counts and what came out, as frozen values.

Numbers
    A mark, a maximum or a penalty is a whole number of thousandths (`Milli`; 1.25 is 1250).
    A weight or a factor is a `Fraction`. A raw measured value is a canonical decimal string.
    Nothing here is ever a float.

Everything is data: it is frozen as canonical JSON when marking starts (`codec.py`) and the
engine (`combine.py`, `rank.py`, `awards.py`) reads nothing else.
"""

from __future__ import annotations

from core.scoring.model.basics import ONE, Finding, Kind, Milli, MissingPolicy, Outcome, Text
from core.scoring.model.record import (
    AttemptRuling,
    EntryFacts,
    FoundDefect,
    Mark,
    Penalty,
    PlaceRuling,
    Record,
    Sheet,
    StatusFact,
    Timing,
    VacantSeat,
)
from core.scoring.model.results import (
    AspectScore,
    AwardCount,
    AwardProposal,
    ModuleScore,
    Results,
    Standing,
    TeamStanding,
)
from core.scoring.model.rules import (
    AwardBase,
    AwardMethod,
    AwardRule,
    Gate,
    Leaving,
    Prize,
    Rules,
    TeamFormula,
    TeamRule,
    TieBreak,
    TieKey,
    TiePolicy,
)
from core.scoring.model.scheme import (
    CONTROLS,
    Aspect,
    AttemptRule,
    Calculation,
    Control,
    Criterion,
    Defect,
    Module,
    OverTime,
    Scheme,
    Section,
    SubCriterion,
    Trim,
)

__all__ = [
    "CONTROLS",
    "ONE",
    "Aspect",
    "AspectScore",
    "AttemptRule",
    "AttemptRuling",
    "AwardBase",
    "AwardCount",
    "AwardMethod",
    "AwardProposal",
    "AwardRule",
    "Calculation",
    "Control",
    "Criterion",
    "Defect",
    "EntryFacts",
    "Finding",
    "FoundDefect",
    "Gate",
    "Kind",
    "Leaving",
    "Mark",
    "Milli",
    "MissingPolicy",
    "Module",
    "ModuleScore",
    "Outcome",
    "OverTime",
    "Penalty",
    "PlaceRuling",
    "Prize",
    "Record",
    "Results",
    "Rules",
    "Scheme",
    "Section",
    "Sheet",
    "Standing",
    "StatusFact",
    "SubCriterion",
    "TeamFormula",
    "TeamRule",
    "TeamStanding",
    "Text",
    "TieBreak",
    "TieKey",
    "TiePolicy",
    "Timing",
    "Trim",
    "VacantSeat",
]
