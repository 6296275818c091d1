"""A body's list as Excel or CSV, and the empty table for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.scoring.model import Finding
from core.skill_levels import level_words
from core.web.i18n import pick
from credentials.records.levels.issued.columns import (
    NEEDED,
    TEMPLATE,
    columns_of,
    day_of,
    level_of,
)
from credentials.records.sheets import Sheet, read_sheets, text_book

MOST = 1000
LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list. at: its number there. who: an identity document's number, or the number of one
    of the person's certificates here. level: the code, or what stands there when it is none."""

    at: int
    name: str
    who: str
    occupation: str
    level: str
    number: str
    granted_on: str


def read_list(content: bytes) -> list[Line]:
    """Raises Invalid for a file that is no list, or lacks columns."""
    rows = read_sheets(content, most_rows=MOST + LOOKED_AT + 1)[0].rows
    for head, cells in enumerate(rows[:LOOKED_AT], 1):
        found = columns_of(cells)
        if len(found) >= 3 and "number" in found:
            return _lines(rows, head, found)
    raise Invalid([Finding("/file", "credentials.issued-headings", {"needed": _needed(NEEDED)})])


def empty_table(language: str, lines: Iterable[Line] = ()) -> bytes:
    """With a row for each of `lines`; every cell a text, so that no digit is lost."""
    headings = TEMPLATE[language]
    rows = [
        [line.name, line.who, line.occupation, pick(level_words(line.level), language), line.number, line.granted_on]
        for line in lines
    ]  # fmt: skip
    return text_book([Sheet("Sheet", [list(headings.values()), *rows])])


def _lines(rows: Sequence[Sequence[str]], head: int, found: dict[str, int]) -> list[Line]:
    if lacking := [field for field in NEEDED if field not in found]:
        params = {"needed": _needed(lacking)}
        raise Invalid([Finding("/file", "credentials.issued-headings", params)])

    def cell(cells: Sequence[str], field: str) -> str:
        place = found.get(field, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    lines = [
        Line(
            at,
            cell(cells, "name"),
            cell(cells, "who"),
            cell(cells, "occupation"),
            level_of(cell(cells, "level")) or cell(cells, "level"),
            cell(cells, "number"),
            day_of(cell(cells, "granted_on")),
        )
        for at, cells in enumerate(rows[head:], head + 1)
        if any(text.strip() for text in cells)
    ]
    if not lines:
        raise Invalid([Finding("/file", "credentials.issued-empty", {})])
    if len(lines) > MOST:
        raise Invalid([Finding("/file", "credentials.issued-long", {"most": str(MOST)})])
    return lines


def _needed(fields: Sequence[str]) -> str:
    return " · ".join(f"{TEMPLATE['zh-Hans'][f]} / {TEMPLATE['en'][f]}" for f in fields)
