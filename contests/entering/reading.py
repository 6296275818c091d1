"""A file's bytes, or pasted text, into one grid; or why that can't be done.

Formats: .xlsx (Excel, WPS), .xls (Excel 97-2003, WPS), CSV and other separated text in UTF-8,
UTF-16, GB18030 or Big5, tables pasted from a spreadsheet program.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet as OldSheet

from contests.entering.cells import lost_in, plain, text_of
from contests.entering.grid import MOST_COLUMNS, MOST_ROWS, Grid, GridRow, Note
from contests.importing.book import LARGEST_FILE, Sheet, open_book
from core.scoring.model import Finding

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCODINGS = ("utf-8-sig", "gb18030", "big5hkscs")
_SAMPLE = 20

Score = Callable[[Grid], int]
"""How much a grid looks like the table that is wanted: known headings in it."""


def read_file(data: bytes, score: Score) -> Grid | list[Finding]:
    """By the file's content, never by its name. Of several sheets the one that scores best."""
    if len(data) > LARGEST_FILE:
        return [Finding("", "people-file-too-large", {"limit": f"{LARGEST_FILE // 1024**2} MB"})]
    if not data.strip():
        return [Finding("", "people-file-empty", {})]
    if data.startswith(_ZIP):
        return _new_excel(data, score)
    if data.startswith(_OLD_EXCEL):
        return _old_excel(data, score)
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        return [Finding("", "people-file-no-table", {})]
    return _separated(data, score)


def read_pasted(text: str, score: Score) -> Grid | list[Finding]:
    """What was copied in a spreadsheet program, or typed with commas."""
    if not text.strip():
        return [Finding("", "people-file-empty", {})]
    return read_file(text.encode(), score)


# --- Excel --------------------------------------------------------------------------------------


def _new_excel(data: bytes, score: Score) -> Grid | list[Finding]:
    book = open_book(data)
    if isinstance(book, list):
        return book
    return _best([_grid(sheet) for sheet in book.values()], score)


def _grid(sheet: Sheet) -> Grid:
    rows = []
    for number in sorted(sheet.rows):
        cells: dict[int, str] = {}
        notes: dict[int, Note] = {}
        for column, cell in sheet.rows[number].items():
            text, note = text_of(cell.shown)
            if cell.formula:
                note = note if note is Note.LOST else Note.FORMULA if text else Note.UNCOMPUTED
            if text or note:
                cells[column - 1] = text
            if note:
                notes[column - 1] = note
        rows.append(GridRow(number, cells, notes, number in sheet.hidden_rows))
    merged = [(m.top, m.left - 1, m.bottom, m.right - 1) for m in sheet.merged]
    return Grid(rows, sheet.title, "", merged)


def _old_excel(data: bytes, score: Score) -> Grid | list[Finding]:
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True
        )
        sheets = [book.sheet_by_index(n) for n in range(book.nsheets)]
        grids = [_old_grid(book, sheet) for sheet in sheets]
    except Exception as error:  # a damaged file raises anything from struct.error to AssertionError
        return [Finding("", "people-file-damaged", {"reason": type(error).__name__})]
    return _best(grids, score)


def _old_grid(book: Book, sheet: OldSheet) -> Grid:
    rows = []
    for number in range(min(sheet.nrows, MOST_ROWS + _SAMPLE)):
        cells: dict[int, str] = {}
        notes: dict[int, Note] = {}
        for column in range(min(sheet.ncols, MOST_COLUMNS)):
            text, note = _old_cell(book, sheet, number, column)
            if text:
                cells[column] = text
            if note:
                notes[column] = note
        info = sheet.rowinfo_map.get(number)
        rows.append(GridRow(number + 1, cells, notes, bool(info and info.hidden)))
    merged = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return Grid(rows, sheet.name, "", merged)


def _old_cell(book: Book, sheet: OldSheet, row: int, column: int) -> tuple[str, Note | None]:
    cell: Any = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return text_of(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError, xlrd.XLDateError):
            return text_of(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return text_of(cell.value, _zeros(book, cell.xf_index))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return text_of(bool(cell.value))
    return text_of(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else ("", None)


def _zeros(book: Book, format_index: int | None) -> int:
    """The width of a format that consists of zeros, such as 000."""
    if format_index is None:
        return 0
    found = book.format_map.get(book.xf_list[format_index].format_key)
    words = found.format_str if found else ""
    return len(words) if words.strip("0") == "" and len(words) > 1 else 0


# --- text ---------------------------------------------------------------------------------------


def _separated(data: bytes, score: Score) -> Grid | list[Finding]:
    """UTF-8 when it is that; else the encoding in which more headings are known."""
    found = []
    for encoding in _encodings_of(data):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        grid = _text_grid(content, encoding)
        if isinstance(grid, list):
            return grid
        found.append(grid)
        if encoding.startswith("utf"):
            break
    if not found:
        return [Finding("", "people-file-encoding", {})]
    return _best(found, score)


def _encodings_of(data: bytes) -> Sequence[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return _ENCODINGS


def _text_grid(content: str, encoding: str) -> Grid | list[Finding]:
    if "\x00" in content:
        return [Finding("", "people-file-no-table", {})]
    delimiter = _delimiter(content)
    rows = []
    try:
        for number, values in _lines(content, delimiter):
            cells = {column: plain(value) for column, value in enumerate(values) if plain(value)}
            notes = {c: Note.LOST for c, v in enumerate(values) if lost_in(plain(v))}
            rows.append(GridRow(number, cells, notes))
            if len(rows) > MOST_ROWS + _SAMPLE:
                break
    except csv.Error as error:
        return [Finding("", "people-file-damaged", {"reason": str(error)})]
    return Grid(rows, "", encoding.removesuffix("-sig").upper())


def _lines(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    yield from enumerate(reader, 1)


def _delimiter(content: str) -> str:
    lines = content.splitlines()[:_SAMPLE]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in ("\t", ";", ",", "，", "|")}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else ","


# --- which --------------------------------------------------------------------------------------


def _best(grids: Sequence[Grid], score: Score) -> Grid | list[Finding]:
    filled = [grid for grid in grids if any(row.cells for row in grid.rows)]
    if not filled:
        return [Finding("", "people-file-empty", {})]
    best = max(filled, key=score)
    if len(best.rows) > MOST_ROWS + _SAMPLE:
        return [Finding("", "people-file-too-long", {"limit": str(MOST_ROWS)})]
    wide = max((column for row in best.rows for column in row.cells), default=0)
    if wide >= MOST_COLUMNS:
        return [Finding("", "people-file-too-wide", {"limit": str(MOST_COLUMNS)})]
    others = [grid.sheet for grid in filled if grid is not best and grid.sheet]
    return Grid(best.rows, best.sheet, best.encoding, best.merged, others)
