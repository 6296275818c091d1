"""A block out of a spreadsheet program, set into the table from one cell on. Pure.

Rows go downwards over rows of the same level; where another level begins, new rows are made, so that a
paste never runs into the next criterion. A first line with the names of columns says which they are.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

from contests.schemes.cells import Understood, column_names, level_of, typed
from contests.schemes.document import RANKS, Document, Row
from contests.schemes.editing import MOST_ROWS, Edited, added, new_key, normalised
from contests.schemes.words import COLUMNS

MOST_LINES = 1000


def lines_of(text: str) -> list[list[str]]:
    """Tab-separated, as every spreadsheet program copies; quoted cells may hold line breaks."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if not plain.strip():
        return []
    reader = csv.reader(plain.split("\n") if '"' not in plain else plain.splitlines(keepends=True),
                        delimiter="\t")  # fmt: skip
    return [[cell.strip() for cell in line] for line in reader][:MOST_LINES]


@dataclass(slots=True)
class _Place:
    """Where the next line goes."""

    rows: list[Row]
    at: int
    level: str
    key: str = ""
    filled: int = 0
    added: int = 0


def pasted(document: Document, key: str, column: str, text: str, language: str) -> Edited:
    """The block with its upper left cell at (key, column). An empty table starts with it."""
    lines = lines_of(text)
    columns = list(COLUMNS)
    names = [column_names().get(cell.casefold(), "") for cell in lines[0]] if lines else []
    if lines and sum(map(bool, names)) >= 2:
        order, lines = names, lines[1:]
    else:
        start = columns.index(column) if column in columns else columns.index("title")
        order = columns[start:]
    if not lines:
        return Edited(document)
    return _set(document, key, order, lines, language)


def _set(
    document: Document, key: str, order: list[str], lines: list[list[str]], language: str
) -> Edited:
    anchor = document.row(key)
    place = _Place(list(document.rows), document.index(key), anchor.level if anchor else "aspect")
    if anchor is None:
        place.at = len(place.rows)
    understood: list[Understood] = []
    for line in lines:
        if not any(line):
            continue
        cells = {column: text for column, text in zip(order, line, strict=False) if column}
        _next_row(place, level_of(cells.get("level", "")) or place.level, "level" in cells)
        row = place.rows[place.at]
        for column, text in cells.items():
            row, said = typed(row, column, text, language)
            place.filled += 1
            understood += [said] if said else []
        place.rows[place.at] = row
        place.key = place.key or row.key
        place.at += 1
    made = normalised(document.with_rows(place.rows))
    return Edited(made, tuple(understood), place.key or key, place.filled, place.added)


def _next_row(place: _Place, level: str, named: bool) -> None:
    """The row that is there when it has the level, else a new one."""
    there = place.rows[place.at] if place.at < len(place.rows) else None
    if (there is not None and there.level == level) or len(place.rows) >= MOST_ROWS:
        place.at = min(place.at, len(place.rows) - 1)
        return
    if not named and there is not None and there.rank > RANKS.index(level):
        # Rows below a heading belong to it: the next heading of this level stands behind them.
        while place.at < len(place.rows) and place.rows[place.at].rank > RANKS.index(level):
            place.at += 1
        if place.at < len(place.rows) and place.rows[place.at].level == level:
            return
    # `added` knows what a new row of a level starts with.
    first = added(Document(tuple(place.rows[: place.at])), "", level)
    fields = next((r.fields for r in first.document.rows if r.key == first.key), {})
    place.rows.insert(place.at, Row(new_key(), level, {**fields, "id": ""}))
    place.added += 1
