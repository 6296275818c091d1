"""What the authorities that recognise a competition say about one of its contests: the classes they
know, what they ask the organiser for, and how prizes may be shared out. Nothing here grants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, competition_row, contest_row
from contests.actions.setup import save_facts, save_rules
from contests.declared import ASKED, RECOGNISED
from contests.filed_levels import (
    FiledLevel,
    StatedLevel,
    filed_levels,
    stated_level,
    with_level,
)
from contests.recognised import Offer, offers_of, read_choice
from contests.schemes.queries import rules_in
from core.errors import Conflict, Invalid, NotFound
from core.options import Choice, Option, read_answers
from core.partner import PartnerRules, PrizePlan
from core.registry import registry
from core.scoring.model import Finding, Text
from core.security import Actor
from core.standard_rules import planned_awards


class NotPlain(Conflict):
    slug = "levels-not-plain"
    title = (
        "The levels of contest {contest} were stated over the interface, with conditions of their own."
        " Change them there."
    )


FACTS = ("contest_class", "standard_level", "occupation")
LEVELS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Recognition:
    """questions: of the stated class. answers: option code -> what the organiser said. plan: how
    prizes are shared out in the class on the contest's day."""

    partners: Sequence[PartnerRules]
    classes: Sequence[tuple[Text, Sequence[Choice]]]
    facts: Mapping[str, Any]
    questions: Sequence[Option]
    answers: Mapping[str, Any]
    plan: PrizePlan | None
    offers: Sequence[Offer]
    filed: Sequence[FiledLevel]
    level: StatedLevel
    revision: int
    state: str

    @property
    def contest_class(self) -> str:
        return str(self.facts.get("contest_class", ""))


async def recognition(contest: UUID) -> Recognition:
    """Raises NotFound."""
    row = await contest_row(contest)
    held = await competition_row(row["competition"])
    partners = [registry().partner(code) for code in json.loads(held["authorities"])]
    facts = json.loads(row["facts"])
    contest_class, day = str(facts.get("contest_class", "")), str(facts.get("held_on", ""))
    plans = (partner.prizes(contest_class, day) for partner in partners)
    return Recognition(
        partners=partners,
        classes=[(p.title, list(p.contest_classes())) for p in partners if p.contest_classes()],
        facts=facts,
        questions=_questions(partners, contest_class),
        answers=facts.get(ASKED, {}),
        plan=next((plan for plan in plans if plan is not None), None),
        offers=offers_of(partners, facts),
        filed=await filed_levels(facts),
        level=stated_level(facts),
        revision=row["revision"],
        state=row["state"],
    )


def _questions(partners: Sequence[PartnerRules], contest_class: str) -> list[Option]:
    found: dict[str, Option] = {}
    for partner in partners:
        for option in partner.asked(contest_class):
            found.setdefault(option.code, option)
    return list(found.values())


async def state_class(
    by: Actor, contest: UUID, *, contest_class: str, standard_level: str, revision: int
) -> int:
    """What kind of contest the partners' rules are to be asked for. Answers to questions that the new
    class doesn't ask are dropped. Returns the new revision."""
    known = await recognition(contest)
    if standard_level not in ("", *LEVELS):
        params = {"value": standard_level[:40], "known": ", ".join(LEVELS)}
        raise Invalid([Finding("/standard_level", "unknown-value", params)])
    asked = {option.code for option in _questions(known.partners, contest_class)}
    kept = {code: value for code, value in known.answers.items() if code in asked}
    stated = {"contest_class": contest_class, "standard_level": standard_level, ASKED: kept}
    facts = {k: v for k, v in {**known.facts, **stated}.items() if v not in ("", {})}
    return await save_facts(by, contest, facts, revision=revision)


async def answer_partners(
    by: Actor, contest: UUID, answers: Mapping[str, Any], *, revision: int
) -> int:
    """The figures for which no published text was found. Raises Invalid with everything wrong at
    once, by "/options/CODE"."""
    known = await recognition(contest)
    values, findings = read_answers(known.questions, answers, "/options")
    if findings:
        raise Invalid(findings)
    return await save_facts(by, contest, {**known.facts, ASKED: values}, revision=revision)


async def choose_outputs(
    by: Actor, contest: UUID, chosen: Mapping[str, Mapping[str, str]], *, revision: int
) -> int:
    """Which partners' certificates the contest is recognised for. chosen: code -> what was typed for
    "level" and "minimum". Raises Invalid with everything wrong at once, by "/recognised/CODE"."""
    known = await recognition(contest)
    values, findings = read_choice(known.offers, chosen)
    if findings:
        raise Invalid(findings)
    facts = {**known.facts, RECOGNISED: values}
    if not values:
        facts.pop(RECOGNISED)
    return await save_facts(
        by,
        contest,
        facts,
        revision=revision,
        action="choose_outputs",
        before={"certificates": _said(known.facts.get(RECOGNISED, ()))},
        after={"certificates": _said(values)},
    )


async def choose_level(
    by: Actor, contest: UUID, *, choice: str, minimum: str, revision: int
) -> int:
    """The skill level that a filed body may certify from the contest; choice: `FiledLevel.choice`, "" for
    none. Raises Invalid with everything wrong at once, NotPlain for what a form can't change."""
    known = await recognition(contest)
    if not known.level.plain:
        raise NotPlain(contest=contest)
    facts, findings = with_level(known.facts, known.filed, choice=choice, minimum=minimum)
    if findings:
        raise Invalid(findings)
    before, after = known.level.choice, stated_level(facts).choice
    return await save_facts(
        by,
        contest,
        facts,
        revision=revision,
        action="choose_level",
        before={"certificates": before},
        after={"certificates": after},
    )


def _said(chosen: Sequence[Mapping[str, str]]) -> str:
    """For the record of changes: codes, with level and points where some are stated."""
    return ", ".join(
        " ".join(part for part in (one["code"], one.get("level"), one.get("minimum")) if part)
        for one in chosen
    )


async def take_prizes(by: Actor, contest: UUID, *, revision: int) -> int:
    """Puts the authority's way of sharing out prizes in the place of the contest's own; a vote's
    single awards stay."""
    await allowed(by, "contest.configure", contest)
    known = await recognition(contest)
    if known.plan is None:
        raise NotFound(kind="prize plan", id=known.contest_class or "-")
    rules = rules_in(await contest_row(contest))
    planned = planned_awards(known.plan)
    others = tuple(award for award in rules.awards if award.code != planned.code)
    changed = replace(rules, awards=(planned, *others))
    return await save_rules(by, contest, changed, revision=revision)
