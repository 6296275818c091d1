"""From totals to places, prizes and teams."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from core.scoring import TeamResult, obstacles, rank_teams, score, team_results, unresolved_teams
from core.scoring.model import (
    AwardBase,
    AwardMethod,
    AwardRule,
    EntryFacts,
    Outcome,
    PlaceRuling,
    Prize,
    Results,
    Rules,
    StatusFact,
    TeamFormula,
    TeamRule,
    TeamStanding,
    TieBreak,
    TieKey,
    TiePolicy,
    Timing,
)
from tests.scoring.build import aspect, module, record, scheme, sheet, text, totals

TWO = scheme(
    module("A", aspect("A1", maximum="30"), maximum="30"),
    module("B", aspect("B1", maximum="70"), aspect("B2", maximum="70"), maximum="140"),
)


def ranked(results: Results) -> list[tuple[str, int | None, str]]:
    return [(s.entry, s.rank, s.decided_by) for s in results.standings]


def tied(rules: Rules, **scores: tuple[int, int, int]) -> list[tuple[str, int | None, str]]:
    """(A1, B1, B2) by entry."""
    given = []
    for entry, (a1, b1, b2) in scores.items():
        given += [
            sheet(entry, "J", {"A1": a1}, module="A"),
            sheet(entry, "J", {"B1": b1, "B2": b2}, module="B"),
        ]
    clocks = tuple(Timing(e, "B", 600 - 10 * i) for i, e in enumerate(scores))
    return ranked(score(TWO, rules, record(" ".join(scores), given, timings=clocks)))


# --- places -------------------------------------------------------------------------------------


def test_equal_totals_share_the_place_and_the_next_place_is_skipped() -> None:
    facts, whole = totals({"A": 90, "B": 80, "C": 80, "D": 70})

    results = score(whole, Rules(), facts)

    assert ranked(results) == [
        ("A", 1, "total"),
        ("B", 2, "shared"),
        ("C", 2, "shared"),
        ("D", 4, "total"),
    ]
    assert [s.shared for s in results.standings] == [False, True, True, False]


def test_groups_are_ranked_apart() -> None:
    entries = [EntryFacts("A", "workers"), EntryFacts("B", "students"), EntryFacts("C", "workers")]
    facts, whole = totals({"A": 70, "B": 60, "C": 90}, facts=entries)

    found = [(s.group, s.entry, s.rank) for s in score(whole, Rules(), facts).standings]

    assert found == [("students", "B", 1), ("workers", "C", 1), ("workers", "A", 2)]


@pytest.mark.parametrize(
    ("tie", "decided_by", "first"),
    [
        (TieBreak(TieKey.MODULE, "A"), "module:A", "X"),
        (TieBreak(TieKey.MODULE, "B"), "module:B", "Y"),
        (TieBreak(TieKey.MODULE, "B", descending=False), "module:B", "X"),
        (TieBreak(TieKey.CRITERION, "B.C"), "criterion:B.C", "Y"),
        (TieBreak(TieKey.ASPECT, "B1"), "aspect:B1", "X"),
        (TieBreak(TieKey.TIME, "B"), "time:B", "Y"),
        (TieBreak(TieKey.TIME, ""), "time:", "Y"),
        (TieBreak(TieKey.TIME, "", descending=False), "time:", "Y"),
        (TieBreak(TieKey.WEIGHTED_MODULES), "weighted_modules:B", "Y"),
        (TieBreak(TieKey.COUNT_BEST), "count_best:", "X"),
    ],
)
def test_each_tie_break_decides_and_is_named(tie: TieBreak, decided_by: str, first: str) -> None:
    found = tied(Rules(tie_breaks=(tie,)), X=(30, 50, 10), Y=(20, 10, 60))

    second = "Y" if first == "X" else "X"
    assert found == [(first, 1, decided_by), (second, 2, decided_by)]


def test_the_key_that_decided_is_named_for_each_place_of_a_larger_tie() -> None:
    rules = Rules(tie_breaks=(TieBreak(TieKey.MODULE, "A"), TieBreak(TieKey.ASPECT, "B1")))

    found = tied(rules, W=(30, 30, 0), X=(20, 40, 0), Y=(20, 30, 10), Z=(20, 30, 10))

    assert found == [
        ("W", 1, "module:A"),
        ("X", 2, "aspect:B1"),
        ("Y", 3, "shared"),
        ("Z", 3, "shared"),
    ]


def test_the_unrounded_total_can_decide() -> None:
    facts, whole = totals({"A": "80.004", "B": "80.001"})
    fine = replace(whole, modules=(replace(whole.modules[0], criteria=_unrounded(whole)),))

    found = ranked(score(fine, Rules(tie_breaks=(TieBreak(TieKey.UNROUNDED),)), facts))

    assert found == [("A", 1, "unrounded:"), ("B", 2, "unrounded:")]


def _unrounded(whole):  # type: ignore[no-untyped-def]
    criterion = whole.modules[0].criteria[0]
    sub = criterion.sub_criteria[0]
    exact = tuple(replace(a, round_award=None) for a in sub.aspects)
    return (replace(criterion, sub_criteria=(replace(sub, aspects=exact),)),)


@pytest.mark.parametrize("descending", [True, False])
def test_what_is_absent_is_the_worst_in_a_tie_break(descending: bool) -> None:
    facts, whole = totals({"A": 80, "B": 80}, timings=(Timing("B", "M", 500),))
    rules = Rules(tie_breaks=(TieBreak(TieKey.TIME, "M", descending=descending),))

    assert ranked(score(whole, rules, facts)) == [("B", 1, "time:M"), ("A", 2, "time:M")]


def test_no_shared_places_leaves_a_tie_unresolved_until_the_chief_referee_rules() -> None:
    rules = Rules(tie_policy=TiePolicy.NONE)
    facts, whole = totals({"A": 80, "B": 80, "C": 90})
    ruled = replace(facts, places=(PlaceRuling(("B", "A")),))

    open_results, results = score(whole, rules, facts), score(whole, rules, ruled)

    assert open_results.unresolved == (("A", "B"),)
    assert [f.code for f in obstacles(whole, rules, open_results)] == ["tie-unresolved"]
    assert ranked(results) == [("C", 1, "total"), ("B", 2, "ruling"), ("A", 3, "ruling")]
    assert results.unresolved == ()


def test_a_ruling_changes_nothing_that_the_marks_decide() -> None:
    facts, whole = totals({"A": 80, "B": 70}, places=(PlaceRuling(("B", "A")),))

    assert ranked(score(whole, Rules(tie_policy=TiePolicy.NONE), facts))[0] == ("A", 1, "total")


def test_places_within_two_points_of_the_first_of_them_are_shared() -> None:
    facts, whole = totals({"A": 90, "B": 88, "C": 86, "D": "83.99"})

    found = ranked(score(whole, Rules(tie_policy=TiePolicy.WITHIN, tie_within=2000), facts))

    assert found == [("A", 1, "shared"), ("B", 1, "shared"), ("C", 3, "total"), ("D", 4, "total")]


# --- prizes -------------------------------------------------------------------------------------


def prizes(*amounts: int | str, codes: str = "first second third merit") -> tuple[Prize, ...]:
    return tuple(
        Prize(c, text(c), Fraction(a)) for c, a in zip(codes.split(), amounts, strict=False)
    )


def awarded(rule: AwardRule, scores: dict[str, str | int], **more: object) -> dict[str, list[str]]:
    facts, whole = totals(scores, **more)
    found: dict[str, list[str]] = {}
    for proposal in score(whole, Rules(awards=(rule,)), facts).awards:
        found.setdefault(proposal.prize, []).append(proposal.entry)
    return found


def rule(method: AwardMethod, *amounts: int | str, **more: object) -> AwardRule:
    return AwardRule("prizes", text("Prizes"), method, prizes(*amounts), **more)  # type: ignore[arg-type]


FALLING = {f"E{i:02}": 100 - i for i in range(40)}


def test_one_two_and_five_prizes() -> None:
    found = awarded(rule(AwardMethod.COUNTS, 1, 2, 5), FALLING)

    assert {p: len(e) for p, e in found.items()} == {"first": 1, "second": 2, "third": 5}


def test_equal_places_get_the_same_better_prize_and_it_is_flagged() -> None:
    facts, whole = totals({"A": 90, "B": 90, "C": 80, "D": 70})
    results = score(whole, Rules(awards=(rule(AwardMethod.COUNTS, 1, 2, 5),)), facts)

    assert [(a.prize, a.entry, bool(a.flagged)) for a in results.awards] == [
        ("first", "A", True),
        ("first", "B", True),
        ("second", "C", False),
        ("third", "D", False),
    ]
    assert next((c.prize, c.asked, c.proposed) for c in results.counts) == ("first", 1, 2)


def test_a_tie_at_the_boundary_may_be_the_chief_referees_to_decide() -> None:
    facts, whole = totals({"A": 90, "B": 90})
    results = score(whole, Rules(awards=(rule(AwardMethod.COUNTS, 1, ties="rule"),)), facts)

    assert all("chief referee" in a.flagged for a in results.awards)


@pytest.mark.parametrize(
    ("rounding", "expected"), [("half_up", (4, 7, 11)), ("down", (3, 7, 10)), ("up", (4, 7, 11))]
)
def test_ten_twenty_and_thirty_per_cent_show_their_rounding(
    rounding: str, expected: tuple[int, ...]
) -> None:
    scores = {f"E{i:02}": 100 - i for i in range(35)}
    facts, whole = totals(scores)
    shares = rule(AwardMethod.SHARES, "1/10", "1/5", "3/10", rounding=rounding)
    results = score(whole, Rules(awards=(shares,)), facts)

    assert tuple(c.proposed for c in results.counts) == expected
    assert [c.asked for c in results.counts] == [Fraction("3.5"), 7, Fraction("10.5")]
    assert results.awards[0].flagged == "rounded from 3.5"


@pytest.mark.parametrize(("base", "number"), [(AwardBase.REGISTERED, 2), (AwardBase.PRESENT, 1)])
def test_proportions_count_the_registered_or_the_present_as_declared(
    base: AwardBase, number: int
) -> None:
    scores: dict[str, str | int] = {f"E{i:02}": 100 - i for i in range(14)}
    absent = tuple(StatusFact(f"X{i}", Outcome.DNS) for i in range(6))
    entries = [EntryFacts(e) for e in [*scores, *(s.entry for s in absent)]]
    share = rule(AwardMethod.SHARES, "1/10", base=base)

    assert len(awarded(share, scores, facts=entries, statuses=absent)["first"]) == number
    known = {"": 14}
    later = awarded(share, scores, facts=entries, statuses=absent, registered=known)
    assert len(later["first"]) == 1


def test_one_to_two_to_three_stays_under_the_cap_and_merit_goes_down_to_half() -> None:
    ratio = rule(AwardMethod.RATIO, 1, 2, 3, 0, cap=Fraction(1, 5), merit=Fraction(1, 2))
    found = awarded(ratio, FALLING)

    assert {p: len(e) for p, e in found.items()} == {
        "first": 1,
        "second": 3,
        "third": 4,
        "merit": 12,
    }


def test_rounding_never_carries_the_ratio_over_its_cap() -> None:
    ratio = rule(AwardMethod.RATIO, 1, 2, 3, cap=Fraction(1, 5))
    found = awarded(ratio, {f"E{i:02}": 100 - i for i in range(45)})

    assert {p: len(e) for p, e in found.items()} == {"first": 2, "second": 3, "third": 4}


MEDALS = AwardRule(
    "medals",
    text("Medals"),
    AwardMethod.MEDALS,
    prizes(1, 1, 1, 700, codes="gold silver bronze excellence"),
    within=2000,
)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((740, 730, 720), ("g", "s", "b")),
        ((740, 738, 730, 720), ("g", "g", "b", "e")),
        ((740, 739, 738, 737, 720), ("g", "g", "g", "b", "e")),
        ((740, 739, 738, 735), ("g", "g", "g", "e")),
        ((740, 730, 729, 728, 720), ("g", "s", "s", "s", "e")),
        ((740, 730, 729, 727, 699), ("g", "s", "s", "b", "")),
        ((740, 730, 720, 719, 690), ("g", "s", "b", "b", "")),
    ],
)
def test_medals_within_two_points_are_shared(
    scores: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    names = {f"E{i}": total for i, total in enumerate(scores)}
    found = awarded(MEDALS, names)

    medal = {entry: prize[0] for prize, entries in found.items() for entry in entries}
    assert tuple(medal.get(entry, "") for entry in names) == expected


def test_the_public_vote_is_apart_from_the_ranking() -> None:
    vote = AwardRule("popular", text("Popular"), AwardMethod.VOTE, prizes(1), panel="tasters")
    votes = {"tasters": {"A": 10, "C": 55, "B": 55}}

    assert awarded(vote, {"A": 90, "B": 80, "C": 70}, votes=votes) == {"first": ["B", "C"]}


def test_nobody_under_the_minimum_and_nobody_without_a_place_gets_a_prize() -> None:
    least = rule(AwardMethod.COUNTS, 1, 2, 5, minimum=60_000)
    out = (StatusFact("D", Outcome.DSQ),)

    assert awarded(least, {"A": 90, "B": 60, "C": "59.99", "D": 99}, statuses=out) == {
        "first": ["A"],
        "second": ["B"],
    }


def test_a_rule_for_one_group_leaves_the_others_alone() -> None:
    entries = [EntryFacts("A", "workers"), EntryFacts("B", "students")]
    own = rule(AwardMethod.COUNTS, 1, group="students")

    assert awarded(own, {"A": 90, "B": 10}, facts=entries) == {"first": ["B"]}


# --- teams --------------------------------------------------------------------------------------


def team(formula: TeamFormula, **more: object) -> TeamRule:
    return TeamRule("team", text("Team"), formula, **more)  # type: ignore[arg-type]


def results_of(**delegations: tuple[int, ...]) -> list[TeamResult]:
    return [
        TeamResult("c", f"{name}{i}", name, rank=i + 1, total=Fraction(total))
        for name, own in delegations.items()
        for i, total in enumerate(own)
    ]


def order(found: tuple[TeamStanding, ...]) -> list[tuple[str, int | None, Fraction | None]]:
    return [(standing.delegation, standing.rank, standing.total) for standing in found]


@pytest.mark.parametrize(
    ("rule_", "expected"),
    [
        (team(TeamFormula.SUM), [("X", 1, 240), ("Y", 2, 95)]),
        (team(TeamFormula.MEAN), [("Y", 1, 95), ("X", 2, 80)]),
        (team(TeamFormula.BEST, best=2), [("X", 1, 170), ("Y", 2, 95)]),
        (team(TeamFormula.JOINT), [("Y", 1, 95), ("X", 2, 90)]),
        (team(TeamFormula.PLACE_POINTS, points=(5000, 3000)), [("X", 1, 8), ("Y", 2, 5)]),
        (team(TeamFormula.SUM, minimum=2), [("X", 1, 240), ("Y", None, None)]),
    ],
)
def test_each_team_formula(rule_: TeamRule, expected: list[tuple[str, int, int]]) -> None:
    assert order(rank_teams(rule_, results_of(X=(90, 80, 70), Y=(95,)))) == expected


def test_a_shared_second_place_of_the_team_award_skips_the_third() -> None:
    given = results_of(dongguan=(90,), guangzhou=(80,), zhongshan=(80,), shenzhen=(70,))
    prized = team(TeamFormula.SUM, prizes=prizes(1, 2, 3))

    found = rank_teams(prized, given)

    assert [(s.delegation, s.rank, s.prize) for s in found] == [
        ("dongguan", 1, "first"),
        ("guangzhou", 2, "second"),
        ("zhongshan", 2, "second"),
        ("shenzhen", 4, "third"),
    ]


def test_a_tie_of_teams_that_the_rule_forbids_waits_for_a_ruling() -> None:
    none = team(TeamFormula.SUM, tie_policy=TiePolicy.NONE)
    given = results_of(X=(80,), Y=(80,))

    open_standings = rank_teams(none, given)

    assert unresolved_teams(none, open_standings) == [("X", "Y")]
    ruled = rank_teams(none, given, [("Y", "X")])
    assert [(s.delegation, s.rank) for s in ruled] == [("Y", 1), ("X", 2)]
    assert unresolved_teams(none, ruled) == []


def test_only_ranked_entries_of_a_delegation_count_for_it() -> None:
    entries = [EntryFacts("A", delegation="gz"), EntryFacts("B"), EntryFacts("C", delegation="gz")]
    facts, whole = totals(
        {"A": 90, "B": 80, "C": 70}, facts=entries, statuses=(StatusFact("C", Outcome.DSQ),)
    )

    found = team_results("pastry", entries, score(whole, Rules(), facts).standings)

    assert [(r.name, r.delegation, r.total) for r in found] == [("pastry/A", "gz", 90)]
