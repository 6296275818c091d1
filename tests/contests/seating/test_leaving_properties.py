"""What must hold however the marks fall and whenever a judge goes: pure, against the same contest as it
would have been from the beginning."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from contests.replay import AppointedFacts, LeftFacts, StoredSheet
from contests.replay.seats import Seats
from core.scoring import score
from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Leaving,
    Mark,
    Module,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
    Trim,
)

ENTRIES = ("E1", "E2", "E3")
SMALL = Trim(1, 0, 3)
JUDGES = ("J1", "J2", "J3", "J4")
marks = st.lists(
    st.lists(st.integers(0, 40), min_size=len(JUDGES), max_size=len(JUDGES)),
    min_size=len(ENTRIES),
    max_size=len(ENTRIES),
)
signed = st.lists(st.booleans(), min_size=len(ENTRIES), max_size=len(ENTRIES))
"""Which works J4 had signed before leaving."""


def scheme(judges: int, trim: Trim) -> Scheme:
    aspect = Aspect("A", Kind.POINTS, {"en": "A"}, 40_000, step=1000, judges=judges, trim=trim)
    part = Criterion("M", {"en": "M"}, (SubCriterion("M1", {"en": "M1"}, (aspect,)),))
    return Scheme("s", {"en": "s"}, (Module("M", {"en": "M"}, 40_000, (part,)),))


def stored(judge: str, entry: str, points: int) -> StoredSheet:
    sheet = Sheet(entry, "M", judge, {"A": Mark(value=points * 1000)})
    return StoredSheet(f"{judge}{entry}", f"{judge}{entry}", 1, sheet, countable=True)


def appointed(*more: AppointedFacts) -> dict[str, AppointedFacts]:
    return {one.id: one for one in (*(AppointedFacts(j, "judge", j) for j in JUDGES), *more)}


def awards(
    sheets: list[StoredSheet],
    people: Mapping[str, AppointedFacts],
    left: Mapping[str, LeftFacts],
    plan: Scheme,
    *,
    backwards: bool = False,
) -> dict[str, Fraction | None]:
    seats = Seats(people, left, sheets)
    counted = [seats.counted(one.sheet, one.sheet.entry) for one in sheets]
    record = Record(
        entries=tuple(EntryFacts(entry) for entry in ENTRIES),
        sheets=tuple(reversed(counted)) if backwards else tuple(counted),
        vacant=seats.vacant(plan),
    )
    results = score(plan, Rules(recusal_trim=SMALL, leaving=tuple(Leaving)), record)
    return {one.entry: one.award for one in results.aspects}


def given_marks(points: list[list[int]], gone: list[bool], last: str = "J4") -> list[StoredSheet]:
    """Everybody marks everything, but J4 only what was signed; `last` marks the rest."""
    return [
        stored(last if judge == "J4" and not gone[place] else judge, entry, points[place][number])
        for place, entry in enumerate(ENTRIES)
        for number, judge in enumerate(JUDGES)
        if judge != "J4" or gone[place] or last != "J4"
    ]


def full(points: list[list[int]]) -> dict[str, Fraction | None]:
    return awards(given_marks(points, [True] * 3), appointed(), {}, scheme(4, Trim(1, 1, 4)))


def three(points: list[list[int]]) -> dict[str, Fraction | None]:
    """As if the panel had had three judges and the trimming of the smaller panel from the beginning."""
    sheets = [one for one in given_marks(points, [True] * 3) if one.sheet.judge != "J4"]
    return awards(sheets, appointed(), {}, scheme(3, SMALL))


@settings(max_examples=120, deadline=None)
@given(marks, signed)
def test_a_substitute_makes_the_panel_as_it_was(points: list[list[int]], gone: list[bool]) -> None:
    people = appointed(AppointedFacts("J5", "judge", "J5", instead_of="J4"))
    left = {"J4": LeftFacts("J4", "substitute", "J5")}
    sheets = given_marks(points, gone, last="J5")

    found = awards(sheets, people, left, scheme(4, Trim(1, 1, 4)))

    assert found == full(points)
    twice = [*sheets, *(stored("J5", e, 0) for e, had in zip(ENTRIES, gone, strict=True) if had)]
    assert awards(twice, people, left, scheme(4, Trim(1, 1, 4))) == full(points)


@settings(max_examples=120, deadline=None)
@given(marks, signed)
def test_void_is_the_smaller_panel_for_everybody(points: list[list[int]], gone: list[bool]) -> None:
    left = {"J4": LeftFacts("J4", "void")}

    found = awards(given_marks(points, gone), appointed(), left, scheme(4, Trim(1, 1, 4)))

    assert found == three(points)


@settings(max_examples=120, deadline=None)
@given(marks, signed)
def test_smaller_is_the_full_panel_where_it_was_signed_and_the_smaller_one_elsewhere(
    points: list[list[int]], gone: list[bool]
) -> None:
    left = {"J4": LeftFacts("J4", "smaller")}

    found = awards(given_marks(points, gone), appointed(), left, scheme(4, Trim(1, 1, 4)))

    expected = {
        entry: (full(points) if had else three(points))[entry]
        for entry, had in zip(ENTRIES, gone, strict=True)
    }
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(marks, signed, st.sampled_from(["void", "smaller"]))
def test_the_order_of_sheets_never_matters_and_a_missing_colleague_still_blocks(
    points: list[list[int]], gone: list[bool], policy: str
) -> None:
    left = {"J4": LeftFacts("J4", policy)}
    sheets, plan = given_marks(points, gone), scheme(4, Trim(1, 1, 4))

    assert awards(sheets, appointed(), left, plan) == awards(
        sheets, appointed(), left, plan, backwards=True
    )
    lacking = [one for one in sheets if (one.sheet.judge, one.sheet.entry) != ("J1", "E2")]
    assert awards(lacking, appointed(), left, plan)["E2"] is None


@settings(max_examples=60, deadline=None)
@given(marks)
def test_without_a_leaver_nothing_is_touched(points: list[list[int]]) -> None:
    sheets = given_marks(points, [True] * 3)
    seats = Seats(appointed(), {}, sheets)

    assert [seats.counted(one.sheet, one.sheet.entry) for one in sheets] == [
        one.sheet for one in sheets
    ]
    assert seats.vacant(scheme(4, Trim())) == ()
