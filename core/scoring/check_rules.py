"""What is wrong with the rules of a contest, beside its scheme."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.scoring.check_bounds import rules_bounds
from core.scoring.model import (
    AwardMethod,
    AwardRule,
    Finding,
    Gate,
    MissingPolicy,
    Rules,
    Scheme,
    TeamFormula,
    TeamRule,
    TieBreak,
    TieKey,
    Trim,
)
from core.scoring.numbers import decimal_text

LOCKS = ("entry", "round", "session")
ROUNDINGS = ("half_up", "down", "up")
TIES = ("together", "rule")
ISSUE_AT = ("final", "signed")


def check_rules(scheme: Scheme, rules: Rules) -> list[Finding]:
    """Findings with pointers into the rules, all at once."""
    findings = [
        *_known("/lock", rules.lock, LOCKS),
        *_known("/issue_at", rules.issue_at, ISSUE_AT),
        *_check_trim("/recusal_trim", rules.recusal_trim),
        *_check_leaving(rules),
        *rules_bounds(rules),
    ]
    modules = [module.id for module in scheme.modules]
    for i, gate in enumerate(rules.gates):
        findings += _check_gate(f"/gates/{i}", gate, modules)
    for i, tie in enumerate(rules.tie_breaks):
        findings += _check_tie_break(f"/tie_breaks/{i}", tie, scheme)
    for name in ("dns", "dnf", "dsq", "void"):
        if getattr(rules, name) is MissingPolicy.BLOCK:
            findings.append(Finding(f"/{name}", "policy-cannot-block", {"outcome": name}))
    for i, award in enumerate(rules.awards):
        findings += _check_award(f"/awards/{i}", award)
    if rules.team is not None:
        findings += _check_team(rules.team)
    for i, share in enumerate(rules.recheck):
        if not 0 <= share <= 1:
            findings.append(_share(f"/recheck/{i}", share))
    return findings


def _known(at: str, value: str, known: Sequence[str]) -> list[Finding]:
    if value in known:
        return []
    return [Finding(at, "unknown-value", {"value": value, "known": ", ".join(known)})]


def _check_trim(at: str, trim: Trim | None) -> list[Finding]:
    dropped = trim.high + trim.low if trim else 0
    if trim is None or not dropped or trim.minimum > dropped:
        return []
    params = {"dropped": str(dropped), "minimum": str(trim.minimum)}
    return [Finding(f"{at}/minimum", "trim-drops-everything", params)]


def _check_leaving(rules: Rules) -> list[Finding]:
    """A contest must be able to go on, and each way stands there once."""
    if not rules.leaving:
        return [Finding("/leaving", "leaving-undeclared", {})]
    return [
        Finding(f"/leaving/{place}", "leaving-twice", {"policy": str(policy)})
        for place, policy in enumerate(rules.leaving)
        if policy in rules.leaving[:place]
    ]


def _check_gate(at: str, gate: Gate, modules: list[str]) -> list[Finding]:
    findings = [] if gate.module == "" else _known(f"{at}/module", gate.module, modules)
    if gate.minimum is None and gate.top is None:
        findings.append(Finding(at, "gate-without-condition", {}))
    if gate.top is not None and gate.top < 1:
        findings.append(Finding(f"{at}/top", "count-below-one", {}))
    return findings


def _check_tie_break(at: str, tie: TieBreak, scheme: Scheme) -> list[Finding]:
    modules = [module.id for module in scheme.modules]
    known = {
        TieKey.MODULE: modules,
        TieKey.TIME: ["", *modules],
        TieKey.CRITERION: [c.id for m in scheme.modules for c in m.criteria],
        TieKey.ASPECT: [aspect.id for m in scheme.modules for aspect in m.aspects()],
    }
    return _known(f"{at}/id", tie.id, known[tie.key]) if tie.key in known else []


def _check_award(at: str, award: AwardRule) -> list[Finding]:
    findings = [
        *_known(f"{at}/rounding", award.rounding, ROUNDINGS),
        *_known(f"{at}/ties", award.ties, TIES),
    ]
    if not award.prizes:
        findings.append(Finding(f"{at}/prizes", "award-without-prizes", {"award": award.code}))
    counted = award.method in (AwardMethod.COUNTS, AwardMethod.VOTE)
    for i, prize in enumerate(award.prizes):
        here = f"{at}/prizes/{i}/amount"
        if prize.amount < 0 or (counted and prize.amount.denominator != 1):
            findings.append(Finding(here, "prize-not-a-count", {"value": _text(prize.amount)}))
        if award.method is AwardMethod.SHARES and prize.amount > 1:
            findings.append(_share(here, prize.amount))
    together = sum((prize.amount for prize in award.prizes), Fraction())
    if award.method is AwardMethod.SHARES and together > 1:
        params = {"value": _text(together * 100)}
        findings.append(Finding(f"{at}/prizes", "prizes-over-all", params))
    for name in ("cap", "merit"):
        share = getattr(award, name)
        if share is not None and not 0 <= share <= 1:
            findings.append(_share(f"{at}/{name}", share))
    return findings


def _check_team(team: TeamRule) -> list[Finding]:
    findings = []
    if team.formula is TeamFormula.BEST and team.best < 1:
        findings.append(Finding("/team/best", "count-below-one", {}))
    if team.formula is TeamFormula.PLACE_POINTS and not team.points:
        findings.append(Finding("/team/points", "parameter-missing", {"key": "points"}))
    return findings


def _share(at: str, value: Fraction) -> Finding:
    return Finding(at, "share-out-of-bounds", {"value": _text(value)})


def _text(value: Fraction) -> str:
    return decimal_text(value)
