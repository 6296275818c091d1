"""Words that every part of the model uses: numbers, texts, outcomes, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

Milli = int
Text = Mapping[str, str]
"""One sentence or name in several languages: {"zh-Hans": …, "zh-Hant": …, "en": …, "pt": …}."""

ONE = Fraction(1)


class Kind(StrEnum):
    """Who enters an aspect and how it becomes an award."""

    JUDGEMENT = "judgement"
    MEASUREMENT = "measurement"
    POINTS = "points"
    DEDUCTION = "deduction"
    TIME = "time"
    INSTRUMENT = "instrument"
    GIVEN = "given"


class Outcome(StrEnum):
    """What stands in the place of a number. None of these is zero."""

    SCORED = "scored"
    MISSING = "missing"
    DNS = "DNS"
    DNF = "DNF"
    DSQ = "DSQ"
    VOID = "void"
    NOT_QUALIFIED = "not_qualified"


class MissingPolicy(StrEnum):
    """What an absent mark, module or entrant does to the sum above it."""

    BLOCK = "block"
    """The contest can't be closed before it is there."""
    PRESENT = "present"
    """The panel is the marks that are there; with none at all the aspect is missing."""
    ZERO = "zero"
    """Counts nothing, and says so in the explanation."""
    UNRANKED = "unranked"
    """The entrant gets no place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at one place. `pointer` is a JSON pointer into what was given;
    `code` is a stable slug; `params` fill the sentence that the catalogues hold for it."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Unusual, not wrong: shown, and nothing is refused for it."""
        return self.code.endswith("-warning")
