"""One measured figure a row, printed as a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """ours and peer are what was measured, with their unit; `ratio` is compared with `must`.

    must: "≥ 0.7", "≤ 3" or "" where there is nothing to hold.
    """

    name: str
    ours: str
    peer: str
    ratio: float | None
    must: str = ""

    @property
    def holds(self) -> bool:
        if not self.must or self.ratio is None:
            return True
        sign, _, bound = self.must.partition(" ")
        return self.ratio <= float(bound) if sign == "≤" else self.ratio >= float(bound)


def render(rows: Iterable[Row]) -> str:
    """A Markdown table whose columns stand straight in a terminal too."""
    head = ("figure", "ours", "peer", "ratio", "must", "")
    lines = [head, *((r.name, r.ours, r.peer, _ratio(r), r.must, _verdict(r)) for r in rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(head))]
    texts = [_line(line, widths) for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def _ratio(row: Row) -> str:
    return "" if row.ratio is None else f"{row.ratio:.2f}"


def _verdict(row: Row) -> str:
    if not row.must:
        return ""
    return "holds" if row.holds else "FAILS"


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
