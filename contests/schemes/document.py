"""The scheme as a table that may be wrong while it is written. Pure.

A row's fields are those of the scheme's JSON without the rows below it; a number that can't be read
stays there as it was typed. Only the engine says what is wrong (`judged`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.scoring import check_scheme
from core.scoring.calculator import Calculator
from core.scoring.codec import canonical, read, to_json
from core.scoring.model import Finding, Kind, Scheme, Text

RANKS = ("module", "criterion", "sub", "aspect")
_CHILDREN = {"module": "criteria", "criterion": "sub_criteria", "sub": "aspects"}
_REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "module": {"id": "", "title": {}, "maximum": None},
    "criterion": {"id": "", "title": {}},
    "sub": {"id": "", "title": {}},
    "aspect": {"id": "", "title": {}, "kind": "points", "maximum": None},
}
_COUNTS = ("judges", "round_panel", "round_award", "round_to")
_REREADS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """key: stays the same whatever else changes. level: one of `RANKS`."""

    key: str
    level: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        return RANKS.index(self.level)

    @property
    def title(self) -> Text:
        found = self.fields.get("title")
        return found if isinstance(found, dict) else {}

    def label(self) -> str:
        """How history names it: its number and its name."""
        title = next((words for words in self.title.values() if words), "")
        return f"{self.fields.get('id', '')} {title}".strip()

    def having(self, **fields: Any) -> Row:
        return replace(self, fields={**self.fields, **fields})


@dataclass(frozen=True, slots=True)
class Document:
    """about: code and title of the scheme. sections: as the scheme's JSON has them."""

    rows: tuple[Row, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[Mapping[str, Any], ...] = ()

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)

    def index(self, key: str) -> int:
        """-1 when there is none."""
        return next((i for i, row in enumerate(self.rows) if row.key == key), -1)

    def end(self, at: int) -> int:
        """Behind the last row that belongs to the row at `at`."""
        rank = self.rows[at].rank
        return next(
            (i for i in range(at + 1, len(self.rows)) if self.rows[i].rank <= rank), len(self.rows)
        )

    def with_rows(self, rows: Iterable[Row]) -> Document:
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding at a row ("" = the whole scheme, "section:<n>") and, within it, a pointer."""

    key: str
    pointer: str
    finding: Finding

    @property
    def column(self) -> str:
        return self.pointer.split("/")[1] if self.pointer else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engine says. scheme None: not even the shape could be read."""

    scheme: Scheme | None
    findings: tuple[Placed, ...]

    @property
    def open_places(self) -> int:
        """How many places keep it from becoming the contest's scheme."""
        return sum(not placed.finding.is_warning for placed in self.findings)

    def of(self, key: str) -> list[Placed]:
        return [placed for placed in self.findings if placed.key == key]


# --- to and from the stored forms -----------------------------------------------------------------


def to_text(document: Document) -> str:
    rows = [{"key": r.key, "level": r.level, "fields": dict(r.fields)} for r in document.rows]
    whole = {"about": document.about, "sections": list(document.sections), "rows": rows}
    return canonical(whole).decode()


def from_text(text: str) -> Document:
    whole = json.loads(text)
    rows = tuple(Row(one["key"], one["level"], one["fields"]) for one in whole["rows"])
    return Document(rows, whole["about"], tuple(whole["sections"]))


def of_scheme(scheme: Scheme) -> Document:
    """Keys come from the ids, so that the same scheme always gives the same rows."""
    tree = to_json(scheme)
    used: set[str] = set()
    about = {"code": tree.get("code", ""), "title": tree.get("title", {})}
    rows = tuple(_flat(tree.get("modules", []), 0, used))
    return Document(rows, about, tuple(tree.get("sections", [])))


def _flat(items: Sequence[Mapping[str, Any]], rank: int, used: set[str]) -> Iterable[Row]:
    level = RANKS[rank]
    below = _CHILDREN.get(level, "")
    for item in items:
        key = _unused(f"{level}-{re.sub(r'[^0-9A-Za-z_.-]', '_', str(item.get('id', '')))}", used)
        yield Row(key, level, {name: value for name, value in item.items() if name != below})
        if below:
            yield from _flat(item.get(below, []), rank + 1, used)


