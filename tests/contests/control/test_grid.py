"""The grid of works by judges, from facts alone."""

from __future__ import annotations

from typing import Any

from contests.judging.control.grid import MOST_COLUMNS, CalledBack, Grid, SheetFacts, grid_of
from contests.judging.control.plan import Plan, plan
from contests.replay import AppointedFacts
from tests.factories_contests import dish_scheme

DRAWN = [
    {"module": "dish", "codes": ["101", "102", "103"]},
    {"module": "dish", "codes": ["900"], "trial": ["900"]},
    {"module": "theory", "codes": ["201", "202"]},
]


def judge(number: int, **more: Any) -> AppointedFacts:
    return AppointedFacts(id=f"a{number}", role="judge", seat=f"J{number}", **more)


def planned(judges: int = 3, ended: tuple[str, ...] = ()) -> Plan:
    everybody = [judge(number) for number in range(1, judges + 1)]
    return plan(dish_scheme().modules, DRAWN, everybody, frozenset(ended))


def sheet(judge: str, code: str, *, module: str = "dish", **more: Any) -> SheetFacts:
    facts = {"attempt": 1, "round": 1, "state": "accepted", "seq": 7, "at": "", **more}
    return SheetFacts(id=f"{judge}-{code}", module=module, code=code, judge=judge, **facts)


def made(*sheets: SheetFacts, **more: Any) -> Grid:
    facts: dict[str, Any] = {"rounds": (), "excused": {}, "ended": False, **more}
    return grid_of(facts.pop("plan", planned()), sheets, facts.pop("rounds"),
                   facts.pop("excused"), **facts)  # fmt: skip


def row(grid: Grid, code: str, module: int = 0, attempt: int = 1) -> list[str]:
    works = grid.modules[module].works
    work = next(w for w in works if (w.code, w.attempt) == (code, attempt))
    return [cell.state for cell in work.cells]


def missing(grid: Grid) -> dict[str, list[str]]:
    return {one.seat: one.codes for one in grid.missing}


def test_a_sheet_is_missing_once_a_colleague_has_handed_it_in() -> None:
    grid = made(sheet("a1", "101"))

    assert row(grid, "101") == ["stored", "missing", "missing"]
    assert row(grid, "102") == ["open", "open", "open"]
    assert missing(grid) == {"J2": ["101"], "J3": ["101"]}


def test_a_work_that_the_judge_has_passed_over_is_missing() -> None:
    grid = made(sheet("a1", "103"), sheet("a2", "103"), sheet("a3", "103"))

    assert row(grid, "101") == ["missing"] * 3
    assert missing(grid)["J2"] == ["101", "102"]


def test_at_the_end_of_marking_everything_that_is_not_there_is_missing() -> None:
    grid = made(sheet("a1", "101"), ended=True)

    assert row(grid, "103") == ["missing"] * 3
    assert [one.codes for one in grid.missing if one.seat == "J1"] == [
        ["102", "103"],
        ["201", "202"],
    ]


def test_practice_works_come_first_and_count_nowhere() -> None:
    grid = made(sheet("a1", "900"))

    works = grid.modules[0].works
    assert [(w.code, w.trial) for w in works][:2] == [("900", True), ("101", False)]
    assert row(grid, "900") == ["stored", "open", "open"]
    assert missing(grid) == {}
    assert (grid.owed, grid.stored) == (3 * 3 + 2, 0)


def test_of_judges_who_agree_on_one_sheet_only_one_owes_it() -> None:
    grid = made(sheet("a2", "201", module="theory"))

    assert row(grid, "201", module=1) == ["", "stored", ""]
    assert row(grid, "202", module=1) == ["open", "", ""]


def test_a_work_that_is_not_marked_is_owed_by_nobody_and_keeps_what_was_given() -> None:
    grid = made(sheet("a1", "101"), excused={("dish", "101"): "DNF"})

    assert row(grid, "101") == ["stored", "excused", "excused"]
    assert missing(grid) == {}
    assert grid.modules[0].works[1].excused == "DNF"
    assert grid.modules[0].columns[1].owed == 2


def test_a_work_called_back_waits_for_each_new_sheet() -> None:
    everybody = [sheet(f"a{n}", "101") for n in (1, 2, 3)]
    again = CalledBack("dish", "101", 1, "referees", "", 2)

    grid = made(*everybody, sheet("a2", "101", round=2), rounds=[again])

    assert row(grid, "101") == ["again", "stored", "again"]
    assert grid.again[0].waiting == ["J1", "J3"]
    assert grid.modules[0].works[1].cells[1].round == 2
    assert grid.stored == 3


def test_conflicts_and_sheets_that_do_not_count_are_shown_as_they_are() -> None:
    grid = made(sheet("a1", "101", state="conflict"), sheet("a2", "101", state="not_countable"))

    cells = grid.modules[0].works[1].cells
    assert [cell.state for cell in cells] == ["conflict", "not_countable", "missing"]
    assert cells[0].sheet == "a1-101"


def test_a_second_attempt_is_a_row_of_its_own() -> None:
    grid = made(sheet("a1", "102", attempt=2))

    assert row(grid, "102", attempt=2) == ["stored", "missing", "missing"]
    assert row(grid, "102")[0] == "open"


def test_the_sheets_of_a_judge_who_has_left_stay_and_he_owes_nothing() -> None:
    grid = made(sheet("a3", "101"), plan=planned(ended=("a3",)))

    columns = grid.modules[0].columns
    assert [column.seat for column in columns] == ["J1", "J2", "J3"]
    assert row(grid, "101")[2] == "stored"
    assert row(grid, "102")[2] == ""


def test_a_panel_too_large_for_columns_is_counted_in_one() -> None:
    large = planned(judges=MOST_COLUMNS + 6)
    there = [sheet(f"a{n}", "101") for n in range(1, 6)]

    grid = made(*there, plan=large)

    (column,) = grid.modules[0].columns
    (cell,) = grid.modules[0].works[1].cells
    assert (cell.state, cell.stored, cell.of) == ("panel", 5, MOST_COLUMNS + 6)
    assert (column.judges, column.stored, column.owed) == (20, 5, 60)
