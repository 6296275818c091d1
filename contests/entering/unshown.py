"""Numbers that may not stand beside a name while a table or a form is corrected: the field stays empty and
keeps what was typed until something else is typed into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contests.entering.draft import SECRET, Line
from contests.entering.members import document_kind, guessed_kind
from core import disclosure
from core.registry import registry

Typed = Mapping[int, Mapping[str, str]]
"""Row -> field -> what was typed."""


def unshowable(line: Line, code: str) -> bool:
    value, partners = line.get(code), registry().partners()
    if code not in SECRET or not value:
        return False
    kind = document_kind(line.get("document_kind"), partners) or guessed_kind(value, partners)
    own = code == "document_number" and kind in disclosure.never()
    return own or disclosure.hong_kong(value)


def without_kept(lines: Iterable[Line], values: Typed) -> Typed:
    """What was typed, without the empty fields that keep their number."""
    known = {line.number: line for line in lines}
    return {
        number: {
            code: words
            for code, words in fields.items()
            if words.strip() or number not in known or not unshowable(known[number], code)
        }
        for number, fields in values.items()
    }
