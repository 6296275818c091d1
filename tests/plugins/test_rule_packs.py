"""Rule packs: dated, sourced, asked for where nothing is published, and explained clause by clause."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.scoring.awards import propose
from core.scoring.model import AwardProposal, Outcome, Record, Rules, Standing
from core.standard_rules import planned_awards
from plugins import Output, ResultFacts, text
from plugins.greater_bay_area import partner_rules
from plugins.greater_bay_area.authorities import Guangdong, HongKong, Macao
from plugins.greater_bay_area.packs import EVERY, MAINLAND
from plugins.greater_bay_area.packs.conditions import Employed, Score, Share
from plugins.greater_bay_area.packs.names import AUTHORITIES, PRIZE_TITLES

LANGUAGES = {"zh-Hans", "zh-Hant", "en", "pt"}
RULES = [(pack, rule) for pack in EVERY for rule in pack.rules]
RULES_OF_PACKS = pytest.mark.parametrize(
    ("pack", "rule"), RULES, ids=[f"{p.code}-{'-'.join(r.classes)}-{r.code}" for p, r in RULES]
)
T = text("一等奖", "一等獎", "First prize", "Primeiro prémio")


def result(prize: str, contest_class: str, **changes: Any) -> ResultFacts:
    outputs = (Output("award", f"award:{prize}", prize, T, "organiser"),) if prize else ()
    facts = ResultFacts(
        contest="c", contest_code="carving", contest_title=T, competition="k",
        competition_title=T, organiser="organiser", occupation="6-99-00-00",
        contest_class=contest_class, held_on="2023-11-01", entry="e", persons=("p1",), team={},
        group="", delegation="d", rank=1, entrants=40, total="88", modules=(), outputs=outputs,
        result_version=1, evidence_root="", authorities=("guangdong",),
        details={"delegation_city": "442000"},
    )  # fmt: skip
    return replace(facts, **changes)


def proposed(facts: ResultFacts) -> list[str]:
    return sorted(draft.code for draft in Guangdong().proposals(facts))


def shared_out(
    contest_class: str, day: str, entrants: int, *, tied: int = 0
) -> list[AwardProposal]:
    """By the authority's plan, in a contest of so many; `tied`: this place is shared by two."""
    plan = Guangdong().prizes(contest_class, day)
    assert plan is not None
    rules = Rules(awards=(planned_awards(plan),))
    places = [n - 1 if tied and n == tied + 1 else n for n in range(1, entrants + 1)]
    standings = [
        Standing(f"e{n}", "", rank, None, None, Outcome.SCORED, "total")
        for n, rank in enumerate(places, 1)
    ]
    found, _ = propose(rules, Record(entries=(), sheets=()), standings)
    return found


def counted(awards: list[AwardProposal]) -> dict[str, int]:
    return {code: sum(a.prize == code for a in awards) for code in PRIZE_TITLES}


# --- every rule says where it comes from --------------------------------------------------------


@RULES_OF_PACKS
def test_a_rule_has_its_clause_in_four_languages_its_source_its_days_and_a_known_body(
    pack: Any, rule: Any
) -> None:
    assert set(rule.title) == set(rule.clause) == LANGUAGES
    assert rule.source.strip()
    assert rule.authority in AUTHORITIES
    assert date.fromisoformat(rule.valid_from)
    assert rule.classes
    assert set(rule.classes) <= {one.code for one in pack.classes}
    assert re.fullmatch(r"[a-z_]+ \d{4}-\d+", pack.name)


@RULES_OF_PACKS
def test_every_condition_says_what_it_wants_and_found_in_four_languages(
    pack: Any, rule: Any
) -> None:
    facts = result("", rule.classes[0], details={}, rank=None, total="", held_on="")

    for check in rule.checks(facts, "p1"):
        assert set(check.wanted) == set(check.found) == LANGUAGES
        assert all(check.wanted.values())
        assert all(check.found.values())


@RULES_OF_PACKS
def test_a_figure_without_a_source_is_asked_for_and_proposes_nothing_before(
    pack: Any, rule: Any
) -> None:
    asks = {option.code for option in pack.asks.get(rule.classes[0], ())}
    everything = {
        "delegation_city": "442000", "standard_level": "3", "employed:p1": "yes",
    }  # fmt: skip
    facts = result("first", rule.classes[0], details=everything, held_on="2026-01-01")
    waits = any(check.code.startswith("asked") for check in rule.checks(facts, "p1"))

    assert waits == ("no source" in rule.source or (rule.code == "level:1" and bool(asks)))
    if waits:
        assert asks
        assert any(check.met is None for check in rule.checks(facts, "p1"))


