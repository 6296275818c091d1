"""PURE: a list of occupations as Excel or CSV, and the empty table for it.

Codes as the national classification of occupations writes them: four parts, as 4-08-03-07. Its groups (large,
medium and small ones, with one to three parts) stand in the published tables too and are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import Invalid
from core.scoring.model import Finding, Text
from credentials.occupations import messages as messages
from credentials.records.sheets import Sheet, read_sheets, text_book

MOST = 5000
LOOKED_AT = 10
NATIONAL = re.compile(r"[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}")
_GROUP = re.compile(r"[0-9](-[0-9]{2}){0,2}")
_DASHES = re.compile(r"[‐-―−－﹣]")
HEADINGS: Mapping[str, Sequence[str]] = {
    "code": ("职业编码", "職業編碼", "职业代码", "職業代碼", "编码", "代码", "occupation code", "code", "código da profissão", "código"),
    "zh-Hans": ("职业名称", "名称", "职业", "细类（职业）", "細類（職業）", "name", "occupation", "profissão"),
    "zh-Hant": ("職業名稱", "名稱", "職業", "繁體名稱", "繁体名称", "name in traditional characters"),
    "en": ("英文名称", "英文名稱", "english", "english name"),
    "pt": ("葡文名称", "葡文名稱", "português", "nome em português"),
}  # fmt: skip
"""Field -> its headings; the first heads the empty table."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. at: its number in the file."""

    at: int
    code: str
    title: Text = field(default_factory=dict)


def read_list(content: bytes) -> list[Line]:
    """Raises Invalid for a file that is no list, or has no columns for code and name."""
    rows = read_sheets(content, most_rows=MOST + LOOKED_AT + 1)[0].rows
    for head, cells in enumerate(rows[:LOOKED_AT], 1):
        places = _columns(cells)
        if "code" in places and len(places) > 1:
            return _lines(rows, head, places)
    raise Invalid([Finding("/file", "occupations-headings", {})])


def table(lines: Iterable[Line] = ()) -> bytes:
    """The headings, with a row for each of `lines`."""
    heads = [words[0] for words in HEADINGS.values()]
    languages = list(HEADINGS)[1:]
    rows = [[line.code, *(line.title.get(one, "") for one in languages)] for line in lines]
    return text_book([Sheet("Sheet", [heads, *rows])])


def code_of(text: str) -> str:
    """With narrow digits and plain dashes, without the mark of a group (GBM 40803)."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+|\(GBM[^)]*\)", "", plain, flags=re.I)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    known = {_folded(word): name for name, words in HEADINGS.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(_folded(cell))
        if name and name not in found:
            found[name] = place
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _lines(rows: Sequence[Sequence[str]], head: int, places: Mapping[str, int]) -> list[Line]:
    found = []
    for at, cells in enumerate(rows[head:], head + 1):
        line = _line(at, cells, places)
        if (line.code or line.title) and not _GROUP.fullmatch(line.code):
            found.append(line)
    if not found:
        raise Invalid([Finding("/file", "occupations-empty", {})])
    if len(found) > MOST:
        raise Invalid([Finding("/file", "occupations-long", {"most": str(MOST)})])
    return found


def _line(at: int, cells: Sequence[str], places: Mapping[str, int]) -> Line:
    said = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
    code = code_of(said.pop("code", ""))
    return Line(at, code, {language: words for language, words in said.items() if words})
