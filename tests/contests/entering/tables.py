"""Tables as people make them: Excel new and old, text in several encodings, numbers of documents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlwt

from plugins.greater_bay_area.documents import hkid_check_digit, mod_11_2

Rows = Sequence[Sequence[Any]]


def mainland(serial: int, *, born: str = "19900131", region: str = "440106") -> str:
    """A valid identity number; an odd serial is a man's."""
    digits = f"{region}{born}{serial:03d}"
    return digits + mod_11_2(digits)


def hkid(serial: int) -> str:
    digits = f"{serial:06d}"
    return f"A{digits}({hkid_check_digit('A', digits)})"


def xlsx(
    rows: Rows, *, merged: Sequence[str] = (), hidden: Sequence[int] = (), sheet: str = ""
) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet or "Sheet1"
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    for number in hidden:
        page.row_dimensions[number].hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def xls(rows: Rows, *, zeros: dict[tuple[int, int], str] | None = None) -> bytes:
    """zeros: (row, column) from 0 -> a number format such as 000."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名单")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            style = xlwt.Style.default_style
            if zeros and (at, column) in zeros:
                style = xlwt.easyxf(num_format_str=zeros[at, column])
            page.write(at, column, value, style)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def text(rows: Rows, separator: str = ",") -> str:
    return "\r\n".join(separator.join(str(cell) for cell in row) for row in rows) + "\r\n"