def _unused(wanted: str, used: set[str]) -> str:
    key, n = wanted, 2
    while key in used:
        key, n = f"{wanted}-{n}", n + 1
    used.add(key)
    return key


# --- what the engine says -------------------------------------------------------------------------


def judged(document: Document, calculators: Sequence[Calculator] = ()) -> Judged:
    """Everything wrong at once: what can't be read is left out for the check of the rest."""
    tree, places = _tree(document)
    found = _stand_ins(tree, document, places)
    scheme, wrong = read(Scheme, tree)
    for _ in range(_REREADS):
        if not wrong:
            break
        found += wrong
        for finding in wrong:
            _leave_out(tree, finding.pointer)
        scheme, wrong = read(Scheme, tree)
    if scheme is not None:
        said = {finding.pointer for finding in found}
        checked = check_scheme(scheme, calculators)
        found += [finding for finding in checked if finding.pointer not in said]
    found += wrong
    return Judged(scheme, tuple(_placed(finding, places) for finding in found))


def _tree(document: Document) -> tuple[dict[str, Any], dict[str, str]]:
    """The scheme's JSON, and which pointer is which row."""
    tree: dict[str, Any] = {"code": "", "title": {}, **document.about, "modules": []}
    tree["sections"] = [dict(section) for section in document.sections]
    places: dict[str, str] = {}
    path: list[tuple[dict[str, Any], str]] = [(tree, "")]
    for row in document.rows:
        del path[row.rank + 1 :]
        parent, at = path[-1]
        name = "modules" if row.rank == 0 else _CHILDREN[RANKS[row.rank - 1]]
        node = {**_REQUIRED[row.level], **_plain(row.fields)}
        if row.level in _CHILDREN:
            node[_CHILDREN[row.level]] = []
        here = f"{at}/{name}/{len(parent[name])}"
        parent[name].append(node)
        places[here] = row.key
        path.append((node, here))
    return tree, places


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Empty cells say nothing."""
    return {name: value for name, value in fields.items() if value not in ("", None)} | {
        name: None for name in ("maximum", "round_award", "spread") if fields.get(name, "") is None
    }


def _stand_ins(
    tree: dict[str, Any], document: Document, places: Mapping[str, str]
) -> list[Finding]:
    """Kinds and counts that were typed as words no list knows."""
    found = []
    kinds = {str(kind) for kind in Kind}
    for at in places:
        node = _at(tree, at)
        kind = node.get("kind")
        if kind is not None and kind not in kinds:
            params = {"value": str(kind)[:40]}
            found.append(Finding(f"{at}/kind", "scheme-kind-unknown", params))
            node["kind"] = "points"
        for name in _COUNTS:
            value = node.get(name)
            if isinstance(value, str):
                found.append(Finding(f"{at}/{name}", "count-unreadable", {"value": value[:40]}))
                del node[name]
    return found


def _at(tree: Any, pointer: str) -> Any:
    here = tree
    for token in pointer.split("/")[1:]:
        here = here[int(token)] if isinstance(here, list) else here[token]
    return here


def _leave_out(tree: dict[str, Any], pointer: str) -> None:
    tokens = pointer.split("/")[1:]
    here: Any = tree
    for token in tokens[:-1]:
        try:
            here = here[int(token)] if isinstance(here, list) else here[token]
        except (KeyError, IndexError, TypeError, ValueError):
            return
    name = tokens[-1] if tokens else ""
    if isinstance(here, list) and name.isdecimal() and int(name) < len(here):
        here[int(name)] = {} if isinstance(here[int(name)], dict) else "0"
    elif isinstance(here, dict):
        standing: dict[str, Any] = {
            "id": "",
            "title": {},
            "maximum": None,
            "kind": "points",
            "weight": "0",
        }
        here.pop(name, None)
        if name in standing and (name != "weight" or "modules" not in pointer):
            here[name] = standing[name]


def _placed(finding: Finding, places: Mapping[str, str]) -> Placed:
    tokens = finding.pointer.split("/")
    if tokens[1:2] == ["sections"] and len(tokens) > 2:
        return Placed(f"section:{tokens[2]}", "/".join(["", *tokens[3:]]), finding)
    for length in range(len(tokens), 1, -1):
        prefix = "/".join(tokens[:length])
        if prefix in places:
            return Placed(places[prefix], finding.pointer[len(prefix) :], finding)
    return Placed("", finding.pointer, finding)
