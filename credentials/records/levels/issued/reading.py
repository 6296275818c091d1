"""A body's list as Excel or CSV, and the empty table for it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from core.errors import Invalid
from core.scoring.model import Finding
from core.skill_levels import level_words
from core.web.i18n import pick
from credentials.records.levels.issued.columns import (
    NEEDED,
    TEMPLATE,
    columns_of,
    day_of,
    level_of,
)

MOST = 1000
LOOKED_AT = 10
_EXACT = 10**15
_LARGEST_UNPACKED = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list. at: its number there. who: an identity document's number, or the number of one
    of the person's certificates here. level: the code, or what stands there when it is none."""

    at: int
    name: str
    who: str
    occupation: str
    level: str
    number: str
    granted_on: str


def read_list(content: bytes) -> list[Line]:
    """Raises Invalid for a file that is no list, or lacks columns."""
    rows = _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    for head, cells in enumerate(rows[:LOOKED_AT], 1):
        found = columns_of(cells)
        if len(found) >= 3 and "number" in found:
            return _lines(rows, head, found)
    raise Invalid([Finding("/file", "credentials.issued-headings", {"needed": _needed(NEEDED)})])


def empty_table(language: str, lines: Iterable[Line] = ()) -> bytes:
    """With a row for each of `lines`; every cell a text, so that no digit is lost."""
    book = openpyxl.Workbook()
    sheet = book.active
    headings = TEMPLATE[language]
    sheet.append(list(headings.values()))
    for line in lines:
        sheet.append([line.name, line.who, line.occupation, pick(level_words(line.level), language), line.number, line.granted_on])  # fmt: skip
    for place in range(1, len(headings) + 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 26
        sheet.column_dimensions[letter].number_format = "@"
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type, cell.number_format = "s", "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(rows: Sequence[Sequence[str]], head: int, found: dict[str, int]) -> list[Line]:
    if lacking := [field for field in NEEDED if field not in found]:
        params = {"needed": _needed(lacking)}
        raise Invalid([Finding("/file", "credentials.issued-headings", params)])

    def cell(cells: Sequence[str], field: str) -> str:
        place = found.get(field, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    lines = [
        Line(
            at,
            cell(cells, "name"),
            cell(cells, "who"),
            cell(cells, "occupation"),
            level_of(cell(cells, "level")) or cell(cells, "level"),
            cell(cells, "number"),
            day_of(cell(cells, "granted_on")),
        )
        for at, cells in enumerate(rows[head:], head + 1)
        if any(text.strip() for text in cells)
    ]
    if not lines:
        raise Invalid([Finding("/file", "credentials.issued-empty", {})])
    if len(lines) > MOST:
        raise Invalid([Finding("/file", "credentials.issued-long", {"most": str(MOST)})])
    return lines


def _needed(fields: Sequence[str]) -> str:
    return " · ".join(f"{TEMPLATE['zh-Hans'][f]} / {TEMPLATE['en'][f]}" for f in fields)


def _workbook(content: bytes) -> list[list[str]]:
    unreadable = Invalid([Finding("/file", "credentials.issued-unreadable", {})])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise unreadable
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST + LOOKED_AT + 1, max_col=60, values_only=True)  # fmt: skip
        return [[_text(value) for value in row] for row in rows]
    except Invalid:
        raise
    except Exception as error:  # a damaged workbook raises anything from KeyError to ParseError
        raise unreadable from error


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
