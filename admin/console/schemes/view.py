"""What the pages of a scheme show. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests.schemes import cells
from contests.schemes.document import Document, Judged, Placed, Row
from contests.schemes.editing import Edited
from contests.schemes.queries import Aside, Frozen
from contests.schemes.sums import Sum, Sums, sums_of
from contests.schemes.versions import Draft, Version
from contests.schemes.words import COLUMNS, FIELDS, KINDS, LEVELS
from core.findings import render
from core.scoring.model import Finding
from core.scoring.numbers import decimal_text
from core.web.i18n import translate

SHOWN_FINDINGS = 200
_EDITED = ("id", "title", "kind", "maximum", "step", "judges", "section")


@dataclass(frozen=True, slots=True)
class Cell:
    """there: the row has such a cell; language: of the words in it."""

    column: str
    text: str
    there: bool
    wrong: bool
    warning: bool
    value: str = ""
    """Of a cell with a list: the chosen code."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    row: Row
    cells: Sequence[Cell]
    notes: Sequence[tuple[bool, str]]
    """(whether it is only unusual, sentence)."""
    sum: Sum | None
    name: str

    @property
    def left(self) -> str:
        return decimal_text(self.sum.left) if self.sum and self.sum.left else ""


@dataclass(frozen=True, slots=True)
class Note:
    """A finding with the cell that it is about ("" = none)."""

    target: str
    words: str
    warning: bool


@dataclass(frozen=True, slots=True)
class TablePage:
    draft: Draft[Document]
    lines: Sequence[Line]
    notes: Sequence[Note]
    open_places: int
    sums: Sums
    last: Version | None
    undo: Sequence[str]
    redo: Sequence[str]
    edited: Edited | None
    frozen: Frozen | None
    asides: Sequence[Aside]
    may_edit: bool

    @property
    def editable(self) -> bool:
        return self.may_edit and self.draft.editable


def table_page(
    draft: Draft[Document],
    verdict: Judged,
    language: str,
    *,
    history: Sequence[Version],
    may_edit: bool,
    edited: Edited | None = None,
    frozen: Frozen | None = None,
    asides: Sequence[Aside] = (),
) -> TablePage:
    sums = sums_of(draft.document)
    last = next(iter(history), None) if draft.stored else None
    return TablePage(
        draft=draft,
        lines=[line(row, verdict, sums, language) for row in draft.document.rows],
        notes=notes_of(draft.document, verdict, language)[:SHOWN_FINDINGS],
        open_places=verdict.open_places,
        sums=sums,
        last=last,
        undo=_said(history, draft.number, language) if draft.undo_to else [],
        redo=_redone(history, draft, language),
        edited=edited,
        frozen=frozen,
        asides=asides,
        may_edit=may_edit,
    )


def line(row: Row, verdict: Judged, sums: Sums, language: str) -> Line:
    placed = verdict.of(row.key)
    return Line(
        row,
        [_cell(row, column, placed, language) for column in _EDITED],
        [(one.finding.is_warning, _words(row, one, language)) for one in placed],
        sums.rows.get(row.key),
        row.label() or translate(LEVELS[row.level], language),
    )


def _cell(row: Row, column: str, placed: Iterable[Placed], language: str) -> Cell:
    mine = [one.finding for one in placed if one.column == column]
    return Cell(
        column,
        cells.shown(row, column, language),
        cells.has(row, column),
        any(not finding.is_warning for finding in mine),
        any(finding.is_warning for finding in mine),
        str(row.fields.get(column) or ""),
    )


def _words(row: Row, placed: Placed, language: str) -> str:
    """The sentence, behind the name of the field where the table doesn't show it."""
    words = render(placed.finding, language)
    name = FIELDS.get(placed.column, "")
    hidden = bool(name) and placed.column not in _EDITED
    return f"{translate(name, language)}: {words}" if hidden else words


