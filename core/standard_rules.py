"""Rules out of the answers to `standard_options`: prizes, ties, rounding, notice, appeals."""

from __future__ import annotations

from fractions import Fraction

from core.options import Options, text
from core.partner import PrizePlan
from core.scoring.model import (
    AwardBase,
    AwardMethod,
    AwardRule,
    Gate,
    Milli,
    Prize,
    Rules,
    TieBreak,
    TieKey,
    TiePolicy,
)

FIRST = text("一等奖", "一等獎", "First prize", "Primeiro prémio")
SECOND = text("二等奖", "二等獎", "Second prize", "Segundo prémio")
THIRD = text("三等奖", "三等獎", "Third prize", "Terceiro prémio")
MERIT = text("优胜奖", "優勝獎", "Merit award", "Menção honrosa")
PRIZES = text("奖项", "獎項", "Prizes", "Prémios")

PRIZE_TITLES = {"first": FIRST, "second": SECOND, "third": THIRD, "merit": MERIT}
_PREFIX = {"counts": "count", "shares": "share", "ratio": "ratio"}


def standard_rules(
    options: Options, *, gates: tuple[Gate, ...] = (), awards: tuple[AwardRule, ...] = ()
) -> Rules:
    """The rules that `standard_options` describe, with the type's own gates and further awards."""
    return Rules(
        round_total=options["decimals_total"],
        gates=gates,
        tie_breaks=tuple(TieBreak(TieKey(row["key"]), row["id"]) for row in options["tie_breaks"]),
        tie_policy=TiePolicy(options["tie_policy"]),
        tie_within=milli(options["tie_within"]),
        awards=(*_prizes(options), *awards),
        notice_days=options["notice_days"],
        appeal_minutes=options["appeal_minutes"],
        issue_at=options["issue_at"],
    )


def planned_awards(plan: PrizePlan) -> AwardRule:
    """The rule that an authority's plan describes; ties stay together and the base is who competed."""
    prizes = tuple(
        Prize(code, PRIZE_TITLES[code], Fraction(amount)) for code, amount in plan.amounts
    )
    merit = Fraction(plan.merit) if plan.merit else None
    if merit is not None:
        prizes = (*prizes, Prize("merit", MERIT, Fraction(0)))
    return AwardRule(
        code="prizes",
        title=PRIZES,
        method=AwardMethod(plan.method),
        prizes=prizes,
        cap=Fraction(plan.cap) if plan.cap else None,
        merit=merit,
    )


def milli(number: str | int) -> Milli:
    """Thousandths of a canonical decimal; finer digits are refused rather than lost."""
    thousandths = Fraction(number) * 1000
    if thousandths.denominator != 1:
        raise ValueError(f"{number} has more than three decimals.")
    return int(thousandths)


def per_cent(number: str) -> Fraction:
    return Fraction(number) / 100


def _prizes(options: Options) -> tuple[AwardRule, ...]:
    method = options["prize_method"]
    if method == "none":
        return ()
    least = milli(options["prize_minimum"])
    return (
        AwardRule(
            code="prizes",
            title=PRIZES,
            method=AwardMethod(method),
            prizes=_amounts(options, method),
            base=AwardBase(options["prize_base"]),
            cap=per_cent(options["ratio_cap"]) if method == "ratio" else None,
            merit=_merit(options) if method == "ratio" else None,
            rounding=options["prize_rounding"],
            minimum=least or None,
            ties=options["prize_ties"],
        ),
    )


def _merit(options: Options) -> Fraction | None:
    return per_cent(options["merit_to"]) or None


def _amounts(options: Options, method: str) -> tuple[Prize, ...]:
    whole = 100 if method == "shares" else 1
    answers = {code: options.get(f"{_PREFIX[method]}_{code}", 0) for code in PRIZE_TITLES}
    prizes = {code: Fraction(answer) / whole for code, answer in answers.items()}
    chosen = tuple(
        Prize(code, PRIZE_TITLES[code], amount) for code, amount in prizes.items() if amount
    )
    with_merit = method == "ratio" and _merit(options) is not None
    return (*chosen, Prize("merit", MERIT, Fraction(0))) if with_merit else chosen
