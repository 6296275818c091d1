"""What an organiser typed into a form, as the answers that a contest type reads. Pure.

Fields are named "o.<option>", and in tables "o.<option>.<row>.<column>". Numbers may be typed with
full-width digits and a decimal comma; what can't be understood stays as it was typed and becomes a
finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.options import Option
from core.scoring.numbers import plain_decimal

START = "o."
MOST_ROWS = 200
_CELL = re.compile(r"o\.(?P<option>[^.]+)\.(?P<row>[0-9]{1,4})\.(?P<column>[^.]+)")


def answers_of(declared: Sequence[Option], form: Mapping[str, str]) -> dict[str, Any]:
    """The answers that were given; an empty field is none, so that the default stands."""
    answers: dict[str, Any] = {}
    for option in declared:
        if option.kind == "table":
            if rows := table_of(option, form):
                answers[option.code] = rows
            elif any(name.startswith(f"{START}{option.code}.") for name in form):
                answers[option.code] = []
        elif (value := _value(option, form.get(START + option.code, ""))) is not None:
            answers[option.code] = value
    return answers


def table_of(option: Option, form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows in which anything stands, in their order."""
    cells: dict[int, dict[str, str]] = {}
    for name, typed in form.items():
        found = _CELL.fullmatch(name)
        if found and found["option"] == option.code:
            cells.setdefault(int(found["row"]), {})[found["column"]] = typed
    rows = []
    for _, row in sorted(cells.items())[:MOST_ROWS]:
        if any(typed.strip() for typed in row.values()):
            given = {c.code: _value(c, row.get(c.code, "")) for c in option.columns}
            rows.append({code: value for code, value in given.items() if value is not None})
    return rows


def typed_number(option: Option, text: str) -> str | int:
    """As `read_options` wants it; text that is no number stays, to be named in a finding."""
    plain = plain_decimal(text)
    if plain is None:
        return text
    return int(plain) if option.kind == "int" and plain.lstrip("-").isdigit() else plain


def _value(option: Option, typed: str) -> Any:
    text = typed.strip()
    if not text:
        return None
    if option.kind in ("int", "decimal"):
        return typed_number(option, text)
    if option.kind == "bool":
        return {"yes": True, "no": False}.get(text, text)
    return text
