"""What changed between two tables, in words; and two tables made at the same time, side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from contests.schemes.document import Document, Row
from contests.schemes.words import FIELDS, LEVELS
from core.scoring.model import Finding

_LONGEST = 120


def differences(before: Document, after: Document) -> list[Finding]:
    """In the order of the table: what went, what came, what moved, what is different in a row. The
    pointer is the row's key."""
    old = {row.key: row for row in before.rows}
    new = {row.key: row for row in after.rows}
    found = [_row("scheme-row-removed", row) for key, row in old.items() if key not in new]
    moved = _moved([k for k in old if k in new], [k for k in new if k in old])
    for key, row in new.items():
        if key not in old:
            found.append(_row("scheme-row-added", row))
            continue
        if key in moved:
            found.append(Finding(key, "scheme-row-moved", {"row": row.label()}))
        found += _fields(old[key], row)
    if before.sections != after.sections:
        found.append(Finding("", "scheme-sections-changed", {}))
    if before.about != after.about:
        found.append(Finding("", "scheme-about-changed", {}))
    return found


def _row(code: str, row: Row) -> Finding:
    return Finding(row.key, code, {"what": LEVELS[row.level], "row": row.label()})


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest rows whose moving makes the one order out of the other."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {before[i] for a, _, n in matcher.get_matching_blocks() for i in range(a, a + n)}
    return set(after) - kept


def _fields(before: Row, after: Row) -> Iterable[Finding]:
    for name in dict.fromkeys([*before.fields, *after.fields]):
        old, new = before.fields.get(name), after.fields.get(name)
        if (old or None) == (new or None):
            continue
        params = {"row": after.label(), "what": FIELDS.get(name, name)}
        if name == "title":
            old, new = _differing(old or {}, new or {})
        if isinstance(old, dict | list | bool) or isinstance(new, dict | list | bool):
            yield Finding(after.key, "scheme-detail-changed", params)
        elif old in (None, ""):
            yield Finding(after.key, "scheme-cell-filled", params | {"after": _text(new)})
        elif new in (None, ""):
            yield Finding(after.key, "scheme-cell-emptied", params | {"before": _text(old)})
        else:
            both = {"before": _text(old), "after": _text(new)}
            yield Finding(after.key, "scheme-cell-changed", params | both)


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, str]:
    """The first language in which two names differ."""
    for language in dict.fromkeys([*old, *new]):
        if old.get(language, "") != new.get(language, ""):
            return old.get(language, ""), new.get(language, "")
    return "", ""


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# --- two at once ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """One row that both changed. None: the row is not there on that side."""

    key: str
    base: Row | None
    mine: Row | None
    theirs: Row | None

    @property
    def row(self) -> Row:
        found = self.mine or self.theirs or self.base
        assert found is not None
        return found


def beside(base: Document, mine: Document, theirs: Document) -> list[Beside]:
    """The rows that both changed, and differently: somebody has to choose."""
    keys = dict.fromkeys(row.key for one in (theirs, mine, base) for row in one.rows)
    found = []
    for key in keys:
        one = Beside(key, base.row(key), mine.row(key), theirs.row(key))
        if one.mine != one.theirs and one.base not in (one.mine, one.theirs):
            found.append(one)
    return found


def together(
    base: Document, mine: Document, theirs: Document, mine_chosen: frozenset[str]
) -> Document:
    """Both changes in one table. Where both changed a row, mine counts for the keys in `mine_chosen` and
    theirs for the others."""
    chosen: dict[str, Row | None] = {}
    for key in dict.fromkeys(row.key for one in (theirs, mine, base) for row in one.rows):
        b, m, t = base.row(key), mine.row(key), theirs.row(key)
        chosen[key] = t if m in (b, t) else m if t == b or key in mine_chosen else t
    order = _order(base, mine, theirs)
    rows = [row for key in order if (row := chosen[key]) is not None]
    return replace(
        theirs,
        rows=tuple(rows),
        sections=theirs.sections if mine.sections == base.sections else mine.sections,
        about=theirs.about if mine.about == base.about else mine.about,
    )


def _order(base: Document, mine: Document, theirs: Document) -> list[str]:
    """Theirs, unless only mine was put in another order; rows of one side behind their predecessor."""
    mine_keys, their_keys = ([row.key for row in one.rows] for one in (mine, theirs))
    base_keys = [row.key for row in base.rows]
    their_moves = _moved(
        [k for k in base_keys if k in set(their_keys)],
        [k for k in their_keys if k in set(base_keys)],
    )
    first, second = (their_keys, mine_keys) if their_moves else (mine_keys, their_keys)
    order = list(first)
    for at, key in enumerate(second):
        if key not in order:
            before = next((k for k in reversed(second[:at]) if k in order), None)
            order.insert(order.index(before) + 1 if before else 0, key)
    return order
