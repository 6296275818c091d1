"""Which certificates of partners a contest is recognised for: what they offer for it, what the organiser
chose. Pure; the choice stands in the contest's facts as [{"code", "level", "minimum"}]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests.declared import RECOGNISED
from core.partner import PartnerOutput, PartnerRules
from core.recognition import unfit
from core.scoring.codec import escape
from core.scoring.model import Finding
from core.scoring.numbers import plain_decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A partner's certificate beside a contest. level: the one that the organiser proposes, "" leaves it
    to the issuer; minimum: points that are asked for, "" = none. unfit: why the contest can't be
    recognised for it (`core.recognition.unfit`), "" when it can."""

    partner: PartnerRules
    output: PartnerOutput
    chosen: bool
    level: str
    minimum: str
    unfit: str


def offers_of(partners: Sequence[PartnerRules], facts: Mapping[str, Any]) -> list[Offer]:
    """Everything that the partners know, whether it fits or not."""
    chosen = {one["code"]: one for one in facts.get(RECOGNISED, ())}
    about = {
        "occupation": str(facts.get("occupation", "")).strip(),
        "contest_class": str(facts.get("contest_class", "")),
        "day": str(facts.get("held_on", "")),
    }
    return [
        Offer(
            partner,
            output,
            output.code in chosen,
            str(chosen.get(output.code, {}).get("level", "")),
            str(chosen.get(output.code, {}).get("minimum", "")),
            unfit(output, **about),
        )
        for partner in partners
        for output in partner.outputs()
    ]


def read_choice(
    offers: Sequence[Offer], given: Mapping[str, Mapping[str, str]]
) -> tuple[list[dict[str, str]], list[Finding]]:
    """given: code -> what was typed for "level" and "minimum". What can be stored, in the partners' order,
    or everything that is wrong with it."""
    known = {offer.output.code: offer for offer in offers}
    findings = [
        Finding(f"/{RECOGNISED}/{escape(code)}", "output-unknown", {"code": code[:40]})
        for code in given
        if code not in known
    ]
    chosen = []
    for code, offer in known.items():
        if code in given:
            one, wrong = _read(offer, given[code])
            chosen.append(one)
            findings += wrong
    return chosen, findings


def _read(offer: Offer, given: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    output, at = offer.output, f"/{RECOGNISED}/{offer.output.code}"
    findings = [Finding(at, f"output-unfit-{offer.unfit}", {})] if offer.unfit else []
    level, typed = given.get("level", ""), given.get("minimum", "").strip()
    levels = [one.code for one in output.levels]
    if level and level not in levels:
        params = {"value": level[:40], "known": ", ".join(levels)}
        findings.append(Finding(f"{at}/level", "unknown-value", params))
    minimum = plain_decimal(typed) if typed else ""
    if minimum is None or minimum.startswith("-"):
        findings.append(Finding(f"{at}/minimum", "points-unreadable", {"value": typed[:40]}))
    return {"code": output.code, "level": level, "minimum": minimum or ""}, findings


def unfit_findings(offers: Sequence[Offer], facts: Mapping[str, Any]) -> list[Finding]:
    """What was chosen and does not fit any more, since the contest's class, occupation or day changed or
    its authority recognises the competition no longer."""
    fitting = {offer.output.code for offer in offers if not offer.unfit}
    return [
        Finding(f"/facts/{RECOGNISED}/{place}", "output-unfit-warning", {"code": one["code"]})
        for place, one in enumerate(facts.get(RECOGNISED, ()))
        if one["code"] not in fitting
    ]
