"""The properties that make a contest fair, each judged by itself."""

from __future__ import annotations

from plugins.conformance.controls import controls
from plugins.conformance.effects import isolation, missing, monotony
from plugins.conformance.outcomes import blind, bounds_hold, order, ranking
from plugins.conformance.sheets import bounded_time, checks, instruments, pointers
from plugins.conformance.subject import Property

FAIRNESS: tuple[tuple[str, Property], ...] = (
    ("order", order),
    ("monotony", monotony),
    ("isolation", isolation),
    ("bounds", bounds_hold),
    ("missing", missing),
    ("ranking", ranking),
    ("blind", blind),
    ("checks", checks),
    ("pointers", pointers),
    ("time", bounded_time),
    ("instruments", instruments),
    ("controls", controls),
)
