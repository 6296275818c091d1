"""Words of the pages of schemes and rules that stand for stored codes. Values are msgids."""

from __future__ import annotations

from collections.abc import Mapping

VERSIONS: Mapping[str, str] = {
    "edit": "Changed",
    "undo": "Taken back",
    "redo": "Repeated",
    "back": "Back to an earlier version",
    "together": "Two changes put together",
    "outside": "Written elsewhere",
}

MISSING: Mapping[str, str] = {
    "block": "The contest can't be closed without it",
    "present": "The marks that are there count",
    "zero": "It counts nothing",
    "unranked": "The entrant gets no place",
}

ATTEMPTS: Mapping[str, str] = {
    "last": "The last attempt counts",
    "best": "The best attempt counts",
    "ruling": "The chief referee names the attempt that counts",
}

WIDGETS: Mapping[str, str] = {
    "grid": "What fits the kind",
    "levels": "Written scale, one tap each",
    "number": "Typed number",
    "count": "Counter",
    "choice": "One of several answers",
    "defects": "Table of deductions",
    "stopwatch": "Stop-watch",
    "clock": "Time of day",
    "file": "File of an instrument",
}

PARAMETERS: Mapping[str, str] = {
    "per": "Points are given",
    "deduction": "Points off",
    "total": "How many there are",
    "each": "Points for each",
    "target_value": "Target value",
    "target": "Target value",
    "difference": "Each step away from the target",
    "difference_type": "The step is measured",
    "counting": "Steps are counted",
    "start": "Points to start with",
    "hit": "Points for each hit",
    "false_alarm": "Points off for each false alarm",
    "mode": "Between two limits",
    "accuracy": "Accuracy of the check",
    "minimum": "Differences needed",
    "decimals": "Decimals of the error",
    "label": "Answer to choose",
    "from": "From",
    "to": "To",
    "limit": "Up to",
    "points": "Points given",
}
"""Parameters of the standard calculators, as the page calls them."""

PARAMETER_CHOICES: Mapping[str, Mapping[str, str]] = {
    "per": {"unit": "as points", "percent": "in per cent of the aspect's points"},
    "difference_type": {"UNIT": "in the unit", "PERCENT": "in per cent of the target"},
    "counting": {"full": "when full", "started": "when started"},
    "mode": {"step": "the points of the band count", "linear": "points fall evenly"},
    "accuracy": {"higher": "the check is more accurate", "equal": "both are equally accurate"},
}

TIES: Mapping[str, str] = {
    "shared": "They share the place, and the next place is left out",
    "none": "No shared places: the chief referee decides",
    "within": "Totals that lie close together share the place",
}

ABSENT: Mapping[str, str] = {
    "unranked": "no place",
    "zero": "counts nothing, the rest counts",
    "present": "what was marked counts",
}

LOCKS: Mapping[str, str] = {
    "entry": "when the judge goes on to the next work",
    "round": "at the end of the round",
    "session": "at the end of the session",
}

ISSUE: Mapping[str, str] = {
    "final": "when the result is final",
    "signed": "at the ceremony, when the result is signed",
}

METHODS: Mapping[str, str] = {
    "": "no award",
    "counts": "A number of prizes",
    "shares": "A share of the entrants, in per cent",
    "ratio": "Parts of those who may get a prize",
    "medals": "Medals by points that lie close together",
    "vote": "Most votes of a panel",
}

BASES: Mapping[str, str] = {"present": "those who competed", "registered": "those registered"}

ROUNDINGS: Mapping[str, str] = {"half_up": "rounded", "down": "rounded down", "up": "rounded up"}

TOGETHER: Mapping[str, str] = {
    "together": "all get the better prize",
    "rule": "the chief referee decides",
}
