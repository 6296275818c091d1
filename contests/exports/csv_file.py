"""CSV as WPS and Excel read it: UTF-8 with the mark that says so, nothing that starts a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from contests.exports.rows import Cell

TYPE = "text/csv; charset=utf-8"
_LONGEST_NUMBER = 15
"""A spreadsheet keeps so many digits of a number; what has more is marked as text by a tab."""


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    file = io.StringIO(newline="")
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(head)
    for row in rows:
        table.writerow([plain(cell) for cell in row])
    return ("\ufeff" + file.getvalue()).encode()


def plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return str(value)
    if value[:1] in "=+-@\t\r" and value:
        return f"'{value}"
    digits = value.isascii() and value.isdigit()
    if digits and (len(value) > _LONGEST_NUMBER or (value[0] == "0" and len(value) > 1)):
        return f"{value}\t"
    return value
