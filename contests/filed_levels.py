"""The skill level that a contest may lead to beside its awards: only what an assessment body here is filed
for is offered. Which entrant gets it is said by points; each proposal is the body's own to decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.filing import filing_of
from core.scoring.model import Finding, Text
from core.scoring.numbers import plain_decimal
from core.skill_levels import level_words
from core.tables import Organisation

OUTPUTS, KIND = "outputs", "level"
_SIMPLE = frozenset({"kind", "code", "grade", "title", "issuer", "minimum"})
_LONGEST = 9


@dataclass(frozen=True, slots=True)
class FiledLevel:
    """body: code of the organisation; level: a national number, or a rank without one."""

    body: str
    body_title: Text
    level: str

    @property
    def title(self) -> Text:
        return level_words(self.level)

    @property
    def choice(self) -> str:
        """As a form names it."""
        return f"{self.body} {self.level}"


@dataclass(frozen=True, slots=True)
class StatedLevel:
    """What the contest says now. choice: "" for none; plain: a form may change it, which nothing that was
    stated over the interface with prizes, places or several levels lets it do."""

    choice: str = ""
    minimum: str = ""
    plain: bool = True


async def filed_levels(facts: Mapping[str, Any]) -> list[FiledLevel]:
    """Of every body that is filed for the contest's occupation on its day."""
    occupation, day = str(facts.get("occupation", "")).strip(), str(facts.get("held_on", ""))
    rows = (
        await Organisation.select(Organisation.code, Organisation.title, Organisation.filing)
        .where(Organisation.kind == "assessment_body")
        .order_by(Organisation.code)
    )
    return [
        FiledLevel(row["code"], json.loads(row["title"]), level)
        for row in rows
        if (filing := filing_of(row["filing"]))
        and occupation in filing.occupations
        and filing.runs_on(day)
        for level in filing.levels
    ]


def stated_level(facts: Mapping[str, Any]) -> StatedLevel:
    levels = [one for one in facts.get(OUTPUTS, ()) if one.get("kind") == KIND]
    if not levels:
        return StatedLevel()
    if len(levels) > 1 or set(levels[0]) - _SIMPLE:
        return StatedLevel(plain=False)
    (one,) = levels
    choice = f"{one.get('issuer', '')} {one.get('grade', '')}"
    return StatedLevel(choice, str(one.get("minimum") or ""))


def with_level(
    facts: Mapping[str, Any], filed: Sequence[FiledLevel], *, choice: str, minimum: str
) -> tuple[dict[str, Any], list[Finding]]:
    """The contest's facts with this level in the place of another, or everything that is wrong with it."""
    others = [one for one in facts.get(OUTPUTS, ()) if one.get("kind") != KIND]
    if not choice:
        return _with(facts, others), []
    found = next((one for one in filed if one.choice == choice), None)
    findings = [] if found else [Finding("/level", "level-not-filed", {"choice": choice[:60]})]
    points = plain_decimal(minimum) if minimum else "0"
    if points is None or not points.isdigit() or len(points) > _LONGEST:
        findings.append(Finding("/minimum", "option-whole-number", {"value": minimum[:40]}))
    if found is None or findings:
        return dict(facts), findings
    output = {
        "kind": KIND,
        "code": f"{KIND}:{found.level}",
        "grade": found.level,
        "title": dict(found.title),
        "issuer": found.body,
        "minimum": int(points or 0),
    }
    return _with(facts, [*others, output]), []


def _with(facts: Mapping[str, Any], outputs: list[Any]) -> dict[str, Any]:
    rest = {name: value for name, value in facts.items() if name != OUTPUTS}
    return {**rest, OUTPUTS: outputs} if outputs else rest
