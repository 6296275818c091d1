"""A workbook's cells as they were typed, as they were last computed, and as they compute now.

Nothing here knows what a marking scheme is.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from contests.importing.formulas import NotUnderstood, Value, evaluate
from core.scoring.codec import escape
from core.scoring.model import Finding
from core.scoring.numbers import decimal_text, plain_decimal

LARGEST_FILE = 16 * 1024 * 1024
LARGEST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 256
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """`shown` is what the spreadsheet program last displayed; `formula` has no leading "="."""

    row: int
    column: int
    shown: Any
    formula: str = ""

    @property
    def at(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Merge:
    at: str
    top: int
    bottom: int
    left: int
    right: int


@dataclass
class Sheet:
    """One sheet. `number` reports into `findings` what is odd about the cells it is asked for."""

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[Merge, ...]
    findings: list[Finding] = field(default_factory=list)
    _evaluated: dict[tuple[int, int], Fraction | None] = field(default_factory=dict)
    """Formula cells already computed; None while computing, so that a circle ends."""

    def text(self, row: int, column: int) -> str:
        """Empty when the cell is empty; a whole number without its ".0"."""
        cell = self.cell(row, column)
        if cell is None or cell.shown is None:
            return ""
        if isinstance(cell.shown, float) and cell.shown.is_integer():
            return str(int(cell.shown))
        return str(cell.shown).strip()

    def cell(self, row: int, column: int) -> Cell | None:
        return self.rows.get(row, {}).get(column)

    def number(self, row: int, column: int) -> Fraction | None:
        """The number of a cell, or None when it is empty or unreadable (then with a finding)."""
        cell = self.cell(row, column)
        if cell is None or (_blank(cell.shown) and not cell.formula):
            return None
        return self._computed(cell) if cell.formula else self._typed(cell)

    def report(self, row: int, column: int, code: str, /, **params: object) -> None:
        """One finding at one cell."""
        cell = f"{get_column_letter(column)}{row}"
        self.findings.append(
            Finding(pointer(self.title, cell), code, {k: str(v) for k, v in params.items()})
        )

    def _typed(self, cell: Cell) -> Fraction | None:
        value = _read(cell.shown)
        if value is None:
            self.report(
                cell.row, cell.column, "workbook-cell-not-a-number", found=_brief(cell.shown)
            )
            return None
        if isinstance(cell.shown, str):
            self.report(
                cell.row,
                cell.column,
                "workbook-cell-typed-as-text-warning",
                found=_brief(cell.shown),
                understood=decimal_text(value),
            )
        return value

    def _computed(self, cell: Cell) -> Fraction | None:
        """The value computed now; what was stored is compared with it, never believed."""
        stored = _read(cell.shown)
        computed = self._evaluate(cell)
        params = {"formula": f"={cell.formula[:60]}"}
        if computed is None and stored is None:
            self.report(cell.row, cell.column, "workbook-cell-formula-empty", **params)
        elif computed is None and stored is not None:
            params |= {"stored": decimal_text(stored)}
            self.report(cell.row, cell.column, "workbook-cell-formula-unknown-warning", **params)
        elif computed is not None and stored is None:
            params |= {"computed": decimal_text(computed)}
            self.report(cell.row, cell.column, "workbook-cell-formula-uncomputed-warning", **params)
        elif computed is not None and stored is not None and abs(computed - stored) >= _DUST:
            params |= {"stored": decimal_text(stored), "computed": decimal_text(computed)}
            self.report(cell.row, cell.column, "workbook-cell-formula-stale-warning", **params)
        return stored if computed is None else computed

    def _evaluate(self, cell: Cell, depth: int = 0) -> Fraction | None:
        key = (cell.row, cell.column)
        if key not in self._evaluated:
            self._evaluated[key] = None
            self._evaluated[key] = self._evaluate_once(cell, depth)
        return self._evaluated[key]

    def _evaluate_once(self, cell: Cell, depth: int) -> Fraction | None:
        if depth > _DEEPEST:
            return None

        def look(row: int, column: int) -> Value:
            other = self.cell(row, column)
            if other is None:
                return None
            value = self._evaluate(other, depth + 1) if other.formula else None
            value = value if value is not None else _read(other.shown)
            if value is None and other.formula:
                raise NotUnderstood(f"{other.at} has no value")
            return value if value is not None else str(other.shown or "")

        try:
            return evaluate(cell.formula, look)
        except NotUnderstood:
            return None


_DUST = Fraction(1, 10**6)
"""Stored sums are binary: 16.749999999999996 is 16.75."""


def pointer(sheet: str, cell: str = "") -> str:
    """Where a finding is: "/sheet/cell"; `place` turns it into what a person looks for."""
    return f"/{escape(sheet)}/{cell}" if cell else f"/{escape(sheet)}"


def place(finding: Finding) -> str:
    """ "CIS Marking Scheme Import!K25"."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in finding.pointer.split("/")[1:]]
    return "!".join(parts) or "file"


