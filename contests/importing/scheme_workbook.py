"""A CIS marking scheme workbook, read whole: figures, findings and, when it can be used, a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contests.importing.book import Sheet, open_book, pointer
from contests.importing.calculations import (
    SHEET,
    ImportedCalculator,
    by_reference,
    read_calculators,
)
from contests.importing.checking import aspects_of, check_layout, marks_of, variation_of
from contests.importing.draft import draft_scheme
from contests.importing.layout import SHEETS, AspectRow, Layout, normal, read_layout
from core.scoring.model import Finding, Scheme
from core.scoring.numbers import decimal_text


@dataclass(frozen=True, slots=True)
class SchemeImport:
    """`scheme` is None while a finding is an error; warnings leave it usable."""

    layout: Layout
    calculators: tuple[ImportedCalculator, ...]
    findings: tuple[Finding, ...]
    scheme: Scheme | None


def read_scheme_workbook(data: bytes) -> SchemeImport:
    """Never raises for a bad file: what is wrong with it is in `findings`."""
    book = open_book(data)
    if isinstance(book, list):
        return SchemeImport(Layout(), (), tuple(book), None)
    sheet = _find(book, SHEETS)
    if sheet is None:
        params = {"known": ", ".join(SHEETS), "found": ", ".join(book)[:200]}
        return SchemeImport(Layout(), (), (Finding("", "cis-sheet-missing", params),), None)
    second = _find(book, (SHEET,))
    calculators = read_calculators(second) if second else []
    layout = read_layout(sheet)
    check_layout(sheet, layout, by_reference(calculators))
    findings = _ordered(sheet) + (_ordered(second) if second else [])
    errors = [f for f in findings if not f.is_warning]
    scheme = None if errors else draft_scheme(layout, by_reference(calculators))
    return SchemeImport(layout, tuple(calculators), tuple(findings), scheme)


def summary(result: SchemeImport) -> dict[str, Any]:
    """The figures that `jiangxin scheme import --json` prints, without the findings."""
    layout = result.layout
    aspects = list(aspects_of(layout))
    judged = [a for a in aspects if a.kind == "J"]
    measured = [a for a in aspects if a.kind == "M"]
    filled = [block for block in layout.blocks if block.sub_criteria]
    return {
        "title": layout.title,
        "criteria": len(filled),
        "sub_criteria": sum(len(block.sub_criteria) for block in filled),
        "judgement": _group(judged)
        | {"descriptors": sum(1 for a in judged for d in a.descriptors if d.text)},
        "measurement": _group(measured),
        "total": decimal_text(marks_of(aspects)),
        "typed_variation": _text(layout.typed_variation),
        "variation": _text(variation_of(layout)),
        "calculators": [_calculator(c) for c in result.calculators],
    }


def _group(aspects: Sequence[AspectRow]) -> dict[str, Any]:
    return {"count": len(aspects), "marks": decimal_text(marks_of(aspects))}


def _calculator(calculator: ImportedCalculator) -> dict[str, Any]:
    return {
        "name": calculator.name,
        "kind": calculator.kind,
        "per": calculator.per,
        "active": calculator.active,
        "parameters": dict(calculator.parameters),
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _find(book: dict[str, Sheet], names: Sequence[str]) -> Sheet | None:
    wanted = {normal(name) for name in names}
    return next((sheet for title, sheet in book.items() if normal(title) in wanted), None)


def _ordered(sheet: Sheet) -> list[Finding]:
    """By row and column, each once: a cell is read by more than one check."""
    unique = dict.fromkeys(
        (f.pointer, f.code, tuple(sorted(f.params.items()))) for f in sheet.findings
    )
    found = [Finding(at, code, dict(params)) for at, code, params in unique]
    return sorted(found, key=lambda f: _position(f.pointer, pointer(sheet.title)))


def _position(at: str, start: str) -> tuple[int, int, str]:
    cell = at.removeprefix(start).lstrip("/")
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), len(letters), letters
