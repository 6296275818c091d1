"""From sheets to A4 pages, pure: boxes for the digits, and rows that fit on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contests.judging.schemas import AspectView
from core.scoring.model import Text
from core.scoring.numbers import parse_api

MILLI = 1000
ROOM, HEAD, SIGNATURES, LINE = 269, 54, 45, 12
"""Millimetres: between the margins of A4, of the head and foot of every page, of the last page's
lines for one judge, of each further row of lines."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Places for digits; `signed`: a place for a minus before them."""

    whole: int
    decimals: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect on paper, with its number on the sheet."""

    number: int
    aspect: AspectView
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    of: int
    rows: tuple[Row, ...]

    @property
    def last(self) -> bool:
        return self.number == self.of


def pages(aspects: Sequence[AspectView], *, signers: int = 1) -> list[Page]:
    """As few pages as hold the aspects; the signatures stand on the last."""
    sheets: list[list[Row]] = [[]]
    room = ROOM - HEAD
    for number, aspect in enumerate(aspects, 1):
        row = Row(number, aspect, boxes(aspect))
        if height(row) > room and sheets[-1]:
            sheets.append([])
            room = ROOM - HEAD
        sheets[-1].append(row)
        room -= height(row)
    if room < SIGNATURES + LINE * ((signers - 1) // 2 + (signers - 1) % 2):
        sheets.append([])
    return [Page(n, len(sheets), tuple(rows)) for n, rows in enumerate(sheets, 1)]


def boxes(aspect: AspectView) -> Boxes:
    """As many places as the largest value has."""
    if aspect.widget in {"levels", "grid", "count"}:
        whole = len(str(max(_milli(aspect.maximum), 0) // MILLI))
        return Boxes(whole, _decimals(_milli(aspect.step)), _milli(aspect.minimum) < 0)
    if aspect.widget == "defects":
        most = max((_milli(defect.maximum) for defect in aspect.defects), default=0)
        decimals = max((_decimals(_milli(d.step)) for d in aspect.defects), default=0)
        return Boxes(len(str(most // MILLI)), decimals)
    return Boxes(5, 3, signed=True)


def height(row: Row) -> int:
    """Millimetres, rather too many: a page must never run over."""
    aspect = row.aspect
    extra = _lines(aspect.title, 40) - 1 + _lines({"": aspect.requirement}, 70)
    if aspect.widget == "levels":
        return 16 + 5 * extra + 4 * max((_lines(d, 20) for d in aspect.descriptors), default=1)
    if aspect.widget == "defects":
        return 14 + 5 * extra + sum(4 + 5 * _lines(d.title, 48) for d in aspect.defects)
    if aspect.widget == "choice":
        return 13 + 5 * extra + sum(3 + 5 * _lines(c.title, 60) for c in aspect.choices)
    return 13 + 5 * extra


def _lines(text: Text, width: int) -> int:
    """Lines of the longest translation; a Chinese character is two Latin ones wide."""
    longest = max((sum(2 if ord(c) > 0x2E80 else 1 for c in words) for words in text.values()),
                  default=0)  # fmt: skip
    return -(-longest // width)


def _milli(text: str) -> int:
    value = parse_api(text or "0")
    return value if isinstance(value, int) else 0


def _decimals(step: int) -> int:
    if step <= 0 or step % MILLI == 0:
        return 0
    return 1 if step % 100 == 0 else 2 if step % 10 == 0 else 3
