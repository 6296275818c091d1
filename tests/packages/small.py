"""A package small enough to be read in a test: two aspects, three judges, two entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contests.packages.format import FORMAT, ContestFacts, JudgeFacts, Package, TypeReference
from contests.packages.writing import files_of
from core.scoring.model import (
    Aspect,
    Criterion,
    EntryFacts,
    Kind,
    Mark,
    Module,
    Record,
    Rules,
    Scheme,
    Sheet,
    SubCriterion,
)

JUDGES = ("J1", "J2", "J3")


def small_package(**changes: Any) -> Package:
    """Look (20) and taste (80) by three judges; entry "a" is better than "b"."""
    package = Package(
        contest=ContestFacts(FORMAT, 1, "small", {"en": "Small"}, TypeReference("panel", 1)),
        scheme=small_scheme(),
        rules=Rules(),
        record=Record(
            entries=(EntryFacts("a", delegation="GZ"), EntryFacts("b", delegation="MO")),
            sheets=tuple(
                Sheet(entry, "dish", judge, {"look": Mark(value=look), "taste": Mark(value=70_000)})
                for entry, look in (("a", 18_000), ("b", 15_500))
                for judge in JUDGES
            ),
        ),
        judges=tuple(JudgeFacts(judge, seat=judge) for judge in JUDGES),
    )
    return replace(package, **changes)


def small_scheme() -> Scheme:
    look = Aspect("look", Kind.POINTS, {"en": "Look"}, 20_000, step=500, judges=3)
    taste = Aspect("taste", Kind.POINTS, {"en": "Taste"}, 80_000, step=500, judges=3)
    sub = SubCriterion("dish-1", {"en": "Dish"}, (look, taste))
    module = Module("dish", {"en": "Dish"}, 100_000, (Criterion("dish", {"en": "Dish"}, (sub,)),))
    return Scheme("small", {"en": "Small"}, (module,))


def contents_of(package: Package) -> dict[str, bytes]:
    """Without sums, so that a test may change a file."""
    contents = files_of(package)
    del contents["SHA256SUMS"]
    return contents