def test_an_answered_question_is_used_and_a_no_proposes_nobody() -> None:
    answered = {"asked:level_3_prizes": "third", "asked:shenzhen_places": "2", "asked:level_2_prizes": "none"}  # fmt: skip
    facts = result("second", "shenzhen_city", details=answered, rank=2, held_on="2026-01-01")

    assert proposed(facts) == ["level:3", "shenzhen_technical_expert"]
    assert proposed(replace(facts, rank=3)) == ["level:3"]
    assert proposed(result("merit", "shenzhen_city", details=answered, rank=9, held_on="2026-01-01")) == []  # fmt: skip


# --- the worked example of 2023 -----------------------------------------------------------------


def test_the_cup_of_2023_gives_exactly_its_published_prizes_and_certificates() -> None:
    awards = shared_out("xiangshan_cup", "2023-11-01", 45)
    assert counted(awards) == {"first": 2, "second": 4, "third": 6, "merit": 18}

    found: dict[str, list[int]] = {}
    for award in awards:
        held = {"held_level:p1": "3"} if award.rank == 2 else {}
        facts = result(award.prize, "xiangshan_cup", rank=award.rank, details=held)
        for code in proposed(facts):
            found.setdefault(code, []).append(award.rank or 0)
    for rank in range(31, 46):
        assert proposed(result("", "xiangshan_cup", rank=rank)) == []

    assert found == {
        "level:3": [1, *range(3, 31)],
        "level:2": [2],  # the first prize winner who holds level 3 already
        "zhongshan_technical_expert": [1, 2],
        "xiangshan_craftsman": [1],
    }


def test_the_plan_of_2023_is_that_years_alone() -> None:
    assert Guangdong().prizes("xiangshan_cup", "2024-11-01") is None
    assert Guangdong().prizes("xiangshan_cup", "") is None


# --- edges --------------------------------------------------------------------------------------


def test_seven_entrants_and_a_cap_of_a_fifth_leave_one_prize_and_say_what_was_rounded() -> None:
    awards = shared_out("provincial_2", "2024-01-01", 7)
    prizes = [award for award in awards if award.prize != "merit"]

    assert len(prizes) == 1  # 20 % of 7 is 1.4
    assert all(award.flagged.startswith("rounded from") for award in awards)
    assert sum(award.prize == "merit" for award in awards) == 2  # half of 7 is 3.5


def test_equal_places_at_the_boundary_get_the_same_prize_and_are_flagged() -> None:
    awards = shared_out("provincial_2", "2024-01-01", 60, tied=2)  # 2, 4 and 6 prizes
    first = [award for award in awards if award.prize == "first"]

    assert [award.rank for award in first] == [1, 2, 2]
    assert ["tie at the boundary" in award.flagged for award in first] == [False, True, True]


def test_the_rule_in_force_on_the_contests_day_counts() -> None:
    before = result("first", "xiangshan_cup", held_on="2022-12-31")
    (verdict, *_) = Guangdong().explain(before)

    assert proposed(before) == []
    assert (verdict.checks[0].code, verdict.checks[0].met) == ("in_force", False)
    assert proposed(result("first", "xiangshan_cup", held_on="")) == []


def test_a_level_held_already_is_not_proposed_again() -> None:
    facts = result("merit", "xiangshan_cup", rank=20, details={"held_level:p1": "3"})
    verdict = next(v for v in Guangdong().explain(facts) if v.code == "level:3")
    (broken,) = [check for check in verdict.checks if not check.met]

    assert proposed(facts) == []
    assert broken.code == "above_held"


def test_a_holder_of_the_title_is_told_which_clause_stands_against_a_second_one() -> None:
    facts = result("first", "xiangshan_cup", details={"titles:p1": "zhongshan_technical_expert"})
    verdict = next(v for v in Guangdong().explain(facts) if v.kind == "title")

    assert [check.code for check in verdict.checks if not check.met] == ["not_titled"]


def test_a_delegation_from_hong_kong_gets_no_medal_of_guangdong() -> None:
    facts = result("first", "provincial_worker", details={"delegation_city": "810000"})
    verdict = next(v for v in Guangdong().explain(facts) if v.kind == "medal")

    assert proposed(facts) == []
    assert [check.code for check in verdict.checks if check.met is False] == ["delegation"]


