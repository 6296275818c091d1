"""Which revisions of a sheet stand: worked out from what they say of themselves, never from the order
in which they came."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contests.judging.lineage import Decision, Node, standing
from contests.sheets import Payload

_EMPTY = Payload("", "c", "m", "07", "j", "s", 1, {}, "r", "2024")


def node(rid: str, base: str = "", device: str = "A", seq: int = 1, **more: bool) -> Node:
    payload = replace(_EMPTY, rid=rid, base=base, seq=seq)
    return Node(payload, device, place=0, hash="", **more)


def stands(*nodes: Node, decisions: tuple[Decision, ...] = ()) -> tuple[str, ...]:
    placed = [replace(one, place=place) for place, one in enumerate(nodes, 1)]
    return standing(placed, decisions).rivals


def test_the_last_of_a_line_stands() -> None:
    assert stands(node("a"), node("b", "a"), node("c", "b")) == ("c",)
    assert stands(node("c", "b", seq=3), node("b", "a", seq=2), node("a")) == ("c",)


def test_two_made_from_one_stand_against_each_other() -> None:
    assert stands(node("a"), node("b", "a"), node("c", "a", "B")) == ("b", "c")


def test_a_link_that_arrives_late_ends_the_conflict_that_its_absence_made() -> None:
    first, last = node("a"), node("c", "b", "B")
    assert stands(first, last) == ("a", "c")
    assert stands(first, last, node("b", "a", "B")) == ("c",)


def test_on_one_device_the_order_of_its_numbers_fills_the_gap() -> None:
    assert stands(node("a", seq=4), node("c", "b", seq=6)) == ("c",)
    assert stands(node("c", "b", seq=6), node("a", seq=4)) == ("c",)


def test_a_device_that_starts_again_from_nothing_is_seen() -> None:
    assert stands(node("a", seq=4), node("b", seq=5)) == ("a", "b")


def test_a_barred_revision_replaces_nothing() -> None:
    locked = node("b", "a", barred=True)
    assert stands(node("a"), locked) == ("a", "b")
    assert stands(node("a"), locked, node("c", "b", barred=True)) == ("a", "c")
    assert not standing([locked], ()).settled


def test_a_sheet_that_does_not_count_may_be_put_right_when_it_is_locked() -> None:
    found = standing([node("b", "a", barred=True), node("a", countable=False)], ())
    assert (found.rivals, found.settled) == (("b",), True)


def test_a_countersigned_revision_carries_what_it_was_made_from() -> None:
    nodes = node("a"), node("b", "a", barred=True), node("c", "b", countersigned=True)
    assert stands(*nodes) == ("c",)


def test_a_decision_sets_the_others_aside_and_binds_nobody_later() -> None:
    nodes = node("a"), node("b", "a"), node("c", "a", "B")
    chosen = (Decision(4, "b"),)
    assert stands(*nodes, decisions=chosen) == ("b",)
    later = [replace(one, place=n) for n, one in enumerate(nodes, 1)]
    later.append(replace(node("d", "c", "B", 2), place=5))
    assert standing(later, chosen).rivals == ("b", "d")
    later.append(replace(node("e", "b", "A", 3), place=6))
    assert standing(later, chosen).rivals == ("d", "e")


def test_bases_in_a_ring_all_stand() -> None:
    assert stands(node("a", "b"), node("b", "a")) == ("a", "b")


@st.composite
def histories(draw: st.DrawFn) -> list[Node]:
    """What two or three tablets may have signed: each from something that was signed before."""
    made: list[Node] = []
    numbers = dict.fromkeys("ABC", 0)
    for place in range(draw(st.integers(1, 9))):
        device = draw(st.sampled_from("ABC"))
        numbers[device] += 1
        bases = ["", *(one.rid for one in made)]
        made.append(
            node(
                f"r{place}",
                draw(st.sampled_from(bases)),
                device,
                numbers[device],
                countable=draw(st.booleans()),
                barred=draw(st.booleans()),
                countersigned=draw(st.booleans()),
            )
        )
    return made


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(made: list[Node], chance: random.Random) -> None:
    expected = sorted(stands(*made))
    shuffled = list(made)
    chance.shuffle(shuffled)
    found = standing([replace(one, place=n) for n, one in enumerate(shuffled, 1)], ())
    assert sorted(found.rivals) == expected
    assert found.head in found.rivals
