"""From a final result to what may be proposed: nobody is granted anything here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from plugins import ProposalDraft, ResultFacts, RuleVerdict, text
from plugins.greater_bay_area.packs.model import Pack, Rule
from plugins.greater_bay_area.packs.names import LEVELS

DECLARED_LEVEL = text(
    "赛项规程已载明可申报的职业技能等级及评价机构，由该机构核定。",
    "賽項規程已載明可申報的職業技能等級及評價機構，由該機構核定。",
    "The contest's regulations name the level and the assessment body, which decides.",
    "O regulamento da prova indica o nível e a entidade de avaliação, que decide.",
)
Named = tuple[Rule, str]


def proposals(packs: Sequence[Pack], result: ResultFacts) -> list[ProposalDraft]:
    """One draft a rule where every member qualifies, else one for each member who does.

    Nothing for an unranked entry. Levels that the contest's own regulations declare (outputs of
    kind "level") come first and are not proposed twice."""
    drafts: list[ProposalDraft] = []
    for rule, pack, verdicts in _held_against(packs, result):
        proposed = [verdict.person for verdict in verdicts if verdict.proposes]
        if proposed and len(proposed) == len(result.persons):
            drafts.append(_draft(rule, pack, result, ""))
        else:
            drafts += [_draft(rule, pack, result, person) for person in proposed]
    return drafts


def explanations(packs: Sequence[Pack], result: ResultFacts) -> list[RuleVerdict]:
    """Every rule for the contest's class held against every person of the entry."""
    return [one for _, _, verdicts in _held_against(packs, result) for one in verdicts]


def _held_against(
    packs: Sequence[Pack], result: ResultFacts
) -> Iterator[tuple[Rule, str, list[RuleVerdict]]]:
    taken: dict[str, set[str]] = {}
    for rule, pack in _rules(packs, result):
        before = taken.setdefault(rule.code, set())
        verdicts = [_verdict(rule, pack, result, person, before) for person in result.persons]
        before |= {one.person for one in verdicts if one.proposes}
        yield rule, pack, verdicts


def _rules(packs: Sequence[Pack], result: ResultFacts) -> Iterable[Named]:
    if result.rank is None:
        return
    for rule in _declared(result):
        yield rule, result.contest_code
    for pack in packs:
        for rule in pack.rules_for(result.contest_class):
            yield rule, pack.name


def _declared(result: ResultFacts) -> Iterator[Rule]:
    """Levels that the contest's own regulations name, with the body that would issue them."""
    for output in result.outputs:
        if output.kind == "level":
            yield Rule(
                kind="level",
                code=f"level:{output.grade}",
                grade=output.grade,
                title=output.title or LEVELS.get(output.grade, {}),
                authority="assessment_body",
                classes=(),
                conditions=(),
                clause=DECLARED_LEVEL,
                source=result.contest_code,
                valid_from="",
                issuer=output.issuer,
            )


def _verdict(
    rule: Rule, pack: str, result: ResultFacts, person: str, before: set[str]
) -> RuleVerdict:
    verdict = RuleVerdict(
        code=rule.code,
        kind=rule.kind,
        grade=rule.grade,
        title=rule.title,
        authority=rule.authority,
        clause=rule.clause,
        source=rule.source,
        pack=pack,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        person=person,
        checks=rule.checks(result, person),
    )
    covered = verdict.proposes and person in before
    return replace(verdict, covered_by=rule.code) if covered else verdict


def _draft(rule: Rule, pack: str, result: ResultFacts, person: str) -> ProposalDraft:
    return ProposalDraft(
        kind=rule.kind,
        code=rule.code,
        grade=rule.grade,
        title=rule.title,
        authority=rule.authority,
        issuer=rule.issuer,
        occupation=result.occupation,
        clause=rule.clause,
        source=rule.source,
        rules_version=pack,
        person=person,
    )
