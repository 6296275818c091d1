"""An employer's list as an Excel workbook: its first sheet that has the headings."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from core.scoring.model import Finding
from credentials.employers.columns import LOOKED_AT, MOST_ROWS, Columns, Row, columns_of

MAGIC = b"PK\x03\x04"
LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_COLUMNS = 200
_EXACT = 10**15
"""Above this a spreadsheet program has put zeros in the place of digits."""
_WIDTH = 24


class Workbook:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = "xlsx"

    def __init__(self, book: Any, sheet: Worksheet, shown: Worksheet, columns: Columns) -> None:
        self._book, self._sheet, self._shown, self._columns = book, sheet, shown, columns

    def rows(self) -> Sequence[Row]:
        found = []
        for at in range(self._columns.head + 1, self._shown.max_row + 1):
            if any(cell.value is not None for cell in self._shown[at]):
                found.append(self._row(at))
        return found

    def answered(self, headings: Sequence[str], answers: Mapping[int, Sequence[str]]) -> bytes:
        first = _last_column(self._sheet) + 1
        self._keep_long_numbers()
        for at, texts in {self._columns.head: headings, **answers}.items():
            for place, text in enumerate(texts):
                cell = self._sheet.cell(at, first + place)
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
                cell.data_type = "s"  # never a formula
                if at == self._columns.head:
                    cell.font = Font(bold=True)
                    self._sheet.column_dimensions[cell.column_letter].width = _WIDTH
        out = io.BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _keep_long_numbers(self) -> None:
        """openpyxl 3.1 writes 16 digits of a whole number: an identity number of 18 goes back as text."""
        for sheet in self._book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int) and abs(cell.value) >= _EXACT:
                        cell.value = str(cell.value)

    def _row(self, at: int) -> Row:
        number = self._shown.cell(at, self._columns.number + 1).value
        name = (
            "" if self._columns.name is None else self._shown.cell(at, self._columns.name + 1).value
        )
        digits = isinstance(number, int | float) and not isinstance(number, bool)
        return Row(at, _text(number), _text(name), cut=digits and abs(number) >= _EXACT)


def read_workbook(data: bytes) -> Workbook | Finding:
    """Opened twice: as it was typed, which goes back, and as it was last shown, which is read."""
    if problem := _problem(data):
        return problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that nobody reads here
            typed = openpyxl.load_workbook(io.BytesIO(data))
            shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception:  # a damaged workbook raises anything from KeyError to ParseError
        return Finding("", "credentials.list-unreadable", {})
    wrong = Finding("", "credentials.list-unreadable", {})
    for sheet in shown.worksheets:
        if sheet.max_column > MOST_COLUMNS or sheet.max_row > MOST_ROWS + LOOKED_AT:
            wrong = Finding("", "credentials.list-long", {"most": str(MOST_ROWS)})
            continue
        found = columns_of([[_text(cell.value) for cell in row] for row in sheet[1:LOOKED_AT]])
        if isinstance(found, Columns):
            return Workbook(typed, typed[sheet.title], sheet, found)
        wrong = found
    return wrong


def _problem(data: bytes) -> Finding | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return Finding("", "credentials.list-unreadable", {})
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        return Finding("", "credentials.list-unreadable", {})
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return Finding("", "credentials.list-long", {"most": str(MOST_ROWS)})
    return None


def _last_column(sheet: Worksheet) -> int:
    """The last one with anything in it: formatted but empty columns are no neighbours."""
    used = [cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return max(used, default=0)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
