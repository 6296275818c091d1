"""A list of earlier or foreign records as Excel, CSV or JSON, read line by line; the empty table for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from openpyxl.utils import get_column_letter

from core.errors import Invalid, TooLarge
from core.scoring.model import Finding
from core.web.i18n import pick
from credentials.records.exchange import messages as messages
from credentials.records.exchange.fields import (
    DETAILS,
    FIELDS,
    FORMAT,
    KINDS,
    NEEDED,
    TITLES,
    columns_of,
    heading,
    kind_of,
)
from credentials.records.honours.catalogue import kinds
from credentials.records.levels.issued.columns import day_of, level_of
from credentials.records.sheets import Sheet, read_sheets, text_book

MOST = 1000
LOOKED_AT = 10
"""Rows at the top of a sheet among which the headings are looked for."""
LARGEST_MB = 5
_CATALOGUE = {"zh-Hans": "可选荣誉", "zh-Hant": "可選榮譽", "en": "Known", "pt": "Conhecidas"}
"""Title of the sheet that names the honours."""
_DAYS = ("granted_on", "withdrawn_on")
_YES = frozenset({"yes", "true", "是", "sim"})
_NO = frozenset({"", "no", "false", "否", "não"})


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list. at: its row in the sheet, or its place in the file, from 1. values: of every
    field of its kind. places: field -> cell ("B5") or pointer ("/levels/0/number")."""

    kind: str
    sheet: str
    at: int
    values: Mapping[str, str]
    places: Mapping[str, str]


def read(content: bytes) -> list[Line]:
    """Raises Invalid for what is no list, TooLarge."""
    if len(content) > LARGEST_MB * 1024 * 1024:
        raise TooLarge(limit=f"{LARGEST_MB} MB")
    lines = _json(content) if content.lstrip()[:1] in (b"{", b"[") else _sheets(content)
    if not lines:
        raise _wrong("issued-empty")
    if len(lines) > MOST:
        raise _wrong("issued-long", most=str(MOST))
    return lines


def table(language: str, lines: Iterable[Line] = (), *, details: bool = False) -> bytes:
    """A workbook with a sheet for each kind and one that names the honours. details: with the columns that
    only files of other installations have."""
    kept = list(lines)
    sheets = []
    for kind in KINDS:
        fields = [field for field in FIELDS[kind] if details or field not in DETAILS]
        rows = [
            [line.values.get(field, "") for field in fields] for line in kept if line.kind == kind
        ]
        headings = [heading(field, language) for field in fields]
        sheets.append(Sheet(TITLES[kind][language], [headings, *rows]))
    known = [[one.code, pick(one.title, language)] for one in kinds()]
    title = _CATALOGUE[language]
    return text_book([*sheets, Sheet(title, [["code", title], *known])])


def _sheets(content: bytes) -> list[Line]:
    sheets = read_sheets(content, most_rows=MOST + LOOKED_AT + 1)
    found = [head for sheet in sheets if (head := _head(sheet))]
    if not found:
        raise _wrong("taken-headings", **{kind: _needed(kind) for kind in KINDS})
    return [line for sheet, kind, head, columns in found for line in _rows(sheet, kind, head, columns)]  # fmt: skip


def _head(sheet: Sheet) -> tuple[Sheet, str, int, dict[str, int]] | None:
    for head, cells in enumerate(sheet.rows[:LOOKED_AT], 1):
        columns = columns_of(cells)
        if kind := kind_of(list(columns)):
            return sheet, kind, head, columns
    return None


def _rows(sheet: Sheet, kind: str, head: int, columns: Mapping[str, int]) -> list[Line]:
    wanted = {field: place for field, place in columns.items() if field in FIELDS[kind]}
    lines = []
    for at, cells in enumerate(sheet.rows[head:], head + 1):
        if any(text.strip() for text in cells):
            told = {f: cells[p] if p < len(cells) else "" for f, p in wanted.items()}
            places = {f: f"{get_column_letter(p + 1)}{at}" for f, p in wanted.items()}
            lines.append(Line(kind, sheet.title, at, _understood(kind, told), places))
    return lines


def _json(content: bytes) -> list[Line]:
    try:
        file = msgspec.json.decode(content)  # unlike json, no half of a character passes
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _wrong("taken-json") from error
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise _wrong("taken-format", format=FORMAT)
    wrong = [
        Finding(f"/{key[:40]}", "credentials.taken-field", {"field": key[:40]})
        for key in file
        if key not in ("format", *KINDS)
    ]
    lines = []
    for kind in KINDS:
        listed = file.get(kind, [])
        if not isinstance(listed, list):
            wrong.append(Finding(f"/{kind}", "credentials.taken-list", {"field": kind}))
            continue
        for at, told in enumerate(listed):
            found = _told(f"/{kind}/{at}", kind, told)
            wrong += found
            if not found:
                places = {field: f"/{kind}/{at}/{field}" for field in FIELDS[kind]}
                lines.append(Line(kind, kind, at + 1, _understood(kind, told), places))
    if wrong:
        raise Invalid(wrong[:MOST])
    return lines


def _told(place: str, kind: str, told: Any) -> list[Finding]:
    if not isinstance(told, dict):
        return [Finding(place, "credentials.taken-record", {"place": place})]
    found = []
    for field, value in told.items():
        params = {"field": str(field)[:40], "place": place}
        if field not in FIELDS[kind]:
            found.append(Finding(f"{place}/{field[:40]}", "credentials.taken-field", params))
        elif not isinstance(value, str):
            found.append(Finding(f"{place}/{field}", "credentials.taken-text", params))
    return found


def _understood(kind: str, told: Mapping[str, str]) -> dict[str, str]:
    values = {field: told.get(field, "").strip() for field in FIELDS[kind]}
    for field in _DAYS:
        if values.get(field):
            values[field] = day_of(values[field])
    if kind == "levels":
        values["level"] = level_of(values["level"]) or values["level"]
    if kind == "results":
        values["year"] = re.sub(r"年$", "", _narrow(values["year"]))
        values["place"] = re.sub(r"^第|名$", "", _narrow(values["place"]))
    paper = values["paper"].casefold()
    values["paper"] = "yes" if paper in _YES else "" if paper in _NO else values["paper"]
    return values


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _needed(kind: str) -> str:
    return " · ".join(f"{heading(f, 'zh-Hans')} / {heading(f, 'en')}" for f in NEEDED[kind])


def _wrong(code: str, **params: str) -> Invalid:
    return Invalid([Finding("/file", f"credentials.{code}", params)])


def place_of(line: Line, pointer: str) -> str:
    """Where in the list a finding about a field is: a cell, a pointer, or the row."""
    place: Sequence[str] = pointer.strip("/").split("/")
    return line.places.get(place[0], "") or str(line.at)
