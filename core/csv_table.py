"""Reads an instrument's CSV file into rows with their line numbers, or says what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.scoring.model import Finding


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line that is not empty; `line` counts from 1 in the file. Values are stripped."""

    line: int
    values: Mapping[str, str]


def read_csv_table(
    data: bytes, columns: Sequence[str], *, limit: int = 10_000
) -> tuple[list[CsvRow], list[Finding]]:
    """UTF-8, with or without a byte-order mark; commas or semicolons; the first line names the
    columns in any order and any case. More columns than asked for are ignored."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Finding("", "table-not-utf8")]
    try:
        return _rows(_lines(content), columns, limit)
    except csv.Error as error:
        return [], [Finding("", "table-unreadable", {"reason": str(error)})]


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = ";" if ";" in content.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells]


def _rows(
    lines: Iterator[tuple[int, list[str]]], columns: Sequence[str], limit: int
) -> tuple[list[CsvRow], list[Finding]]:
    names = [name.lower() for name in next(lines, (0, []))[1]]
    missing = [name for name in columns if name not in names]
    if missing:
        params = {"missing": ", ".join(missing), "columns": ", ".join(columns)}
        return [], [Finding("/1", "table-columns", params)]
    rows: list[CsvRow] = []
    for line, cells in lines:
        values = dict(zip(names, cells, strict=False))
        if any(values.values()):
            rows.append(CsvRow(line, {name: values.get(name, "") for name in columns}))
        if len(rows) > limit:
            return [], [Finding("", "table-too-long", {"limit": str(limit)})]
    return rows, []