def test_in_an_event_of_two_the_second_named_is_told_why() -> None:
    facts = result("first", "provincial_2", persons=("p1", "p2"))
    medals = {v.person: v for v in Guangdong().explain(facts) if v.kind == "medal"}

    assert medals["p1"].proposes
    assert not medals["p2"].proposes
    assert [check.code for check in medals["p2"].checks if not check.met] == ["first_named"]


def test_national_contests_count_pairs_and_teams_of_three_differently() -> None:
    def title(rank: int, *persons: str) -> bool:
        facts = result("", "national_1", rank=rank, persons=persons)
        return "national_technical_expert" in proposed(facts)

    assert [title(5, "p1"), title(6, "p1")] == [True, False]
    assert [title(3, "p1", "p2"), title(4, "p1", "p2")] == [True, False]
    assert [title(2, "p1", "p2", "p3"), title(3, "p1", "p2", "p3")] == [True, False]


def test_nothing_is_proposed_from_nothing_known() -> None:
    for pack in MAINLAND:
        for one in pack.classes:
            facts = result("", one.code, details={}, rank=None, total="")
            assert proposed(facts) == []


def test_an_explanation_names_exactly_what_is_proposed() -> None:
    facts = result("first", "xiangshan_cup", details={"held_level:p1": "3"})
    proposing = [v for v in Guangdong().explain(facts) if v.proposes]

    assert sorted(v.code for v in proposing) == proposed(facts)
    assert {v.pack for v in proposing} == {"zhongshan 2023-1"}


# --- conditions that a pack may use --------------------------------------------------------------


@pytest.mark.parametrize(("rank", "met"), [(5, True), (6, False), (None, False)])
def test_a_share_counts_the_entrants(rank: int | None, met: bool) -> None:
    facts = result("", "gba", rank=rank, entrants=25)

    assert Share(20).check(facts, "p1").met is met


def test_a_score_that_is_not_known_is_neither_reached_nor_missed() -> None:
    assert Score("60").check(result("", "gba", total="60"), "p1").met is True
    assert Score("60").check(result("", "gba", total="59.99"), "p1").met is False
    assert Score("60").check(result("", "gba", total=""), "p1").met is None


def test_an_employer_on_record_makes_a_worker_and_none_says_nothing() -> None:
    employed = result("", "gba", details={"employed:p1": "yes"})

    assert Employed().check(employed, "p1").met is True
    assert Employed().check(employed, "p2").met is None


# --- one test, several certificates -------------------------------------------------------------


@pytest.mark.parametrize("rules", [HongKong(), Macao()], ids=lambda one: one.code)
def test_partners_outputs_have_an_issuer_a_vocabulary_of_their_own_and_a_source(rules: Any) -> None:
    outputs = rules.outputs()

    assert outputs
    for output in outputs:
        assert set(output.title) == set(output.issuer_title) == set(output.eligibility) == LANGUAGES
        assert output.source.strip()
        assert output.fields
        assert output.languages
        assert all(set(level.title) == LANGUAGES for level in output.levels)
        assert output.occupations or output.asks, output.code


def test_partners_certificates_have_codes_of_their_own_and_fields_that_are_known() -> None:
    outputs = [output for rules in (HongKong(), Macao()) for output in rules.outputs()]
    known = {"name", "title", "level", "awarded_on", "number", "scores", "evidence"}

    assert len({output.code for output in outputs}) == len(outputs)
    for output in outputs:
        assert "name" in output.fields
        assert set(output.fields) <= known
        assert ("level" in output.fields) == bool(output.levels)
        assert set(output.languages) <= LANGUAGES
        assert set(output.documents) <= {k.code for r in partner_rules() for k in r.documents()}


def test_no_level_of_a_partner_is_one_of_the_mainlands() -> None:
    national = {"1", "2", "3", "4", "5"}
    macao = {level.code for output in Macao().outputs() for level in output.levels}

    assert not macao & national
    assert all(rules.explain(result("first", "gba")) == [] for rules in (HongKong(), Macao()))


def test_the_classes_of_all_packs_are_distinct() -> None:
    codes = [one.code for rules in partner_rules() for one in rules.contest_classes()]

    assert len(codes) == len(set(codes)) >= 11