def open_book(data: bytes) -> dict[str, Sheet] | list[Finding]:
    """Every sheet by its title, or why this is no workbook that can be read."""
    if problem := _problem_of_file(data):
        return [problem]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that nobody reads here
            shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            typed = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
    except Exception as error:  # a damaged workbook raises anything from KeyError to ParseError
        return [Finding("", "workbook-unreadable", {"reason": type(error).__name__})]
    too_large = [
        Finding(pointer(sheet.title), "workbook-sheet-too-large", _limits())
        for sheet in shown.worksheets
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS
    ]
    if too_large:
        return too_large
    return {s.title: _sheet(s, typed[s.title]) for s in shown.worksheets}


def _problem_of_file(data: bytes) -> Finding | None:
    if len(data) > LARGEST_FILE:
        return Finding("", "workbook-too-large", {"limit": f"{LARGEST_FILE // 1024**2} MiB"})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return Finding("", "workbook-not-one", {})
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        return Finding("", "workbook-not-one", {})
    if unpacked > LARGEST_UNPACKED:
        limit = f"{LARGEST_UNPACKED // 1024**2} MiB"
        return Finding("", "workbook-too-large", {"limit": limit})
    return None


def _limits() -> dict[str, str]:
    return {"rows": str(MOST_ROWS), "columns": str(MOST_COLUMNS)}


def _sheet(shown: Worksheet, typed: Worksheet) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for line in typed.iter_rows():
        for source in line:
            value = shown.cell(source.row, source.column).value
            formula = _formula(source)
            if value is not None or formula:
                cell = Cell(source.row, source.column, value, formula)
                rows.setdefault(source.row, {})[source.column] = cell
    return Sheet(
        title=shown.title,
        rows=rows,
        hidden_rows=frozenset(n for n, row in typed.row_dimensions.items() if row.hidden),
        hidden_columns=frozenset(
            n
            for column in typed.column_dimensions.values()
            if column.hidden and column.min
            for n in range(column.min, min(column.max, MOST_COLUMNS) + 1)
        ),
        merged=tuple(
            Merge(m.coord, m.min_row, m.max_row, m.min_col, m.max_col)
            for m in typed.merged_cells.ranges
        ),
    )


def _formula(cell: Any) -> str:
    if cell.data_type != "f":
        return ""
    text = getattr(cell.value, "text", cell.value)  # an array formula is an object
    return str(text or "").removeprefix("=") or "?"


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read(value: object) -> Fraction | None:
    """Binary noise beyond nine decimals is dropped: 0.30000000000000004 is 0.3."""
    if value is None or isinstance(value, bool | date | time):
        return None
    if isinstance(value, int | float):
        if value != value or abs(value) > 10**12:
            return None
        return Fraction(round(Decimal(repr(value)), 9))
    text = plain_decimal(str(value))
    return None if text is None else Fraction(text)


def _brief(value: object) -> str:
    return str(value).strip()[:40]
