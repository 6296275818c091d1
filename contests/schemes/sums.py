"""What the rows add up to, exactly, also while some of them can't be read (they count nothing). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contests.schemes.document import Document, Row
from core.scoring.model import Finding
from core.scoring.numbers import decimal_text, exact, parse_api

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Sum:
    """total: of the aspects. typed: what the row declares, or None. Both in points."""

    total: Fraction
    typed: Fraction | None = None
    weight: Fraction = Fraction(1)

    @property
    def left(self) -> Fraction | None:
        return None if self.typed is None else self.typed - self.total


@dataclass(frozen=True, slots=True)
class SectionSum:
    """weight: what the standard asks; None when it can't be read."""

    id: str
    title: Mapping[str, str]
    weight: Fraction | None
    total: Fraction


@dataclass(frozen=True, slots=True)
class Sums:
    rows: Mapping[str, Sum]
    sections: Sequence[SectionSum]
    total: Fraction
    """Of the modules by their weights: what an entrant can reach."""

    @property
    def left(self) -> Fraction:
        """To 100."""
        return HUNDRED - self.total


def sums_of(document: Document) -> Sums:
    found: dict[str, Sum] = {}
    whole = Fraction(0)
    for at, row in enumerate(document.rows):
        if row.level == "aspect":
            continue
        below = [r for r in document.rows[at : document.end(at)] if r.level == "aspect"]
        typed = None if row.level == "sub" else _points(row.fields.get("maximum"))
        weight = _fraction(row.fields.get("weight"), Fraction(1))
        found[row.key] = Sum(_total(below), typed, weight)
        if row.level == "module":
            whole += (found[row.key].total if typed is None else typed) * weight
    return Sums(found, _sections(document), whole)


def shown(value: Fraction) -> str:
    return decimal_text(value)


def _total(aspects: Sequence[Row]) -> Fraction:
    """As the engine adds: where some aspects are for some entries alone, the largest of their sums."""
    for_all, own = Fraction(0), defaultdict[str, Fraction](Fraction)
    for row in aspects:
        chosen = row.fields.get("applies_to") or ()
        if not chosen:
            for_all += worth(row)
        for entry in chosen:
            own[str(entry)] += worth(row)
    return for_all + max(own.values(), default=Fraction(0))


def worth(row: Row) -> Fraction:
    """Points of one aspect with its factor."""
    points = _points(row.fields.get("maximum")) or Fraction(0)
    return points * _fraction(row.fields.get("factor"), Fraction(1))


def _sections(document: Document) -> list[SectionSum]:
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for row in document.rows:
        if row.level == "aspect":
            sums[str(row.fields.get("section") or "")] += worth(row)
    return [
        SectionSum(
            str(one.get("id", "")),
            one.get("title") or {},
            _points(one.get("weight")),
            sums[str(one.get("id", ""))],
        )
        for one in document.sections
    ]


def _points(value: Any) -> Fraction | None:
    read = parse_api(value) if isinstance(value, str) else None
    return None if read is None or isinstance(read, Finding) else Fraction(read, 1000)


def _fraction(value: Any, otherwise: Fraction) -> Fraction:
    try:
        return exact(value) if isinstance(value, str) else otherwise
    except ValueError:
        return otherwise
