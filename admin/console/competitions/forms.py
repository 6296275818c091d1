"""What forms of competitions have in common: titles in four languages, options, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import UploadFile

from admin.console.frame import Req
from contests.founding.answers import START
from contests.founding.files import LARGEST, LARGEST_SHOWN
from core.contest_type import ContestType
from core.errors import Invalid, TooLarge
from core.options import Option, asked
from core.scoring.model import Finding, Text
from core.web.i18n import LANGUAGES

SPARE_ROWS = 1
ROOM_FOR_ONE_MORE = "add"


def field_of(language: str, name: str = "title") -> str:
    """ "title_zh_hant" for zh-Hant."""
    return f"{name}_{language.lower().replace('-', '_')}"


def titles_in(form: Mapping[str, str], name: str = "title") -> Text:
    """The languages in which something was typed."""
    typed = {language: form.get(field_of(language, name), "").strip() for language in LANGUAGES}
    return {language: words for language, words in typed.items() if words}


def title_fields(title: Text, name: str = "title") -> dict[str, str]:
    """The reverse, to fill a form."""
    return {field_of(language, name): title.get(language, "") for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a table's row. value: as typed, or the default."""

    name: str
    option: Option
    value: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Question:
    """One option as a form asks it. rows: of a table, the last one empty."""

    name: str
    option: Option
    value: str
    pointer: str
    asked: bool
    rows: Sequence[Sequence[Cell]] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """first: asked at once; more: those that keep their defaults unless somebody looks."""

    first: Sequence[Question]
    more: Sequence[Question]


def questions(
    contest_type: ContestType, answers: Mapping[str, Any], *, room_in: str = ""
) -> Questions:
    """room_in: the table that gets a further empty row."""
    values = {o.code: answers.get(o.code, o.default) for o in contest_type.options}
    every = [
        _question(o, values[o.code], asked(o, values), SPARE_ROWS + 2 * (o.code == room_in))
        for o in contest_type.options
    ]
    return Questions(
        [one for one in every if one.option.first], [one for one in every if not one.option.first]
    )


def _question(option: Option, value: Any, shown: bool, spare: int) -> Question:
    name = START + option.code
    pointer = f"/options/{option.code}"
    if option.kind != "table":
        return Question(name, option, typed(value), pointer, shown)
    rows = [*(value if isinstance(value, list | tuple) else ()), *({} for _ in range(spare))]
    cells = [
        [
            Cell(
                f"{name}.{n}.{column.code}",
                column,
                typed(row.get(column.code, "")),
                f"{pointer}/{n}/{column.code}",
            )
            for column in option.columns
        ]
        for n, row in enumerate(rows)
    ]
    return Question(name, option, "", pointer, shown, cells)


def typed(value: Any) -> str:
    """A stored answer as a field holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


async def uploaded(request: Req, name: str = "file") -> tuple[str, bytes, dict[str, str]]:
    """(file name, content, the other fields). Raises Invalid without a file, TooLarge."""
    form = await request.form()
    rest = {key: str(value) for key, value in form.items() if isinstance(value, str)}
    file = form.get(name)
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid([Finding(f"/{name}", "file-missing", {})])
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(limit=LARGEST_SHOWN)
    return file.filename, content, rest
