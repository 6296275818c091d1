"""What was made of one file so far: its cells, what each column is, what was mended by hand. Pure.

A mended value belongs to a row and a field, so that a column which the file lacks can be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contests.entering.columns import KINDS, find_headings, notes_that_matter, rows_below
from contests.entering.grid import MOST_ROWS, Grid, GridRow, Note, cell_name
from core.scoring.model import Finding

_FOOT = ("合计", "总计", "小计", "填表", "制表", "审核", "备注", "说明", "注：", "注:", "盖章", "联系人",
         "總計", "合計", "備註", "說明", "蓋章", "聯繫人", "聯絡人", "Total", "Note", "Nota")  # fmt: skip
SECRET = ("document_number", "permit_number")
"""Fields whose values appear in no finding."""
_NOTES = {
    Note.LOST: "people-digits-lost",
    Note.NUMBER: "people-cell-number-warning",
    Note.FORMULA: "people-cell-formula-warning",
    Note.UNCOMPUTED: "people-cell-uncomputed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it counts now. findings: of the reading; their pointer is a field's code."""

    number: int
    values: Mapping[str, str]
    findings: Sequence[Finding] = ()
    left_out: bool = False
    hidden: bool = False

    def get(self, code: str) -> str:
        return self.values.get(code, "")


@dataclass(frozen=True, slots=True)
class Draft:
    """columns: position -> field code, "" for one that is left aside on purpose. sure: False until
    the columns are known or were set by hand."""

    kind: str
    titles: Mapping[int, str]
    columns: Mapping[int, str]
    rows: Sequence[GridRow]
    sure: bool = False
    file_name: str = ""
    sheet: str = ""
    encoding: str = ""
    others: Sequence[str] = ()
    mended: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    add_delegations: bool = False
    everywhere: bool = False
    """Of the pool: for every competition of the organisation."""

    def place(self, number: int, code: str) -> str:
        """ "D7", or "" for a field without a column."""
        return next((cell_name(number, at) for at, c in self.columns.items() if c == code), "")

    def unknown(self) -> dict[int, str]:
        """Columns that are not read, with their headings."""
        return {at: words for at, words in self.titles.items() if not self.columns.get(at)}

    def lines(self) -> list[Line]:
        return [self._line(row) for row in self.rows]

    def _line(self, row: GridRow) -> Line:
        mended = self.mended.get(row.number, {})
        lost = {at for at, note in row.notes.items() if note is Note.LOST}
        values = {
            code: "" if at in lost else row.cells.get(at, "")
            for at, code in self.columns.items()
            if code
        }
        findings = [
            Finding(
                code,
                _NOTES[note],
                _found(code, values[code]) if row.notes[at] is Note.FORMULA else {},
            )
            for at, code in self.columns.items()
            if code and code not in mended and (note := notes_that_matter(code, row.notes.get(at)))
        ]
        out = row.number in self.left_out
        return Line(row.number, {**values, **mended}, findings, out, row.hidden)


def _found(code: str, value: str) -> dict[str, str]:
    """What a formula came to; of a document's number only that there is one."""
    return {"found": "…" if code in SECRET else value}


def draft_of(kind: str, grid: Grid, *, file_name: str = "") -> Draft:
    """The columns as recognised. Hidden rows and the foot of a table are left out until somebody
    takes them in."""
    headings = find_headings(kind, grid)
    rows = rows_below(grid, headings)[:MOST_ROWS]
    wanted = {one.code for one in KINDS[kind] if one.wanted}
    at = [position for position, code in headings.columns.items() if code in wanted]
    out = {row.number for row in rows if row.hidden or _is_foot(row, at)}
    return Draft(
        kind,
        headings.titles,
        headings.columns,
        rows,
        headings.sure,
        file_name[:200],
        grid.sheet,
        grid.encoding,
        list(grid.others),
        left_out=frozenset(out),
    )


def with_columns(draft: Draft, columns: Mapping[int, str]) -> Draft:
    """Set by hand: what is not named is left aside."""
    known = {one.code for one in KINDS[draft.kind]}
    kept = {at: code if code in known else "" for at, code in columns.items() if at in draft.titles}
    wanted = {one.code for one in KINDS[draft.kind] if one.wanted}
    return replace(draft, columns=kept, sure=wanted <= set(kept.values()))


def with_mended(
    draft: Draft, values: Mapping[int, Mapping[str, str]], left_out: frozenset[int] | None = None
) -> Draft:
    """What was typed into the table on the page, on top of what was mended before."""
    numbers = {row.number for row in draft.rows}
    known = {one.code for one in KINDS[draft.kind]}
    mended = {number: dict(fields) for number, fields in draft.mended.items()}
    before = {line.number: line for line in draft.lines()}
    for number, fields in values.items():
        for code, words in fields.items():
            if number in numbers and code in known and before[number].get(code) != words.strip():
                mended.setdefault(number, {})[code] = words.strip()[:500]
    out = draft.left_out if left_out is None else left_out & numbers
    return replace(draft, mended=mended, left_out=out)


def to_json(draft: Draft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "titles": {str(k): v for k, v in draft.titles.items()},
        "columns": {str(k): v for k, v in draft.columns.items()},
        "rows": [
            [
                row.number,
                {str(k): v for k, v in row.cells.items()},
                {str(k): v.value for k, v in row.notes.items()},
                row.hidden,
            ]
            for row in draft.rows
        ],
        "sure": draft.sure,
        "file_name": draft.file_name,
        "sheet": draft.sheet,
        "encoding": draft.encoding,
        "others": list(draft.others),
        "mended": {str(k): dict(v) for k, v in draft.mended.items()},
        "left_out": sorted(draft.left_out),
        "add_delegations": draft.add_delegations,
        "everywhere": draft.everywhere,
    }


def from_json(data: Mapping[str, Any]) -> Draft:
    def whole(mapping: Mapping[str, Any]) -> dict[int, Any]:
        return {int(key): value for key, value in mapping.items()}

    return Draft(
        data["kind"],
        whole(data["titles"]),
        whole(data["columns"]),
        [
            GridRow(number, whole(cells), {k: Note(v) for k, v in whole(notes).items()}, hidden)
            for number, cells, notes, hidden in data["rows"]
        ],
        data["sure"],
        data["file_name"],
        data["sheet"],
        data["encoding"],
        data["others"],
        whole(data["mended"]),
        frozenset(data["left_out"]),
        data["add_delegations"],
        data.get("everywhere", False),
    )


def _is_foot(row: GridRow, wanted: Sequence[int]) -> bool:
    """A sum, a signature or a remark below the table: nothing stands where a name should."""
    words = [text for text in row.cells.values() if text]
    named = any(row.cells.get(at) for at in wanted)
    first = words[0] if words else ""
    if first.startswith(_FOOT) and (not named or len(words) <= 2):
        return True
    return not named and len(words) <= 1
