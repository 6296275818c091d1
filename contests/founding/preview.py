"""What a type makes of some answers, in figures and in sentences, before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contests.founding.messages import RULES
from core.contest_type import ContestType, Options, read_options
from core.scoring.model import (
    AwardMethod,
    AwardRule,
    Finding,
    Module,
    Rules,
    Scheme,
    Text,
    TiePolicy,
)
from core.scoring.numbers import decimal_text, milli_text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A msgid with parameters; a parameter that is a mapping is a Text."""

    words: str
    params: Mapping[str, str | Text]


@dataclass(frozen=True, slots=True)
class ModuleShown:
    """maximum and weight as decimals; minutes "" without a limit; judges: the most marks that one
    aspect owes."""

    id: str
    title: Text
    maximum: str
    weight: str
    minutes: str
    aspects: int
    judges: int
    blind: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """findings are at the answers ("/judges"); without any, the rest is what would be made."""

    options: Options
    findings: Sequence[Finding]
    modules: Sequence[ModuleShown] = ()
    aspects: int = 0
    judges: int = 0
    rules: Sequence[Sentence] = ()


def drafted(contest_type: ContestType, answers: Mapping[str, Any]) -> Drafted:
    options, findings = read_options(contest_type, answers)
    if findings:
        return Drafted(options, findings)
    scheme, rules = contest_type.scheme(options), contest_type.rules(options)
    modules = [module_shown(module) for module in scheme.modules]
    return Drafted(
        options,
        (),
        modules,
        sum(module.aspects for module in modules),
        max((module.judges for module in modules), default=0),
        list(in_words(scheme, rules)),
    )


def module_shown(module: Module) -> ModuleShown:
    aspects = module.aspects()
    limit = module.over_time.limit if module.over_time else 0
    return ModuleShown(
        module.id,
        module.title,
        "" if module.maximum is None else milli_text(module.maximum),
        decimal_text(module.weight),
        str(limit // 60) if limit else "",
        len(aspects),
        max((aspect.judges for aspect in aspects if aspect.panel == "referees"), default=0),
        module.blind,
    )


def in_words(scheme: Scheme, rules: Rules) -> Iterator[Sentence]:
    """The rules as an organiser would say them."""
    yield from _trimming(scheme)
    if rules.round_total is not None:
        yield Sentence(RULES["total"], {"decimals": str(rules.round_total)})
    yield from _ties(rules)
    for award in rules.awards:
        yield from _awards(award)
    if not rules.awards:
        yield Sentence(RULES["no-prizes"], {})
    days = rules.notice_days
    yield (
        Sentence(RULES["notice"], {"days": str(days)}) if days else Sentence(RULES["no-notice"], {})
    )
    yield Sentence(RULES["appeals"], {"minutes": str(rules.appeal_minutes)})
    yield Sentence(RULES[f"issue-{rules.issue_at}"], {})


def _trimming(scheme: Scheme) -> Iterator[Sentence]:
    trims = {
        (aspect.trim.high, aspect.trim.low, aspect.trim.minimum)
        for module in scheme.modules
        for aspect in module.aspects()
        if aspect.trim.high or aspect.trim.low
    }
    for high, low, minimum in sorted(trims):
        params = {"high": str(high), "low": str(low), "minimum": str(minimum)}
        yield Sentence(RULES["trim"], params)


def _ties(rules: Rules) -> Iterator[Sentence]:
    policy = {
        TiePolicy.SHARED: "ties-shared",
        TiePolicy.NONE: "ties-ruled",
        TiePolicy.WITHIN: "ties-within",
    }[rules.tie_policy]
    yield Sentence(
        RULES[policy],
        {"count": str(len(rules.tie_breaks)), "points": milli_text(rules.tie_within)},
    )


def _awards(award: AwardRule) -> Iterator[Sentence]:
    for prize in award.prizes:
        amount, params = prize.amount, {"prize": prize.title, "award": award.title}
        if award.method is AwardMethod.COUNTS:
            yield Sentence(RULES["prize-count"], {**params, "count": decimal_text(amount)})
        elif award.method is AwardMethod.SHARES:
            yield Sentence(RULES["prize-share"], {**params, "share": _per_cent(amount)})
        elif award.method is AwardMethod.RATIO and amount:
            cap = _per_cent(award.cap) if award.cap is not None else "100"
            yield Sentence(
                RULES["prize-ratio"], {**params, "parts": decimal_text(amount), "cap": cap}
            )
        else:
            yield Sentence(RULES["prize-other"], params)


def _per_cent(share: Fraction) -> str:
    return decimal_text(share * 100)
