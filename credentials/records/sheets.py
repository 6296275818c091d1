"""Lists as Excel or CSV: read into rows of texts, and written with every cell a text, so that no digit is
lost and nothing that somebody typed is ever a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from core.errors import Invalid
from core.scoring.model import Finding

MOST_COLUMNS, MOST_SHEETS = 60, 20
T = TypeVar("T")
_EXACT = 10**15
_LARGEST_UNPACKED = 64 * 1024 * 1024
_WIDTH = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """title: "" of a CSV file. rows: from the first one; empty cells are ""."""

    title: str
    rows: Sequence[Sequence[str]]


def read_sheets(content: bytes, *, most_rows: int) -> list[Sheet]:
    """The sheets of a workbook, or the only one of a CSV file, each with `most_rows` rows at most. Raises
    Invalid for a file that is neither."""
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, most_rows)
    return [Sheet("", _csv(content)[:most_rows])]


def text_book(sheets: Iterable[Sheet]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(one.title)
        for row in one.rows:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", text) for text in row])
        for place in range(1, len(one.rows[0]) + 1):
            column = sheet.column_dimensions[get_column_letter(place)]
            column.width, column.number_format = _WIDTH, "@"
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.data_type, cell.number_format = "s", "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _workbook(content: bytes, most_rows: int) -> list[Sheet]:
    unreadable = Invalid([Finding("/file", "credentials.issued-unreadable", {})])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise unreadable
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        return [
            Sheet(
                sheet.title,
                [
                    [_text(value) for value in row]
                    for row in sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS, values_only=True)
                ],
            )
            for sheet in _first(book.worksheets)
        ]  # fmt: skip
    except Invalid:
        raise
    except Exception as error:  # a damaged workbook raises anything from KeyError to ParseError
        raise unreadable from error


def _first(sheets: Sequence[Any]) -> Sequence[Any]:
    """Raises for a workbook of charts alone."""
    if not sheets:
        raise ValueError("A workbook without a sheet.")
    return sheets[:MOST_SHEETS]


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid([Finding("/file", "credentials.issued-unreadable", {})])
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise Invalid([Finding("/file", "credentials.issued-unreadable", {})]) from error


def carried(text: str, line: type[T]) -> list[T]:
    """The lines that a form carries from the look at a list to its taking in. Raises Invalid."""
    try:
        return msgspec.json.decode(text.encode(), type=list[line])  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Invalid([Finding("/file", "credentials.issued-unreadable", {})]) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return "…"  # a spreadsheet program has put zeros in the place of its last digits
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
