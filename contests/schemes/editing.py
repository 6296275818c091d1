"""What can be done to the table, pure: every function returns a new document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any
from uuid import uuid4

from contests.schemes.cells import Understood, typed
from contests.schemes.document import RANKS, Document, Row

Edits = Mapping[str, Mapping[str, str]]
"""Row key -> column -> what was typed."""
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Edited:
    """key: the row to stand at afterwards."""

    document: Document
    understood: tuple[Understood, ...] = ()
    key: str = ""
    filled: int = 0
    added: int = 0


def new_key() -> str:
    return f"n{uuid4().hex[:10]}"


def with_cells(document: Document, edits: Edits, language: str) -> Edited:
    rows, understood, filled = [], [], 0
    for row in document.rows:
        for column, text in edits.get(row.key, {}).items():
            row, said = typed(row, column, text, language)
            filled += 1
            if said:
                understood.append(said)
        rows.append(row)
    return Edited(document.with_rows(rows), tuple(understood), filled=filled)


def added(document: Document, after: str, level: str) -> Edited:
    """A row below the row `after` and all that belongs to it; at the end without one."""
    at = document.index(after)
    here = len(document.rows) if at < 0 else _behind(document, at, level)
    if level not in RANKS or len(document.rows) >= MOST_ROWS:
        return Edited(document)
    row = Row(new_key(), level, _first_fields(document, here, level))
    made = normalised(document.with_rows([*document.rows[:here], row, *document.rows[here:]]))
    return Edited(made, key=row.key, added=1)


def _behind(document: Document, at: int, level: str) -> int:
    rank = RANKS.index(level)
    if document.rows[at].rank < rank:
        return at + 1
    return next(
        (i for i in range(at + 1, len(document.rows)) if document.rows[i].rank <= rank),
        len(document.rows),
    )


def _first_fields(document: Document, at: int, level: str) -> dict[str, Any]:
    """A new aspect is marked like the panel's last one above it."""
    if level != "aspect":
        return {"id": "", "title": {}}
    above = next(
        (r for r in reversed(document.rows[:at]) if r.fields.get("kind") == "points"), None
    )
    alike = (
        "kind",
        "step",
        "judges",
        "panel",
        "trim",
        "spread",
        "round_panel",
        "section",
        "control",
    )
    kept = {name: above.fields[name] for name in alike if name in above.fields} if above else {}
    return {"kind": "points", "step": "0.5", **kept, "id": "", "title": {}, "maximum": None}


def duplicated(document: Document, key: str) -> Edited:
    """The row with all that belongs to it, once more below."""
    at = document.index(key)
    if at < 0 or len(document.rows) >= MOST_ROWS:
        return Edited(document)
    end = document.end(at)
    copies = [Row(new_key(), r.level, {**r.fields, "id": ""}) for r in document.rows[at:end]]
    made = document.with_rows([*document.rows[:end], *copies, *document.rows[end:]])
    return Edited(normalised(made), key=copies[0].key, added=len(copies))


def removed(document: Document, key: str) -> Edited:
    """Without the row and all that belongs to it."""
    at = document.index(key)
    if at < 0:
        return Edited(document)
    end = document.end(at)
    rows = [*document.rows[:at], *document.rows[end:]]
    stand = rows[min(at, len(rows) - 1)].key if rows else ""
    return Edited(normalised(document.with_rows(rows)), key=stand)


def moved(document: Document, key: str, step: int) -> Edited:
    """The row with all that belongs to it one place up (-1) or down (1), across its parent's edge too."""
    at = document.index(key)
    if at < 0:
        return Edited(document)
    end, rows = document.end(at), document.rows
    block, rest = rows[at:end], [*rows[:at], *rows[end:]]
    to = _above(rest, at, block[0].rank) if step < 0 else _below(rest, at, block[0].rank)
    made = document.with_rows([*rest[:to], *block, *rest[to:]])
    return Edited(normalised(made), key=key)


def _above(rest: Sequence[Row], at: int, rank: int) -> int:
    to = at
    while to > 0 and rest[to - 1].rank > rank:
        to -= 1
    if to > 0 and rest[to - 1].rank == rank:
        return to - 1
    while to > 0 and rest[to - 1].rank < rank:
        to -= 1
    return to if to > 0 else at


def _below(rest: Sequence[Row], at: int, rank: int) -> int:
    to = at
    if to < len(rest) and rest[to].rank == rank:
        to += 1
        while to < len(rest) and rest[to].rank > rank:
            to += 1
        return to
    while to < len(rest) and rest[to].rank < rank:
        to += 1
    return to


def placed(document: Document, key: str, before: str) -> Edited:
    """The row with all that belongs to it in front of another row; at the end when that is ""."""
    at = document.index(key)
    if at < 0 or before == key:
        return Edited(document)
    end = document.end(at)
    block, rest = document.rows[at:end], [*document.rows[:at], *document.rows[end:]]
    if before in {row.key for row in block}:
        return Edited(document, key=key)
    to = next((i for i, row in enumerate(rest) if row.key == before), len(rest))
    rank = block[0].rank
    while to < len(rest) and rest[to].rank > rank:
        to += 1
    made = document.with_rows([*rest[:to], *block, *rest[to:]])
    return Edited(normalised(made), key=key)


def normalised(document: Document) -> Document:
    """Every row has its parents, every row its own number."""
    rows: list[Row] = []
    last = -1
    for row in document.rows:
        for rank in range(last + 1, row.rank):
            rows.append(Row(new_key(), RANKS[rank], {"id": "", "title": {}}))
        rows.append(row)
        last = row.rank
    return document.with_rows(_numbered(rows))


def _numbered(rows: Iterable[Row]) -> list[Row]:
    rows = list(rows)
    used = {(row.level, str(row.fields.get("id") or "")) for row in rows}
    path: list[str] = []
    made = []
    for row in rows:
        del path[row.rank :]
        own = str(row.fields.get("id") or "")
        if not own:
            own = _next_number(row.level, path[-1] if path else "", used)
            row = row.having(id=own)
        path.append(own)
        made.append(row)
    return made


def _next_number(level: str, parent: str, used: set[tuple[str, str]]) -> str:
    names: Mapping[str, Callable[[int], str]] = {
        "module": lambda n: ascii_uppercase[n - 1] if n <= 26 else f"M{n}",
        "criterion": lambda n: f"{parent}{n}",
        "sub": lambda n: f"{parent}.{n}",
        "aspect": lambda n: f"{parent}.{n:02d}" if parent else str(n),
    }
    n = 1
    while (level, names[level](n)) in used:
        n += 1
    found = names[level](n)
    used.add((level, found))
    return found


def with_fields(document: Document, key: str, fields: Mapping[str, Any]) -> Document:
    """A row's page: all its fields anew."""
    rows = [row if row.key != key else Row(key, row.level, dict(fields)) for row in document.rows]
    return document.with_rows(rows)


def with_panel(document: Document, panel: str, module: str, fields: Mapping[str, Any]) -> Document:
    """The same panel's size and trimming for each of its aspects that every judge marks; within one
    module, or all when it is ""."""
    rows, here = [], ""
    for row in document.rows:
        if row.level == "module":
            here = str(row.fields.get("id", ""))
        mine = row.level == "aspect" and row.fields.get("kind") in (
            "points",
            "judgement",
            "deduction",
        )
        if mine and row.fields.get("panel", "referees") == panel and module in ("", here):
            row = row.having(**fields)
        rows.append(row)
    return document.with_rows(rows)
