"""What a rule and a pack are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plugins import Choice, Option, PartnerOutput, PrizePlan, ResultFacts, RuleCheck, Text, text
from plugins.greater_bay_area.packs.conditions import (
    UNKNOWN,
    AboveHeld,
    Condition,
    NotTitled,
    Occupation,
    plain,
)

FOR_ONCE = ("title", "medal", "honour")
"""Kinds that are granted to a person once."""


@dataclass(frozen=True, slots=True)
class Rule:
    """IF every condition holds, on a contest held while the rule is in force, THEN propose `title`
    TO `authority`.

    valid_from: the first day for which the source speaks; valid_until "": no end is published.
    issuer: who would sign after the grant, where the source names one."""

    kind: str
    code: str
    title: Text
    authority: str
    classes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    clause: Text
    source: str
    valid_from: str
    valid_until: str = ""
    grade: str = ""
    issuer: str = ""

    def checks(self, result: ResultFacts, person: str) -> tuple[RuleCheck, ...]:
        return tuple(self._checks(result, person))

    def _checks(self, result: ResultFacts, person: str) -> Iterator[RuleCheck]:
        if self.valid_from:  # what the contest's own regulations name is theirs for that day
            yield self._in_force(result)
        if self.kind == "level":
            yield Occupation().check(result, person)
        for condition in self.conditions:
            yield condition.check(result, person)
        if self.kind == "level":
            yield AboveHeld(self.grade).check(result, person)
        if self.kind in FOR_ONCE:
            yield NotTitled(self.code).check(result, person)

    def _in_force(self, result: ResultFacts) -> RuleCheck:
        """The rule on the contest's day counts, whatever has been published since."""
        start, end = self.valid_from, self.valid_until
        wanted = (
            text(f"{start}至{end}", f"{start}至{end}", f"{start} to {end}", f"de {start} a {end}")
            if end
            else text(f"{start}起", f"{start}起", f"from {start}", f"desde {start}")
        )
        day = result.held_on
        met = start <= day and (not end or day <= end) if day else None
        return RuleCheck("in_force", wanted, plain(day) if day else UNKNOWN, met)


@dataclass(frozen=True, slots=True)
class Pack:
    """One authority's texts. classes: the contests that it knows. asks: by class, what it asks the
    organiser for."""

    code: str
    version: str
    title: Text
    classes: tuple[Choice, ...] = ()
    rules: tuple[Rule, ...] = ()
    prizes: Mapping[str, tuple[PrizePlan, ...]] = field(default_factory=dict)
    asks: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    outputs: tuple[PartnerOutput, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.code} {self.version}"

    def rules_for(self, contest_class: str) -> Sequence[Rule]:
        return [rule for rule in self.rules if contest_class in rule.classes]
