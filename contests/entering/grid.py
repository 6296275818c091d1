"""A table as somebody handed it in: every cell as text, with what was odd about it. No meaning yet.

A cell that a spreadsheet program has spoiled keeps a note (`Note`), which becomes a finding as soon
as a column is known to matter: a phone number may be a number, an identity number may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openpyxl.utils import get_column_letter

MOST_ROWS = 5000
MOST_COLUMNS = 80
LONGEST_CELL = 2000


class Note(StrEnum):
    """What a cell has been through before it came here."""

    NUMBER = "number"
    """A number, not text: leading zeros are gone."""
    LOST = "lost"
    """A number of more than fifteen digits: the last ones are gone."""
    DATE = "date"
    """A date cell, written out as YYYY-MM-DD."""
    FORMULA = "formula"
    """The value of a formula, as it was last computed."""
    UNCOMPUTED = "uncomputed"
    """A formula without a stored value."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """number: as the spreadsheet program counts, from 1. cells: position (from 0) -> text."""

    number: int
    cells: Mapping[int, str]
    notes: Mapping[int, Note] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One table. merged: (top, left, bottom, right), rows from 1, columns from 0, both inclusive.
    sheet: its title, "" for text. encoding: of text, else "". others: sheets that were not read."""

    rows: Sequence[GridRow]
    sheet: str = ""
    encoding: str = ""
    merged: Sequence[tuple[int, int, int, int]] = ()
    others: Sequence[str] = ()


def cell_name(row: int, column: int) -> str:
    """ "D7": what a spreadsheet program calls it."""
    return f"{get_column_letter(column + 1)}{row}"


def spread(grid: Grid) -> Grid:
    """Merged cells filled: what stands in the first counts for all of them."""
    if not grid.merged:
        return grid
    rows = {row.number: row for row in grid.rows}
    cells = {number: dict(row.cells) for number, row in rows.items()}
    for top, left, bottom, right in grid.merged:
        value = cells.get(top, {}).get(left, "")
        for number in range(top, bottom + 1):
            for column in range(left, right + 1):
                if value and number in cells:
                    cells[number].setdefault(column, value)
    return Grid(
        [GridRow(r.number, cells[r.number], r.notes, r.hidden) for r in grid.rows],
        grid.sheet,
        grid.encoding,
        (),
        grid.others,
    )
