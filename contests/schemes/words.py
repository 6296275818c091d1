"""The words of the table: levels, columns, kinds. Each value is the msgid of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    "module": "Module",
    "criterion": "Criterion",
    "sub": "Sub-criterion",
    "aspect": "Aspect",
}
"""From the widest to the narrowest."""

KINDS: Mapping[str, str] = {
    "points": "Points by the panel",
    "judgement": "Judgement",
    "measurement": "Measurement",
    "deduction": "Deductions",
    "time": "Timed",
    "instrument": "Instrument",
    "given": "Decided elsewhere",
}

COLUMNS: Mapping[str, str] = {
    "level": "Level",
    "id": "No.",
    "title": "Title",
    "kind": "Kind",
    "maximum": "Max. points",
    "step": "Step",
    "judges": "Judges",
    "section": "Section",
}
"""Of the table, in their order."""

FIELDS: Mapping[str, str] = {
    **COLUMNS,
    "minimum": "Least points",
    "weight": "Weight in the total",
    "blind": "Marked without names",
    "process": "Marked while they work",
    "round_to": "Decimals of the sum",
    "attempts": "Which attempt counts",
    "over_time": "Time limit",
    "missing": "When a mark is missing",
    "day": "Day of marking",
    "group": "Group of judges",
    "panel": "Panel",
    "top": "Top of the scale",
    "descriptors": "Descriptions of the scores",
    "spread": "Largest accepted spread",
    "trim": "Highest and lowest dropped",
    "calculation": "Calculator",
    "unit": "Unit",
    "factor": "Factor",
    "round_panel": "Decimals of the mean",
    "round_award": "Decimals of the award",
    "defects": "Deduction table",
    "applies_to": "Only for some entries",
    "requirement": "What is asked",
    "control": "How it is entered",
}
"""What may change in a row, beside its place."""

RULE_FIELDS: Mapping[str, str] = {
    "round_total": "Decimals of the total",
    "dns": "Somebody who did not start a module",
    "dnf": "Somebody who did not finish a module",
    "dsq": "Somebody disqualified in a module",
    "void": "A module declared void",
    "tie_breaks": "Equal totals",
    "tie_policy": "Still equal after that",
    "tie_within": "Points that still count as equal",
    "lock": "A judge's marks are locked",
    "appeal_minutes": "Minutes for appeals",
    "notice_days": "Days of public notice",
    "issue_at": "Certificates are issued",
    "recheck/0": "Rechecked from the top, in per cent",
    "recheck/1": "Sample of the rest, in per cent",
    "recheck/2": "Everything is rechecked from so many errors on, in per cent",
    "recusal_trim/high": "Highest dropped when a judge is recused",
    "recusal_trim/low": "Lowest dropped when a judge is recused",
    "recusal_trim/minimum": "From how many marks on, when a judge is recused",
    "leaving": "What happens when a judge leaves",
    "team": "Team award",
    "group_titles": "Names of the groups",
}
"""Of the rules, in the order of their page; beside them the conditions and the awards."""

GATE_FIELDS: Mapping[str, str] = {
    "module": "Condition",
    "minimum": "Least points",
    "top": "Only the best",
    "carried": "Its points count in the total",
}

AWARD_FIELDS: Mapping[str, str] = {
    "title": "Award",
    "method": "Prizes are",
    "base": "Counted are",
    "minimum": "Least total for a prize",
    "cap": "At most so many get a prize, in per cent",
    "merit": "Merit award down to, in per cent",
    "rounding": "A number that is not whole is",
    "ties": "Equal places at the border",
    "within": "Points between places that share a medal",
    "group": "Only for the group",
    "panel": "Panel that votes",
    "prize": "Prize",
    "amount": "Number, part, points or per cent",
}
