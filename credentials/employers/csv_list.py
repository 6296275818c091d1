"""An employer's list as CSV: as it came, in the letters, separators and line ends that it came in."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence

from core.scoring.model import Finding
from credentials.employers.columns import LOOKED_AT, MOST_ROWS, Columns, Row, columns_of

SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class CsvList:
    media = "text/csv"
    suffix = "csv"

    def __init__(self, lines: list[list[str]], columns: Columns, encoding: str, *, ends: str, separator: str) -> None:  # fmt: skip
        self._lines, self._columns, self._encoding = lines, columns, encoding
        self._ends, self._separator = ends, separator

    def rows(self) -> Sequence[Row]:
        return [
            Row(at, self._cell(line, self._columns.number), self._cell(line, self._columns.name))
            for at, line in enumerate(self._lines, start=1)
            if at > self._columns.head and any(cell.strip() for cell in line)
        ]

    def answered(self, headings: Sequence[str], answers: Mapping[int, Sequence[str]]) -> bytes:
        wanted = {self._columns.head: headings, **answers}
        width = max(len(line) for line in self._lines)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self._separator, lineterminator=self._ends)
        for at, line in enumerate(self._lines, start=1):
            filled = [*line, *[""] * (width - len(line))]
            writer.writerow([*filled, *wanted[at]] if at in wanted else line)
        return out.getvalue().encode(self._encoding)

    def _cell(self, line: Sequence[str], at: int | None) -> str:
        return line[at].strip().lstrip("'") if at is not None and at < len(line) else ""


def read_csv(data: bytes) -> CsvList | Finding:
    encoding = _encoding(data)
    if encoding is None or (b"\0" in data and encoding != "utf-16"):
        return Finding("", "credentials.list-unreadable", {})
    text = data.decode(encoding)
    separator = _separator(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return Finding("", "credentials.list-unreadable", {})
    if len(lines) > MOST_ROWS + LOOKED_AT:
        return Finding("", "credentials.list-long", {"most": str(MOST_ROWS)})
    found = columns_of(lines[:LOOKED_AT])
    if isinstance(found, Finding):
        return found
    ends = "\r\n" if "\r\n" in text else "\n"
    return CsvList(lines, found, encoding, ends=ends, separator=separator)


def _encoding(data: bytes) -> str | None:
    """Excel in China writes GB 18030, which holds every character there is."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _separator(text: str) -> str:
    top = "\n".join(text.splitlines()[:LOOKED_AT])
    return max(SEPARATORS, key=top.count)
