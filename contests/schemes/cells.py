"""One cell of the table: what is shown of a row, and what was meant by what was typed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from contests.schemes.document import Row
from contests.schemes.words import COLUMNS, KINDS, LEVELS
from core.scoring.model import Finding
from core.scoring.numbers import parse_typed, plain_decimal
from core.web.i18n import LANGUAGES, pick, translate

_OF_LEVEL = {
    "module": ("level", "id", "title", "maximum"),
    "criterion": ("level", "id", "title", "maximum"),
    "sub": ("level", "id", "title"),
    "aspect": tuple(COLUMNS),
}
_LONGEST = 2000
_FURTHER_KINDS = {"j": "judgement", "m": "measurement", "客观": "measurement", "主观": "judgement",
                  "客觀": "measurement", "主觀": "judgement", "打分": "points", "評分": "points"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """What was typed in a cell is kept as `meant`, which looks different."""

    key: str
    column: str
    typed: str
    meant: str


def has(row: Row, column: str) -> bool:
    """Whether the row has such a cell."""
    return column in _OF_LEVEL[row.level]


def shown(row: Row, column: str, language: str) -> str:
    """The cell's text, as it is copied out too."""
    if not has(row, column):
        return ""
    if column == "level":
        return translate(LEVELS[row.level], language)
    value = row.fields.get(column)
    if column == "title":
        return pick(row.title, language)
    if column == "kind":
        return translate(KINDS.get(str(value), str(value or "")), language)
    if column == "judges":
        return str(1 if value is None else value)
    if column == "step" and value is None:
        return "0.01" if row.fields.get("kind") in ("points", "deduction") else ""
    return "" if value is None else str(value)


def typed(row: Row, column: str, text: str, language: str) -> tuple[Row, Understood | None]:
    """The row with the cell as it was meant. Nothing is refused: the check tells what is wrong."""
    text = " ".join(text.split())[:_LONGEST]
    if not has(row, column) or column == "level" or text == shown(row, column, language):
        return row, None
    if column == "title":
        return row.having(title={**row.title, language: text}), None
    value = _meant(column, text)
    made = row.having(**{column: value})
    plain = shown(made, column, language)
    said = Understood(row.key, column, text, plain) if plain not in (text, "") else None
    return made, said


def level_of(text: str) -> str | None:
    """A level by its name in any of our languages."""
    return _known("level").get(text.strip().casefold())


def _meant(column: str, text: str) -> Any:
    if text == "":
        return None
    if column == "kind":
        return _known("kind").get(text.casefold(), text)
    if column in ("maximum", "step"):
        value = parse_typed(text)
        return text if isinstance(value, Finding) else value.understood
    if column == "judges":
        count = plain_decimal(text)
        return int(count) if count is not None and count.isdecimal() and len(count) < 6 else text
    return text


@cache
def _known(what: str) -> dict[str, str]:
    names = KINDS if what == "kind" else LEVELS
    found = {code: code for code in names}
    for code, word in names.items():
        found |= {translate(word, language).casefold(): code for language in LANGUAGES}
    return found | (_FURTHER_KINDS if what == "kind" else {})


@cache
def column_names() -> dict[str, str]:
    """A header in any of our languages -> its column."""
    return {
        translate(word, language).casefold(): column
        for column, word in COLUMNS.items()
        for language in LANGUAGES
    }
