"""The form "type in what the paper says": its fields, what was typed, what the record answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.web.i18n import translate
from credentials.pages.display import shown

LABELS: Mapping[str, str] = {
    "name": "Name on the paper",
    "grade": "Award or level on the paper",
    "number": "Number on the paper",
    "document": "Whole number of the identity document",
}
ALWAYS = ("name", "grade", "number")
DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Typed:
    """`answers`: by field, for what was compared. `note`: why nothing was compared."""

    values: Mapping[str, str]
    answers: Mapping[str, bool] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypedLine:
    name: str
    label: str
    value: str
    style: str
    answer: str


def lines_of(typed: Typed | None, row: Mapping[str, Any], language: str) -> Sequence[TypedLine]:
    """One line a field; the identity document only where the holder allowed it."""
    names = (*ALWAYS, DOCUMENT) if row["comparable"] else ALWAYS
    return [_line(name, typed or Typed({}), language) for name in names]


def _line(name: str, typed: Typed, language: str) -> TypedLine:
    answer = typed.answers.get(name)
    style, words = {
        True: ("yes", "✓ Match"),
        False: ("no", "✕ No match"),
        None: ("", ""),
    }[answer]
    # A document's number is never sent back.
    value = "" if name == DOCUMENT else shown(typed.values.get(name, ""))
    said = translate(words, language) if words else ""
    return TypedLine(name, translate(LABELS[name], language), value, style, said)
