"""From aspects to a total: rounding, weights, over-time, penalties, attempts, statuses, gates."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from core.scoring import obstacles, score
from core.scoring.model import (
    AttemptRule,
    AttemptRuling,
    EntryFacts,
    Gate,
    Mark,
    MissingPolicy,
    Module,
    Outcome,
    OverTime,
    Penalty,
    Record,
    Results,
    Rules,
    Scheme,
    Standing,
    StatusFact,
    Timing,
)
from tests.scoring.build import aspect, module, record, scheme, sheet

THEORY = module("T", aspect("T1", maximum="100"), maximum="100")
WORK = module("P", aspect("P1", maximum="100"), maximum="100")
BOTH = scheme(THEORY, WORK)


def marks(entry: str, theory: str | None, work: str | None) -> list[object]:
    given = []
    if theory is not None:
        given.append(sheet(entry, "J1", {"T1": theory}, module="T"))
    if work is not None:
        given.append(sheet(entry, "J1", {"P1": work}, module="P"))
    return given


def facts(**scores: tuple[str | None, str | None]) -> Record:
    return record(" ".join(scores), *(marks(e, *pair) for e, pair in scores.items()))


def by_entry(results: Results) -> dict[str, Standing]:
    return {standing.entry: standing for standing in results.standings}


def only(whole: Scheme, rules: Rules, given: Record) -> Standing:
    return score(whole, rules, given).standings[0]


# --- sums and weights ---------------------------------------------------------------------------


def test_weights_multiply_the_modules_and_the_total_is_rounded_half_up() -> None:
    weighed = scheme(replace(THEORY, weight=Fraction(3, 10)), replace(WORK, weight=Fraction(7, 10)))
    found = only(weighed, Rules(round_total=1), facts(A=("71.5", "80")))

    assert (found.exact, found.total) == (Fraction("77.45"), Fraction("77.5"))


def test_each_declared_rounding_step_is_taken_where_it_stands() -> None:
    thirds = module("M", *(aspect(f"A{i}", round_award=None, judges=3) for i in (1, 2)))
    given = [sheet("A", f"J{j}", {"A1": v, "A2": v}) for j, v in enumerate(("1", "1", "0"))]

    def total(whole: Module) -> Fraction | None:
        return only(scheme(whole), Rules(round_total=None), record("A", given)).total

    criterion = replace(thirds.criteria[0], round_to=1)
    assert total(thirds) == Fraction(4, 3)
    assert total(replace(thirds, criteria=(criterion,))) == Fraction("1.3")
    assert total(replace(thirds, round_to=2)) == Fraction("1.33")


def test_a_weight_of_one_third_is_exact() -> None:
    third = scheme(replace(THEORY, weight=Fraction(1, 3)), replace(WORK, weight=Fraction(2, 3)))

    assert only(third, Rules(round_total=None), facts(A=("50", "50"))).total == 50


# --- over-time ----------------------------------------------------------------------------------

DISH = OverTime(limit=7200, points=500, unit=60, per="started", exclude_after=1800)


@pytest.mark.parametrize(
    ("per", "seconds", "lost"),
    [
        ("started", 7200, "0"),
        ("started", 7201, "0.5"),
        ("started", 7260, "0.5"),
        ("started", 7261, "1"),
        ("full", 7259, "0"),
        ("full", 7260, "0.5"),
        ("started", 9000, "15"),
    ],
)
def test_half_a_point_for_each_minute_over_time(per: str, seconds: int, lost: str) -> None:
    timed = scheme(module("M", aspect("A1", maximum="100"), over_time=replace(DISH, per=per)))
    given = record("A", [sheet("A", "J1", {"A1": 80})], timings=(Timing("A", "M", seconds),))

    assert only(timed, Rules(), given).total == 80 - Fraction(lost)


def test_more_than_thirty_minutes_over_time_is_out() -> None:
    timed = scheme(module("M", aspect("A1", maximum="100"), over_time=DISH))
    given = record("A", [sheet("A", "J1", {"A1": 80})], timings=(Timing("A", "M", 9001),))

    found = only(timed, Rules(), given)

    assert (found.rank, found.status, found.decided_by) == (None, Outcome.DSQ, "module:M")


def test_compensation_is_taken_off_before_anything_is_counted() -> None:
    timed = scheme(module("M", aspect("A1", maximum="100"), over_time=DISH))
    clock = Timing("A", "M", gross=7500, compensation=300)
    results = score(timed, Rules(), record("A", [sheet("A", "J1", {"A1": 80})], timings=(clock,)))

    assert results.standings[0].total == 80
    assert (results.modules[0].gross, results.modules[0].compensation) == (7500, 300)


# --- penalties ----------------------------------------------------------------------------------


def penalised(*penalties: Penalty) -> Results:
    given = replace(facts(A=("80", "90"), B=("70", "70")), penalties=penalties)
    return score(BOTH, Rules(), given)


def test_points_come_off_the_total_or_off_the_module_that_is_named() -> None:
    results = penalised(
        Penalty("p1", "A", "points", points=5000), Penalty("p2", "A", "points", "T", 2500)
    )

    assert by_entry(results)["A"].total == Fraction("162.5")
    theory = next(m for m in results.modules if (m.entry, m.module) == ("A", "T"))
    assert (theory.score, theory.penalty) == (Fraction("77.5"), Fraction("2.5"))


def test_a_warning_costs_nothing() -> None:
    assert by_entry(penalised(Penalty("p", "A", "warning", points=5000)))["A"].total == 170


def test_a_penalty_never_takes_a_score_below_zero() -> None:
    assert by_entry(penalised(Penalty("p", "A", "points", points=500_000)))["A"].total == 0


def test_a_void_module_counts_nothing_and_the_entry_keeps_its_place() -> None:
    results = penalised(Penalty("p", "A", "module", "T"))
    found = by_entry(results)["A"]

    assert (found.total, found.rank, found.status) == (90, 2, Outcome.SCORED)
    assert next(m for m in results.modules if m.module == "T").outcome is Outcome.VOID


@pytest.mark.parametrize(
    ("scope", "status"), [("disqualify", Outcome.DSQ), ("project", Outcome.VOID)]
)
def test_who_is_disqualified_or_declared_void_has_no_place(scope: str, status: Outcome) -> None:
    found = by_entry(penalised(Penalty("p7", "A", scope)))

    assert (found["A"].rank, found["A"].status, found["A"].total) == (None, status, None)
    assert found["A"].decided_by == "penalty:p7"
    assert found["B"].rank == 1


def test_a_penalty_changes_nobody_else() -> None:
    assert (
        by_entry(penalised())["B"].total
        == by_entry(penalised(Penalty("p", "A", "points", points=9000)))["B"].total
    )


# --- what stands in the place of a number -------------------------------------------------------


@pytest.mark.parametrize("status", [Outcome.DNS, Outcome.DNF, Outcome.DSQ, Outcome.VOID])
def test_a_status_of_the_entry_is_a_value_of_its_own(status: Outcome) -> None:
    given = replace(facts(A=("80", "90"), B=(None, None)), statuses=(StatusFact("B", status),))
    results = score(BOTH, Rules(), given)

    found = by_entry(results)["B"]
    assert (found.rank, found.total, found.status) == (None, None, status)
    assert obstacles(BOTH, Rules(), results) == []


@pytest.mark.parametrize(
    ("policy", "rank", "total"),
    [
        (MissingPolicy.UNRANKED, None, None),
        (MissingPolicy.ZERO, 2, Fraction(80)),
        (MissingPolicy.PRESENT, 2, Fraction(120)),
    ],
)
def test_an_unfinished_module_follows_its_declared_policy(
    policy: MissingPolicy, rank: int | None, total: Fraction | None
) -> None:
    given = replace(
        facts(A=("80", "40"), B=("70", "70")), statuses=(StatusFact("A", Outcome.DNF, "P"),)
    )
    found = by_entry(score(BOTH, Rules(dnf=policy), given))["A"]

    assert (found.rank, found.total) == (rank, total)


def test_an_unfinished_module_may_count_what_was_marked_until_then() -> None:
    long = scheme(module("M", aspect("A1"), aspect("A2")))
    given = record("A", [sheet("A", "J1", {"A1": 7})], statuses=(StatusFact("A", Outcome.DNF),))

    results = score(long, Rules(dnf=MissingPolicy.PRESENT), given)

    assert (results.standings[0].total, results.standings[0].rank) == (7, 1)
    assert results.modules[0].outcome is Outcome.DNF


def test_a_missing_module_blocks_the_contest_or_leaves_the_entry_without_a_place() -> None:
    given = facts(A=("80", "90"), B=("70", None))
    unranked = scheme(THEORY, replace(WORK, missing=MissingPolicy.UNRANKED))

    blocked, passed = score(BOTH, Rules(), given), score(unranked, Rules(), given)

    assert [(f.pointer, f.code) for f in obstacles(BOTH, Rules(), blocked)] == [
        ("/entries/B/modules/P", "module-absent")
    ]
    assert obstacles(unranked, Rules(), passed) == []
    assert by_entry(passed)["B"].rank is None
    assert by_entry(passed)["B"].status is Outcome.MISSING


def test_an_absent_module_counts_nothing_only_where_the_rules_say_so() -> None:
    free = scheme(THEORY, replace(WORK, missing=MissingPolicy.ZERO))
    results = score(free, Rules(), facts(A=("80", None)))

    assert results.standings[0].total == 80
    assert [m.outcome for m in results.modules] == [Outcome.SCORED, Outcome.MISSING]


def test_what_a_panel_still_owes_is_named_by_entry_module_and_aspect() -> None:
    whole = scheme(module("M", aspect("A1", judges=3), aspect("A2")))
    results = score(whole, Rules(), record("A", [sheet("A", "J1", {"A1": 5})]))

    assert [(f.pointer, f.code) for f in obstacles(whole, Rules(), results)] == [
        ("/entries/A/modules/M/aspects/A1", "panel-incomplete"),
        ("/entries/A/modules/M/aspects/A2", "mark-absent"),
    ]


def test_trial_entries_and_idle_reserves_are_no_part_of_the_results() -> None:
    entries = [EntryFacts("A"), EntryFacts("T", trial=True), EntryFacts("R", reserve=True)]
    given = record(entries, [sheet("A", "J1", {"A1": 5}), sheet("T", "J1", {"A1": 9})])
    whole = scheme(module("M", aspect("A1")))

    assert [s.entry for s in score(whole, Rules(), given).standings] == ["A"]
    called = replace(given, sheets=(*given.sheets, sheet("R", "J1", {"A1": 6})))
    assert [s.entry for s in score(whole, Rules(), called).standings] == ["R", "A"]


# --- attempts -----------------------------------------------------------------------------------


def attempts(rule: AttemptRule, *values: str, rulings: tuple[AttemptRuling, ...] = ()) -> Results:
    whole = scheme(module("M", aspect("A1"), attempts=rule))
    given = [sheet("A", "J1", {"A1": v}, attempt=i) for i, v in enumerate(values, 1)]
    return score(whole, Rules(), record("A", given, rulings=rulings))


def test_the_last_the_best_or_the_ruled_attempt_counts() -> None:
    ruled = (AttemptRuling("A", "M", 2),)

    assert attempts(AttemptRule.LAST, "7", "9", "8").standings[0].total == 8
    assert attempts(AttemptRule.BEST, "7", "9", "8").standings[0].total == 9
    assert attempts(AttemptRule.RULING, "7", "6", "8", rulings=ruled).standings[0].total == 6
    assert attempts(AttemptRule.BEST, "7", "9", "8").modules[0].attempt == 2


def test_several_attempts_wait_for_the_ruling() -> None:
    results = attempts(AttemptRule.RULING, "7", "6")
    whole = scheme(module("M", aspect("A1"), attempts=AttemptRule.RULING))

    assert results.standings[0].status is Outcome.MISSING
    assert [f.code for f in obstacles(whole, Rules(), results)] == ["attempt-unruled"]
    assert attempts(AttemptRule.RULING, "7").standings[0].total == 7


def test_a_second_attempt_that_only_the_clock_knows_is_the_last_one() -> None:
    whole = scheme(module("M", aspect("A1")))
    given = record("A", [sheet("A", "J1", {"A1": 7})], timings=(Timing("A", "M", 60, attempt=2),))

    assert score(whole, Rules(), given).standings[0].status is Outcome.MISSING


# --- gates --------------------------------------------------------------------------------------


def test_who_fails_a_gate_is_shown_and_not_ranked() -> None:
    rules = Rules(gates=(Gate("T", minimum=60_000),))
    found = by_entry(score(BOTH, rules, facts(A=("60", "50"), B=("59.99", "99"))))

    assert found["A"].rank == 1
    assert (found["B"].rank, found["B"].status) == (None, Outcome.NOT_QUALIFIED)
    assert (found["B"].total, found["B"].decided_by) == (Fraction("158.99"), "gate:T")


def test_who_was_not_admitted_owes_no_later_module() -> None:
    rules = Rules(gates=(Gate("T", minimum=60_000),))
    results = score(BOTH, rules, facts(A=("60", "50"), B=("40", None)))

    assert obstacles(BOTH, rules, results) == []
    assert by_entry(results)["B"].status is Outcome.NOT_QUALIFIED


def test_the_best_n_of_each_group_advance_and_equals_at_the_boundary_together() -> None:
    rules = Rules(gates=(Gate("T", top=2),))
    given = facts(A=("90", "50"), B=("80", "50"), C=("80", "50"), D=("70", "50"), E=("10", "50"))
    grouped = replace(
        given, entries=tuple(EntryFacts(e, "students" if e == "E" else "workers") for e in "ABCDE")
    )

    found = by_entry(score(BOTH, rules, grouped))

    assert {e for e, s in found.items() if s.rank is not None} == {"A", "B", "C", "E"}


def test_a_gate_that_is_not_carried_decides_and_is_not_added() -> None:
    rules = Rules(gates=(Gate("T", minimum=60_000, top=35, carried=False),))

    assert by_entry(score(BOTH, rules, facts(A=("90", "50"))))["A"].total == 50


def test_a_gate_may_ask_for_a_total() -> None:
    rules = Rules(gates=(Gate("", minimum=100_000),))
    found = by_entry(score(BOTH, rules, facts(A=("50", "50"), B=("50", "49"))))

    assert (found["A"].rank, found["B"].status) == (1, Outcome.NOT_QUALIFIED)
    assert found["B"].decided_by == "gate:"


def test_an_earlier_gate_comes_before_a_later_one() -> None:
    rules = Rules(gates=(Gate("T", minimum=60_000), Gate("P", top=1)))
    found = by_entry(score(BOTH, rules, facts(A=("50", "99"), B=("70", "80"), C=("70", "60"))))

    assert [found[e].decided_by for e in "ABC"] == ["gate:T", "total", "gate:P"]


def test_a_mark_outside_any_module_of_the_scheme_changes_nothing() -> None:
    stray = sheet("A", "J1", {"Z9": Mark(5000)}, module="Z")
    given = facts(A=("80", "90"))

    assert only(BOTH, Rules(), replace(given, sheets=(*given.sheets, stray))).total == 170
