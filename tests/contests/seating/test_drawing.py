"""The draw of judges, pure: repeatable, within its terms, and with every reason when it can't be done."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from contests.seating.drawing import (
    Candidate,
    SeatWanted,
    Terms,
    draw_judges,
    seats_wanted,
)
from tests.factories_contests import dish_scheme

SEED = bytes(32)


def pool(count: int, **more: object) -> list[Candidate]:
    return [Candidate(f"c{n}", leads=n % 3 == 0, **more) for n in range(count)]  # type: ignore[arg-type]


def seats(count: int) -> list[SeatWanted]:
    return [SeatWanted(n + 1, leader=n == 0) for n in range(count)]


def codes(findings: object) -> list[str]:
    return [f.code for f in findings]  # type: ignore[attr-defined]


candidates = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        trades=st.frozensets(st.sampled_from(["cook", "weld"]), max_size=2),
        valid_until=st.sampled_from(["", "2024-01-01", "2030-01-01"]),
        leads=st.booleans(),
        employer=st.sampled_from(["", "a", "b", "c"]),
        delegations=st.frozensets(st.sampled_from(["x", "y"]), max_size=1),
        conflicts=st.sampled_from([(), (), (), ("employer",)]),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)


@settings(max_examples=150, deadline=None)
@given(candidates, st.integers(1, 4), st.binary(min_size=32, max_size=32), st.randoms())
def test_who_is_drawn_fits_and_the_order_of_the_pool_never_matters(
    people: list[Candidate], count: int, seed: bytes, random: object
) -> None:
    terms = Terms(on="2024-10-12", trade="cook", per_employer=1, per_delegation=2, reserves=2)
    drawn = draw_judges(seed, people, seats(count), terms)
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert draw_judges(seed, shuffled, seats(count), terms) == drawn
    if drawn.findings:
        assert not drawn.seats
        assert codes(drawn.findings)[0] == "seat-nobody"
        return
    known = {one.id: one for one in people}
    chosen = [known[id_] for id_ in drawn.seats.values()]
    assert sorted(drawn.seats) == list(range(1, count + 1))
    assert len({one.id for one in chosen} | set(drawn.reserves)) == count + len(drawn.reserves)
    assert known[drawn.seats[1]].leads
    for one in [*chosen, *(known[id_] for id_ in drawn.reserves)]:
        assert not one.conflicts
        assert one.valid_until in ("", "2030-01-01")
        assert not one.trades or "cook" in one.trades
    assert max(Counter(one.employer for one in chosen if one.employer).values(), default=0) <= 1
    assert max(Counter(d for one in chosen for d in one.delegations).values(), default=0) <= 2


@settings(max_examples=60, deadline=None)
@given(candidates, st.integers(1, 3))
def test_when_some_assignment_exists_one_is_found(people: list[Candidate], count: int) -> None:
    """Against trying them all."""
    from itertools import permutations

    terms = Terms(on="2024-10-12", per_employer=1)

    def fits(chosen: tuple[Candidate, ...]) -> bool:
        employers = [one.employer for one in chosen if one.employer]
        return (
            chosen[0].leads
            and all(not one.conflicts and one.valid_until in ("", "2030-01-01") for one in chosen)
            and len(employers) == len(set(employers))
        )

    possible = any(fits(chosen) for chosen in permutations(people[:8], count))

    drawn = draw_judges(SEED, people[:8], seats(count), terms)

    assert bool(drawn.seats) is possible


def test_two_seeds_draw_differently() -> None:
    drawn = {tuple(draw_judges(bytes([n]) * 32, pool(20), seats(5), Terms()).seats.values())
             for n in range(10)}  # fmt: skip

    assert len(drawn) > 5


def test_every_reason_is_named_with_how_many_it_keeps_out() -> None:
    people = [
        Candidate("a", conflicts=("employer",), leads=True),
        Candidate("b", conflicts=("relation",), leads=True),
        Candidate("c", valid_until="2020-01-01", leads=True),
        Candidate("d", trades=frozenset({"weld"}), leads=True),
        Candidate("e"),
        Candidate("f"),
    ]

    drawn = draw_judges(SEED, people, seats(2), Terms(on="2024-10-12", trade="cook"))

    assert codes(drawn.findings) == [
        "seat-nobody",
        "draw-out-conflict",
        "draw-out-conflict",
        "draw-out-expired",
        "draw-out-leader",
        "draw-out-trade",
    ]
    counts = {(f.code, f.params.get("kind", "")): f.params["count"] for f in drawn.findings[1:]}
    assert counts["draw-out-leader", ""] == "2"
    assert counts["draw-out-conflict", "relation"] == "1"


def test_one_employer_twice_and_everybody_seated_are_reasons_too() -> None:
    people = [Candidate("a", leads=True, employer="x"), Candidate("b", employer="x")]

    drawn = draw_judges(SEED, people, seats(2), Terms())

    assert codes(drawn.findings) == ["seat-nobody", "draw-out-employer", "draw-out-seated"]


def test_an_empty_pool_says_so() -> None:
    assert codes(draw_judges(SEED, [], seats(3), Terms()).findings) == ["seat-nobody"]


def test_a_draw_goes_back_a_step_when_the_first_choice_leads_nowhere() -> None:
    """Only one may lead; whoever comes first, the leader's seat is his."""
    people = [Candidate("x", leads=True, employer="e"), *pool(0), Candidate("y", employer="e"),
              Candidate("z")]  # fmt: skip

    for n in range(20):
        drawn = draw_judges(bytes([n]) * 32, people, seats(2), Terms())
        assert drawn.seats == {1: "x", 2: "z"}


def test_the_seats_are_what_the_scheme_asks_for() -> None:
    wanted = seats_wanted(dish_scheme(5))

    assert [(s.number, s.panel, s.group, s.modules, s.leader) for s in wanted] == [
        (n, "referees", "", (), n == 1) for n in range(1, 6)
    ]
