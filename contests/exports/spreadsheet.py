"""Excel workbooks that WPS opens as they were meant: texts stay texts, however long their digits are, and
nothing in a cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from contests.exports.rows import Cell

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 44
_LOOKED_AT = 200
Table = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]


def workbook(tables: Sequence[Table], *, at: datetime) -> bytes:
    """Tables of (title, heading, rows), each on its own sheet with its heading kept in view."""
    book = Workbook(write_only=True)
    book.properties.created = at.replace(tzinfo=None)
    book.properties.modified = at.replace(tzinfo=None)
    for title, head, rows in tables:
        _sheet(book, title, head, list(rows))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(head):
        widest = max(
            (_width(row[place]) for row in rows[:_LOOKED_AT] if place < len(row)), default=0
        )
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = min(max(_width(heading), widest) + 2, _WIDEST)
    sheet.append([_heading(sheet, heading) for heading in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Cell) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, int | Decimal):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # also "=1+1", which openpyxl would take for a formula
    cell.number_format = "@"
    return cell


def _heading(sheet: Any, heading: str) -> Any:
    cell = _cell(sheet, heading)
    if cell is not None:
        cell.font = Font(bold=True)
    return cell


def _width(value: Cell) -> int:
    """In columns of a Latin letter; a Chinese character takes two."""
    text = "" if value is None else str(value)
    return sum(2 if c > "\u2e7f" else 1 for c in text)
