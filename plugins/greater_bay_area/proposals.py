"""From a final result to what may be proposed: nobody is granted anything here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugins import ProposalDraft, ResultFacts
from plugins.greater_bay_area.cities import is_guangdong
from plugins.greater_bay_area.rule_table import DECLARED_LEVEL, RULES, VERSION, Rule


def proposals(result: ResultFacts) -> list[ProposalDraft]:
    """One draft a person and rule, or one for all members where every one of them qualifies.

    Nothing for an unranked entry. A level needs an occupation. Levels that the contest's own
    regulations declare (outputs of kind "level") come first and are not proposed twice.
    """
    if result.rank is None:
        return []
    rules = [*_declared(result), *(rule for rule in RULES if _fits(rule, result))]
    return [draft for rule in _without_repeats(rules) for draft in _drafts(rule, result)]


def _declared(result: ResultFacts) -> Iterator[Rule]:
    """Levels that the contest's own regulations name, with the body that would issue them."""
    for output in result.outputs:
        if output.kind == "level" and result.occupation:
            yield Rule(
                kind="level",
                code=f"level:{output.grade}",
                grade=output.grade,
                title=output.title,
                authority="assessment_body",
                classes=(result.contest_class,),
                clause=DECLARED_LEVEL,
                source=result.contest_code,
                issuer=output.issuer,
            )


def _without_repeats(rules: Sequence[Rule]) -> list[Rule]:
    first: dict[str, Rule] = {}
    for rule in rules:
        first.setdefault(rule.code, rule)
    return list(first.values())


def _fits(rule: Rule, result: ResultFacts) -> bool:
    """What depends on the entry as a whole."""
    won = {output.grade for output in result.outputs if output.kind == "award"}
    standard_level = result.details.get("standard_level", "")
    return (
        result.contest_class in rule.classes
        and (rule.kind != "level" or bool(result.occupation))
        and (not rule.prizes or bool(won & set(rule.prizes)))
        and (not rule.first_place or result.rank == 1)
        and (not rule.groups or result.group in rule.groups)
        and (not rule.standard_level or standard_level == rule.standard_level)
        and (not rule.guangdong or is_guangdong(result.details.get("delegation_city", "")))
    )


def _drafts(rule: Rule, result: ResultFacts) -> Iterator[ProposalDraft]:
    eligible = [person for person in result.persons if _qualifies(rule, result, person)]
    if rule.first_of_two and len(result.persons) == 2:
        eligible = [person for person in eligible if person == result.persons[0]]
    if eligible and len(eligible) == len(result.persons):
        yield _draft(rule, result, "")
    else:
        yield from (_draft(rule, result, person) for person in eligible)


def _qualifies(rule: Rule, result: ResultFacts, person: str) -> bool:
    """What depends on one member."""
    held_level = result.details.get(f"held_level:{person}", "")
    titles = result.details.get(f"titles:{person}", "").split()
    if rule.held_level and held_level != rule.held_level:
        return False
    if rule.kind == "level" and held_level and held_level <= rule.grade:
        return False  # the national number falls as skill rises: nobody is proposed for less
    return not (rule.once and rule.code in titles)


def _draft(rule: Rule, result: ResultFacts, person: str) -> ProposalDraft:
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
        rules_version=VERSION,
        person=person,
    )
