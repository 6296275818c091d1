"""Numbers behind the pictures, checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from contests.exports.reading import summary, with_marks
from contests.figures.distribution import median, spreads
from contests.figures.judges import compared
from contests.figures.progress import stretches
from core.settings import Settings
from tests.factories_contests import Seat, everybody, small_contest

DAY = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)


async def test_judges_are_compared_by_their_distance_from_the_panel(database: Settings) -> None:
    def marks(entry: str, seat: Seat) -> dict[str, str]:
        look = {"J1": "18", "J2": "17", "J3": "16"}[seat.name]
        return dict(everybody([look, "30", "2"]))

    small = await small_contest()
    await small.judge_everything(marks)
    await small.close()
    found = await summary(small.contest)

    seats = {one.seat: one for one in compared(found.scheme, await with_marks(found))}

    # three aspects; only "look" differs: one point of 20 above the mean is 5 %, a third of it in the mean
    assert seats["J1"].mean == Fraction(5, 3)
    assert seats["J2"].mean == 0
    assert seats["J3"].mean == Fraction(-5, 3)
    assert seats["J1"].marks == 12
    assert seats["J1"].spread == Fraction(235, 100)  # √(2 · (5/3)² + (10/3)²)/√3 = 2.357
    assert seats["J2"].spread == 0


async def test_every_entry_is_in_one_tenth_of_each_criterion(database: Settings) -> None:
    small = await small_contest(entrants=5)
    await small.judge_everything()
    await small.close()
    found = await summary(small.contest)

    dish, theory = spreads(found.scheme, await with_marks(found))

    assert (dish.maximum, theory.maximum) == (70, 30)
    assert sum(dish.bins) == sum(theory.bins) == 5
    assert theory.lowest == theory.median == theory.highest == Fraction(25, 30)
    assert theory.bins[8] == 5
    assert dish.lowest <= dish.median <= dish.highest


@pytest.mark.parametrize(
    ("values", "middle"), [([1, 2, 9], 2), ([1, 2, 3, 9], Fraction(5, 2)), ([4], 4)]
)
def test_the_median_stands_in_the_middle(values: list[int], middle: Fraction | int) -> None:
    assert median([Fraction(v) for v in values]) == middle


def test_progress_counts_each_sheet_once_in_stretches_of_a_round_length() -> None:
    moments = [DAY + timedelta(minutes=m) for m in (0, 1, 7, 55, 56, 110)]

    found = stretches(moments)

    assert sum(one.stored for one in found) == found[-1].all == 6
    assert found[0].begin == DAY.replace(minute=0)
    assert {one.end - one.begin for one in found} == {timedelta(minutes=5)}
    assert all(a.end == b.begin for a, b in pairwise(found))
    assert stretches([]) == []


@pytest.mark.parametrize("days", [1, 3, 30, 400])
def test_a_contest_of_many_days_still_fits_a_picture(days: int) -> None:
    found = stretches([DAY, DAY + timedelta(days=days)])

    assert len(found) <= 25
    assert found[-1].all == 2
