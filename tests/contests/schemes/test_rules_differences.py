"""What changed between two sets of rules."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

from contests.schemes.rules_differences import rules_differences
from core.scoring.model import (
    AwardMethod,
    AwardRule,
    Gate,
    Leaving,
    MissingPolicy,
    Prize,
    Rules,
    TeamFormula,
    TeamRule,
    TieBreak,
    TieKey,
    TiePolicy,
    Trim,
)

AWARD = AwardRule(
    "individual",
    {"en": "Individual"},
    AwardMethod.SHARES,
    (Prize("first", {"en": "First"}, Fraction(1, 10)), Prize("second", {"en": "Second"}, Fraction(1, 5))),
)  # fmt: skip
OTHER = {
    "round_total": 3,
    "gates": (Gate("dish", minimum=60_000),),
    "tie_breaks": (TieBreak(TieKey.MODULE, "dish"),),
    "tie_policy": TiePolicy.NONE,
    "tie_within": 500,
    "dns": MissingPolicy.ZERO,
    "dnf": MissingPolicy.ZERO,
    "dsq": MissingPolicy.ZERO,
    "void": MissingPolicy.PRESENT,
    "awards": (AWARD,),
    "team": TeamRule("team", {"en": "Team"}, TeamFormula.SUM),
    "group_titles": {"pupils": {"en": "Pupils"}},
    "recusal_trim": Trim(1, 1, 5),
    "leaving": (Leaving.VOID,),
    "lock": "entry",
    "recheck": (Fraction(1, 2), Fraction(15, 100), Fraction(5, 100)),
    "appeal_minutes": 60,
    "notice_days": 7,
    "issue_at": "signed",
}


def said(before: Rules, after: Rules) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in rules_differences(before, after)]


def test_no_field_of_the_rules_changes_in_silence() -> None:
    names = {one.name for one in fields(Rules)}

    silent = [n for n in names if not rules_differences(Rules(), replace(Rules(), **{n: OTHER[n]}))]

    assert names == set(OTHER)
    assert silent == []
    assert rules_differences(Rules(), Rules()) == []


def test_no_field_of_an_award_or_a_condition_changes_in_silence() -> None:
    gate = Gate("dish", minimum=60_000, top=3, carried=False)
    changes = {
        "method": AwardMethod.RATIO, "prizes": AWARD.prizes[:1], "group": "pupils",
        "title": {"en": "Single"}, "base": "registered", "cap": Fraction(1, 2),
        "merit": Fraction(1, 2), "within": 1000, "panel": "guests", "rounding": "down",
        "minimum": 60_000, "ties": "rule", "code": "single",
    }  # fmt: skip

    for name, value in changes.items():
        after = Rules(awards=(replace(AWARD, **{name: value}),))
        assert rules_differences(Rules(awards=(AWARD,)), after), name
    for name in ("module", "minimum", "top", "carried"):
        plain = replace(gate, **{name: getattr(Gate(""), name)})
        assert rules_differences(Rules(gates=(gate,)), Rules(gates=(plain,))), name
    assert set(changes) == {one.name for one in fields(AwardRule)}


def test_an_award_that_came_is_one_sentence_and_one_that_moved_is_none() -> None:
    guests = replace(AWARD, code="guests", title={"en": "Guests"})
    two, turned = Rules(awards=(AWARD, guests)), Rules(awards=(guests, AWARD))

    assert said(Rules(awards=(AWARD,)), two) == [("/awards/guests", "rules-line-added")]
    assert said(two, Rules(awards=(guests,))) == [("/awards/individual", "rules-line-removed")]
    assert said(two, turned) == []


def test_a_prize_names_its_award_and_is_said_in_per_cent() -> None:
    prizes = (replace(AWARD.prizes[0], amount=Fraction(15, 100)), AWARD.prizes[1])

    (found,) = rules_differences(
        Rules(awards=(AWARD,)), Rules(awards=(replace(AWARD, prizes=prizes),))
    )

    assert found.params["of"] == "Individual, First"
    assert (found.params["before"], found.params["after"]) == ("10 %", "15 %")
