"""Minima, ties and the selection. Candidates get no prize and no medal: the two outcomes are
"selected" and "shortlisted", and a contest's outputs may name them as those of an award."""

from __future__ import annotations

from fractions import Fraction

from plugins import (
    AwardBase,
    AwardMethod,
    AwardRule,
    Gate,
    Option,
    Options,
    Prize,
    Rules,
    milli,
    per_cent,
    standard_options,
    standard_rules,
    text,
)

SELECTION = text("评选", "評選", "Selection", "Seleção")
OUTCOMES = {
    "selected": text("入选", "入選", "Selected", "Selecionado"),
    "shortlisted": text("入围", "入圍", "Shortlisted", "Pré-selecionado"),
}
_OF_PRIZES = ("prize", "count", "share", "ratio", "merit")

PROCEDURE: tuple[Option, ...] = tuple(
    option
    for option in standard_options([{"key": "unrounded"}, {"key": "weighted_modules"}])
    if option.code.partition("_")[0] not in _OF_PRIZES
)
"""Ties, rounding, notice and appeals, as every type asks them."""


def rules(options: Options) -> Rules:
    gates = tuple(
        Gate(row["code"], minimum=milli(row["minimum"]))
        for row in options["first_level"]
        if milli(row["minimum"])
    )
    return standard_rules(
        {**options, "prize_method": "none"}, gates=gates, awards=_selection(options)
    )


def _selection(options: Options) -> tuple[AwardRule, ...]:
    method = options["selection_method"]
    prizes = tuple(
        Prize(code, title, amount)
        for code, title in OUTCOMES.items()
        if (amount := _amount(options, method, code))
    )
    if not prizes:
        return ()
    return (
        AwardRule(
            "selection",
            SELECTION,
            AwardMethod(method),
            prizes,
            base=AwardBase(options["selection_base"]),
            rounding=options["selection_rounding"],
            minimum=milli(options["least_total"]) or None,
            ties=options["selection_ties"],
        ),
    )


def _amount(options: Options, method: str, outcome: str) -> Fraction:
    if method == "shares":
        return per_cent(options[f"{outcome}_share"])
    return Fraction(options[f"{outcome}_count"])
