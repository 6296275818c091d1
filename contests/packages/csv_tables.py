"""One CSV table of a package: rows with their line numbers, every wrong cell named at once.

Numbers are understood as people type them (full-width digits, a decimal comma); what was
understood becomes a note.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contests.packages.format import TABLES, Column
from core.scoring.model import Finding, FoundDefect, Outcome
from core.scoring.numbers import milli_text, parse_typed, plain_decimal

MOST_FINDINGS = 1_000
NO_DEFECTS = "-"
_TRUE, _FALSE = ("true", "1", "yes", "是"), ("", "false", "0", "no", "否")
_SCOPES = ("warning", "points", "module", "project", "disqualify")
_STATUSES = {str(o).lower(): o for o in Outcome if o not in (Outcome.SCORED, Outcome.NOT_QUALIFIED)}


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by column name, converted; `line` is counted from 1 with the heading."""

    line: int
    values: Mapping[str, Any]


@dataclass
class Table:
    name: str
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def wrong(self, line: int, code: str, column: str = "", /, **params: object) -> None:
        """One finding; beyond a thousand only the count would help, and nobody reads it."""
        if len(self.findings) < MOST_FINDINGS:
            texts = {key: str(value)[:80] for key, value in params.items()}
            self.findings.append(Finding(self.pointer(line, column), code, texts))

    def pointer(self, line: int, column: str = "") -> str:
        return f"/{self.name}/{line}/{column}" if column else f"/{self.name}/{line}"


def read_table(name: str, data: bytes) -> Table:
    """Rows of a known table; a row with a wrong cell is left out and its cells are reported."""
    table = Table(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        table.wrong(line, "csv-not-utf8")
        return table
    if "\0" in text:
        table.wrong(text.count("\n", 0, text.index("\0")) + 1, "csv-not-text")
        return table
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        _read_rows(table, reader)
    except csv.Error as error:
        table.wrong(reader.line_num, "csv-unreadable", reason=error)
    return table


def write_table(name: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Columns in the declared order; those that no row fills are left out unless required."""
    listed = list(rows)
    columns = [c for c in TABLES[name] if c.required or any(row.get(c.name) for row in listed)]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([[row.get(column.name, "") for column in columns] for row in listed])
    return buffer.getvalue().encode()


def defects_text(defects: Iterable[FoundDefect]) -> str:
    """What `_defects` reads."""
    return ";".join(f"{d.code}:{milli_text(d.points)}" for d in defects)


def _read_rows(table: Table, reader: Any) -> None:
    heading = next(reader, None)
    if heading is None:
        table.wrong(1, "csv-empty")
        return
    columns = _columns(table, [name.strip() for name in heading])
    if columns is None:
        return
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            table.wrong(line, "csv-row-length", found=len(cells), expected=len(heading))
            continue
        values = _values(table, line, columns, cells)
        if values is not None:
            table.rows.append(Row(line, values))


def _columns(table: Table, heading: list[str]) -> list[Column] | None:
    """The declared column of each cell; findings when the heading is not understood."""
    known = {column.name: column for column in TABLES[table.name]}
    before = len(table.findings)
    for name in heading:
        if name not in known:
            table.wrong(1, "csv-column-unknown", column=name, known=", ".join(known))
        elif heading.count(name) > 1:
            table.wrong(1, "csv-column-twice", column=name)
    for column in known.values():
        if column.required and column.name not in heading:
            table.wrong(1, "csv-column-missing", column=column.name)
    return None if len(table.findings) > before else [known[name] for name in heading]


def _values(
    table: Table, line: int, columns: list[Column], cells: list[str]
) -> dict[str, Any] | None:
    given = {
        column.name: cell if column.kind == "words" else cell.strip()
        for column, cell in zip(columns, cells, strict=True)
    }
    values: dict[str, Any] = {}
    before = len(table.findings)
    for column in TABLES[table.name]:
        text = given.get(column.name, "") or column.default
        if not text and column.required:
            table.wrong(line, "csv-cell-empty", column.name)
        values[column.name] = _CONVERTERS[column.kind](table, line, column.name, text)
    full = len(table.findings) >= MOST_FINDINGS
    return None if full or len(table.findings) > before else values


def _text(table: Table, line: int, column: str, text: str) -> Any:
    return text


def _points(table: Table, line: int, column: str, text: str) -> Any:
    if not text:
        return None
    typed = parse_typed(text)
    if isinstance(typed, Finding):
        table.wrong(line, "csv-number-unreadable", column, value=text)
        return None
    if typed.changed:
        _understood(table, line, column, text, typed.understood)
    return typed.value


def _count(table: Table, line: int, column: str, text: str) -> Any:
    plain = plain_decimal(text)
    if plain is None or not plain.isdecimal() or len(plain) > 9:
        if text:
            table.wrong(line, "csv-count-unreadable", column, value=text)
        return None
    if plain != text:
        _understood(table, line, column, text, plain)
    return int(plain)


def _raw(table: Table, line: int, column: str, text: str) -> Any:
    """A measured number becomes its canonical decimal, anything else stays for its calculator."""
    if not text:
        return None
    plain = plain_decimal(text)
    if plain is None or plain == text:
        return text
    if not text.isascii() or "," in text:
        _understood(table, line, column, text, plain)
    return plain


def _flag(table: Table, line: int, column: str, text: str) -> Any:
    if text.lower() not in _TRUE + _FALSE:
        table.wrong(line, "csv-flag-unreadable", column, value=text)
    return text.lower() in _TRUE


def _list(table: Table, line: int, column: str, text: str) -> Any:
    return tuple(filter(None, (part.strip() for part in text.split(";"))))


def _status(table: Table, line: int, column: str, text: str) -> Any:
    if not text:
        return None
    if text.lower() not in _STATUSES:
        known = ", ".join(str(outcome) for outcome in _STATUSES.values())
        table.wrong(line, "csv-value-unknown", column, value=text, known=known)
    return _STATUSES.get(text.lower())


def _scope(table: Table, line: int, column: str, text: str) -> Any:
    if text and text not in _SCOPES:
        table.wrong(line, "csv-value-unknown", column, value=text, known=", ".join(_SCOPES))
    return text


def _defects(table: Table, line: int, column: str, text: str) -> Any:
    """None for an empty cell; no defects at all is "-"."""
    if not text:
        return None
    if text == NO_DEFECTS:
        return ()
    found = []
    for part in _list(table, line, column, text):
        code, colon, points = part.rpartition(":")
        value = _points(table, line, column, points.strip()) if colon else None
        if not code or not colon or not points.strip():
            table.wrong(line, "csv-defect-unreadable", column, value=part)
        elif value is not None:
            found.append(FoundDefect(code.strip(), value))
    return tuple(found)


def _understood(table: Table, line: int, column: str, found: str, understood: str) -> None:
    if len(table.notes) < MOST_FINDINGS:
        params = {"found": found[:40], "understood": understood}
        table.notes.append(Finding(table.pointer(line, column), "csv-number-understood", params))


_CONVERTERS = {
    "text": _text,
    "words": _text,
    "points": _points,
    "count": _count,
    "raw": _raw,
    "flag": _flag,
    "list": _list,
    "status": _status,
    "scope": _scope,
    "defects": _defects,
}
