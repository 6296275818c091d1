"""The rules of a contest in sentences, and what changed in them, so that nobody has to read fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from admin.console.schemes.words import (
    ABSENT,
    BASES,
    ISSUE,
    LOCKS,
    METHODS,
    ROUNDINGS,
    TIES,
    TOGETHER,
)
from core.findings import render
from core.scoring.model import (
    Aspect,
    AwardBase,
    AwardMethod,
    AwardRule,
    Finding,
    Gate,
    Rules,
    Scheme,
    TieKey,
)
from core.scoring.numbers import decimal_text, milli_text
from core.web.i18n import pick, show_list, translate


def panel_words(aspect: Aspect, language: str) -> str:
    """ "The highest and the lowest are dropped from 5 judges; the mean of the rest counts." """
    judges, trim = str(aspect.judges), aspect.trim
    if aspect.judges <= 1:
        return translate("One mark for each aspect.", language)
    if not trim.high and not trim.low:
        return translate("The mean of {judges} judges counts.", language, judges=judges)
    if (trim.high, trim.low) == (1, 1):
        said = translate(
            "The highest and the lowest are dropped from {judges} judges; the mean of the rest counts.",
            language,
            judges=judges,
        )
    else:
        said = translate(
            "From {judges} judges the highest are dropped: {high}, and the lowest: {low}; the mean of "
            "the rest counts.",
            language,
            judges=judges,
            high=trim.high,
            low=trim.low,
        )
    if aspect.judges < trim.minimum:
        never = translate(
            "With fewer than {minimum} marks nothing is dropped.", language, minimum=trim.minimum
        )
        return f"{said} {never}"
    return said


def rules_words(rules: Rules, scheme: Scheme, language: str) -> list[str]:
    """In the order in which a result comes about."""
    names = {module.id: pick(module.title, language) or module.id for module in scheme.modules}
    return [
        *_rounding(rules, language),
        *(_gate(gate, names, language) for gate in rules.gates),
        *_ties(rules, language),
        *(_award(award, language) for award in rules.awards),
        translate("A judge's marks are locked {moment}.", language,
                  moment=translate(LOCKS.get(rules.lock, rules.lock), language)),
        translate("Appeals are taken for {minutes} minutes; the public notice lasts {days} days.",
                  language, minutes=rules.appeal_minutes, days=rules.notice_days),
        translate("Certificates are issued {moment}.", language,
                  moment=translate(ISSUE.get(rules.issue_at, rules.issue_at), language)),
    ]  # fmt: skip


def _rounding(rules: Rules, language: str) -> Iterable[str]:
    if rules.round_total is None:
        yield translate("The total is not rounded.", language)
        return
    yield translate(
        "The total is rounded to {decimals} decimals.", language, decimals=rules.round_total
    )


def _gate(gate: Gate, names: dict[str, str], language: str) -> str:
    name = names.get(gate.module, gate.module) or translate("The total", language)
    parts = []
    if gate.minimum is not None:
        parts.append(
            translate("{name}: at least {points} points are needed.", language, name=name,
                      points=milli_text(gate.minimum))
        )  # fmt: skip
    if gate.top is not None:
        parts.append(
            translate("{name}: the best {count} go on.", language, name=name, count=gate.top)
        )
    if not gate.carried:
        parts.append(translate("Its points are not added to the total.", language))
    return " ".join(parts)


def _ties(rules: Rules, language: str) -> Iterable[str]:
    if rules.tie_breaks:
        yield translate(
            "Equal totals: {count} rules decide one after the other.", language,
            count=len(rules.tie_breaks),
        )  # fmt: skip
    policy = translate(TIES[str(rules.tie_policy)], language)
    yield translate("Still equal: {policy}.", language, policy=policy)


def _award(award: AwardRule, language: str) -> str:
    prizes = show_list((_prize(award, i, language) for i in range(len(award.prizes))), language)
    said = translate(
        "{title}: {prizes}.", language, title=pick(award.title, language), prizes=prizes
    )
    if award.method in (AwardMethod.SHARES, AwardMethod.RATIO):
        base = (
            translate("Counted are those registered.", language)
            if award.base is AwardBase.REGISTERED
            else translate("Counted are those who competed.", language)
        )
        return f"{said} {base}"
    return said


def _prize(award: AwardRule, i: int, language: str) -> str:
    prize = award.prizes[i]
    name = pick(prize.title, language)
    if award.method is AwardMethod.SHARES:
        return f"{name} {decimal_text(prize.amount * 100)} %"
    if award.method is AwardMethod.RATIO and not prize.amount:
        return name
    return f"{name} {decimal_text(prize.amount)}"


# --- what changed ---------------------------------------------------------------------------------

_CHOSEN: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("dns", "dnf", "dsq", "void"), ABSENT),
    "tie_policy": TIES,
    "lock": LOCKS,
    "issue_at": ISSUE,
    "method": METHODS,
    "base": BASES,
    "rounding": ROUNDINGS,
    "ties": TOGETHER,
}


def change_words(finding: Finding, scheme: Scheme, language: str) -> str:
    """One change, with what was chosen from a list by its words."""
    place, params = finding.pointer.split("/")[1:], dict(finding.params)
    if place[0] == "gates":
        for name in ("of", "name"):
            if name in params:
                params[name] = _module(scheme, place[1], language)
    for side in ("before", "after"):
        if side in params:
            params[side] = _chosen(place, params[side], scheme, language)
    return render(Finding(finding.pointer, finding.code, params), language)


def _chosen(place: Sequence[str], value: str, scheme: Scheme, language: str) -> str:
    if place[0] == "tie_breaks":
        key = value.removesuffix(":ascending")
        name = dict(tie_keys(scheme, language)).get(key, key)
        if value.endswith(":ascending"):
            return f"{name} ({translate('the smaller is better', language)})"
        return name
    if place[-1] == "carried":
        return translate("yes" if value == "yes" else "no", language)
    words = _CHOSEN.get(place[-1], {})
    return translate(words[value], language) if value in words else value


def _module(scheme: Scheme, module: str, language: str) -> str:
    if not module:
        return translate("The total", language)
    found = next((one for one in scheme.modules if one.id == module), None)
    return f"{module} {pick(found.title, language)}" if found else module


def tie_keys(scheme: Scheme, language: str) -> Sequence[tuple[str, str]]:
    """Everything that may decide between equal totals, by its name."""
    found = [("", "–")]
    for module in scheme.modules:
        name = f"{module.id} {pick(module.title, language)}"
        found.append((f"{TieKey.MODULE}:{module.id}", name))
        found += [
            (f"{TieKey.CRITERION}:{c.id}", f"{name} › {c.id} {pick(c.title, language)}")
            for c in module.criteria
        ]
        found += [
            (f"{TieKey.ASPECT}:{a.id}", f"{name} › {a.id} {pick(a.title, language)}")
            for a in module.aspects()
        ]
        in_time = translate("{name}: less time", language, name=name)
        found.append((f"{TieKey.TIME}:{module.id}", in_time))
    return [
        *found,
        (f"{TieKey.TIME}:", translate("Less time in all modules", language)),
        (f"{TieKey.WEIGHTED_MODULES}:", translate("The modules, the heaviest first", language)),
        (f"{TieKey.UNROUNDED}:", translate("The total before rounding", language)),
        (f"{TieKey.COUNT_BEST}:", translate("More aspects with full points", language)),
    ]