def notes_of(document: Document, verdict: Judged, language: str) -> list[Note]:
    """Every finding, what keeps the contest from being made ready first."""
    found = []
    for placed in sorted(verdict.findings, key=lambda one: one.finding.is_warning):
        row = document.row(placed.key)
        target = ""
        if row is not None:
            column = placed.column if placed.column in _EDITED else "title"
            target = f"c-{row.key}-{column}"
        words = _words(row, placed, language) if row else render(placed.finding, language)
        name = f"{row.label()}: " if row is not None else ""
        found.append(Note(target, name + words, placed.finding.is_warning))
    return found


# --- history in words -----------------------------------------------------------------------------


def change_words(finding: Finding, language: str) -> str:
    """One change; kinds by their names."""
    params = dict(finding.params)
    if params.get("what") == COLUMNS["kind"]:
        for side in ("before", "after"):
            code = params.get(side, "")
            params[side] = translate(KINDS.get(code, code), language)
    return render(Finding(finding.pointer, finding.code, params), language)


def _said(history: Sequence[Version], number: int, language: str, most: int = 2) -> list[str]:
    """What a version changed, shortly: beside the button that takes it back."""
    version = next((one for one in history if one.number == number), None)
    if version is None:
        return [""]
    return [change_words(finding, language) for finding in version.changes[:most]] or [""]


def _redone(history: Sequence[Version], draft: Draft[Document], language: str) -> list[str]:
    return _said(history, draft.redo_to, language) if draft.redo_to else []


# --- details --------------------------------------------------------------------------------------


def findings_by_field(verdict: Judged, key: str) -> list[Finding]:
    """A row's findings with pointers that name the fields of its page."""
    return [
        Finding(field_of(placed.pointer), placed.finding.code, placed.finding.params)
        for placed in verdict.of(key)
    ]


def field_of(pointer: str) -> str:
    """ "/calculation/parameters/bands/0/limit" -> "/band-0-limit"."""
    tokens = pointer.split("/")[1:]
    if not tokens:
        return ""
    head, rest = tokens[0], tokens[1:]
    if head == "calculation":
        return _parameter_field(rest[1:]) if rest[:1] == ["parameters"] else "/calculator"
    if head == "title":
        return "/title-zh-Hans"
    heads: Mapping[str, str] = {"defects": "defect", "descriptors": "scale", "over_time": "over"}
    if head == "descriptors" and not rest:
        return "/scale"
    return "/" + "-".join([heads.get(head, head), *rest])


def _parameter_field(tokens: list[str]) -> str:
    if not tokens:
        return "/calculator"
    if tokens[0] == "bands":
        return "/" + "-".join(["band", *tokens[1:]])
    for line in ("choice", "range"):
        name, _, column = tokens[0].partition("_")
        number = name.removeprefix(line)
        if number.isdecimal() and number != name:
            return f"/{line}-{int(number) - 1}-{column}"
    return f"/parameter-{tokens[0]}"


def choices(words: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """For a list: codes with their words."""
    return [(code, translate(word, language)) for code, word in words.items()]


def row_title(row: Row, language: str) -> str:
    return f"{row.fields.get('id', '')} {cells.shown(row, 'title', language)}".strip()


def values_of(row: Row | None, language: str) -> list[tuple[str, str]]:
    """A row in words, for two of them side by side."""
    if row is None:
        return []
    shown: list[tuple[str, str]] = []
    for column in _EDITED:
        if cells.has(row, column):
            shown.append((translate(COLUMNS[column], language), cells.shown(row, column, language)))
    for name, value in row.fields.items():
        if name not in _EDITED and name in FIELDS and not isinstance(value, dict | list):
            shown.append((translate(FIELDS[name], language), _plain(value)))
        elif name not in _EDITED and name in FIELDS and value:
            shown.append((translate(FIELDS[name], language), _size(value, language)))
    return shown


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    return "" if value is None else str(value)


def _size(value: Any, language: str) -> str:
    if isinstance(value, dict):
        return " · ".join(str(one) for one in value.values() if not isinstance(one, dict | list))
    return str(len(value))
