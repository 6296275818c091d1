"""Whose sheets are checked again."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.scoring.model import Outcome, Rules, Standing
from core.scoring.recheck import commitment, escalates, recheck

SEED = b"drawn in front of the supervisor"


def placed(ranks: list[int], group: str = "") -> list[Standing]:
    return [
        Standing(f"{group}{n}", group, rank, Fraction(100 - rank), None, Outcome.SCORED, "total")
        for n, rank in enumerate(ranks)
    ]


def test_all_of_the_top_share_and_a_sample_of_the_rest() -> None:
    chosen = recheck(placed(list(range(1, 21))), Rules(), SEED)

    assert set(chosen[:6]) == {str(n) for n in range(6)}
    assert len(chosen) == 6 + 3


def test_a_shared_last_place_of_the_top_is_checked_whole() -> None:
    chosen = recheck(placed([1, 2, 3, 3, 3, 6, 7, 8, 9, 10]), Rules(), SEED)

    assert {"2", "3", "4"} <= set(chosen[:5])


def test_each_group_has_its_own_share() -> None:
    chosen = recheck([*placed([1, 2, 3], "a"), *placed([1, 2, 3], "b")], Rules(), SEED)

    assert {"a0", "b0"} <= set(chosen)


def test_another_seed_draws_another_sample_and_the_same_seed_the_same() -> None:
    standings = placed(list(range(1, 101)))

    assert recheck(standings, Rules(), SEED) == recheck(standings[::-1], Rules(), SEED)
    assert recheck(standings, Rules(), SEED) != recheck(standings, Rules(), b"another")
    assert commitment(SEED) != commitment(b"another")


def test_errors_beyond_the_limit_mean_checking_everything() -> None:
    rules = Rules()

    assert not escalates(rules, checked=20, wrong=1)
    assert escalates(rules, checked=20, wrong=2)
    assert not escalates(rules, checked=0, wrong=0)


@given(st.integers(0, 60), st.fractions(0, 1), st.fractions(0, 1))
def test_nobody_is_drawn_twice_and_the_best_is_always_checked(
    count: int, top: Fraction, sample: Fraction
) -> None:
    rules = Rules(recheck=(top, sample, Fraction(1, 20)))

    chosen = recheck(placed(list(range(1, count + 1))), rules, SEED)

    assert len(chosen) == len(set(chosen)) <= count
    assert not count or not top or "0" in chosen
