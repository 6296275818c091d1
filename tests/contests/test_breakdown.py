"""How a total is shown: the lines add up to it, and what was dropped stays to be seen."""

from __future__ import annotations

from fractions import Fraction

from contests.breakdown import places
from core.scoring import score
from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    Module,
    Outcome,
    Penalty,
    Record,
    Rules,
    Scheme,
    Sheet,
    StatusFact,
    SubCriterion,
    Timing,
    Trim,
)

NAME = {"en": "Look"}


def module(id_: str, *aspects: Aspect, weight: Fraction = Fraction(1)) -> Module:
    inside = (Criterion(id_, NAME, (SubCriterion(f"{id_}1", NAME, aspects),)),)
    return Module(id_, NAME, 10_000, inside, weight=weight)


def points(id_: str) -> Aspect:
    return Aspect(id_, Kind.POINTS, NAME, 10_000, step=500, judges=5, trim=Trim(1, 1, 5))


SCHEME = Scheme(
    "test",
    NAME,
    (
        module("A", points("A1"), weight=Fraction(2, 5)),
        module("B", points("B1"), weight=Fraction(3, 5)),
    ),
)


def sheets(entry: str, id_: str, *marks: str) -> list[Sheet]:
    return [
        Sheet(entry, id_, f"J{n}", {f"{id_}1": Mark(int(Fraction(mark) * 1000))})
        for n, mark in enumerate(marks, 1)
    ]


RECORD = Record(
    entries=(EntryFacts("e1"), EntryFacts("e2")),
    sheets=(
        *sheets("e1", "A", "6", "7", "7", "8", "10"),
        *sheets("e1", "B", "5", "5", "6", "7", "9"),
        *sheets("e2", "A", "6", "7", "7", "8", "10"),
    ),
    penalties=(Penalty("p", "e1", "points", "B", 500),),
    timings=(Timing("e1", "A", 3723, 120),),
    statuses=(StatusFact("e2", Outcome.DNS),),
)


def test_a_total_opens_down_to_the_marks_in_the_order_of_the_seats() -> None:
    first, _ = places(SCHEME, Rules(), score(SCHEME, Rules(), RECORD), prizes={})

    a, b = first.modules
    line = a.criteria[0].aspects[0]
    assert [(m.seat, m.value, m.dropped) for m in line.marks] == [
        ("J1", "6", True),
        ("J2", "7", False),
        ("J3", "7", False),
        ("J4", "8", False),
        ("J5", "10", True),
    ]
    assert (line.panel, line.award, line.maximum) == ("≈7.3333", "7.33", "10")
    assert 0.73 < line.share < 0.74
    assert (a.weight, a.score, a.weighted) == ("40 %", "7.33", "2.932")
    assert (a.gross, a.compensation, a.net) == ("1:02:03", "2:00", "1:00:03")
    assert (b.penalty, b.score, b.weighted) == ("0.5", "5.5", "3.3")
    assert (first.total, first.exact) == ("6.23", "6.232")


def test_who_did_not_start_has_a_reason_instead_of_a_total() -> None:
    _, absent = places(SCHEME, Rules(), score(SCHEME, Rules(), RECORD), prizes={})

    assert (absent.rank, absent.total, absent.status) == (None, "", "DNS")


def test_prizes_stand_beside_the_place() -> None:
    results = score(SCHEME, Rules(), RECORD)

    first, second = places(SCHEME, Rules(), results, prizes={"e1": (("prizes", "first"),)})

    assert (first.prizes, second.prizes) == ((("prizes", "first"),), ())
