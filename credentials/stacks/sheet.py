"""The Excel of a stack: a row for each certificate, and read again next month."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.web.i18n import show_date, show_moment, translate
from credentials.encoding import from_instant, to_instant
from credentials.identifiers import NOBODY, understood
from credentials.pages.view import spaced
from credentials.stacks.lines import Line, Ruling
from credentials.stacks.words import RULINGS, reason_of, state_of, todo_of
from credentials.verify import State

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Sequence[tuple[str, int]] = (
    ("File", 28),
    ("Page", 7),
    ("Certificate no.", 18),
    ("Name as signed", 20),
    ("Award / level", 30),
    ("Issued by", 24),
    ("Verdict", 16),
    ("State", 22),
    ("State since", 16),
    ("Why", 34),
    ("What to do", 44),
    ("Checked at", 24),
    ("Last time", 22),
    ("For the next check; leave as it is", 34),
)
SHEET = "Certificates checked"
_COLOURS = {
    Ruling.GENUINE: "E2F3EA",
    Ruling.ALTERED: "FBE9E7",
    Ruling.NOT_OURS: "FDF1DF",
    Ruling.NO_CODE: "EEF1F6",
    Ruling.UNDECIDED: "FDF1DF",
}
_MARK = re.compile(
    r"jx1\|(?P<number>[0-9A-Z]{12})\|(?P<state>[a-z_]{1,20})\|"
    r"(?P<version>[\w.-]{1,80}/\d{1,6}/\d{1,6})?\|(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
)
_NUMBER = re.compile(r"[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}")


def workbook(lines: Iterable[Line], *, language: str, at: datetime, compared: bool) -> bytes:
    """`compared`: with what an earlier one said; then its column is there."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    sheet = book.create_sheet(_text(translate(SHEET, language))[:31])
    sheet.freeze_panes = "A2"
    columns = [column for column in COLUMNS if compared or column[0] != "Last time"]
    for place, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, translate(title, language), bold=True) for title, _ in columns])
    count = 1
    for line in lines:
        said = cells_of(line, language, at)
        fill = PatternFill("solid", fgColor=_COLOURS[line.ruling])
        sheet.append(
            [
                _cell(sheet, said[title], fill=fill if title in ("Verdict", "State") else None)
                for title, _ in columns
            ]
        )
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells_of(line: Line, language: str, at: datetime) -> dict[str, str]:
    """By the English heading."""
    return {
        "File": line.file,
        "Page": str(line.page) if line.page else "",
        "Certificate no.": shown_number(line),
        "Name as signed": line.name,
        "Award / level": line.title,
        "Issued by": line.issuer,
        "Verdict": translate(RULINGS[line.ruling], language),
        "State": state_of(line, language),
        "State since": show_date(line.since, language) if line.since else "",
        "Why": reason_of(line, language),
        "What to do": todo_of(line, language),
        "Checked at": show_moment(at, language),
        "Last time": before_of(line, language),
        "For the next check; leave as it is": mark_of(line, at),
    }


def shown_number(line: Line) -> str:
    return spaced(line.number) if len(line.number) == 12 else line.number


def before_of(line: Line, language: str) -> str:
    if not line.before:
        return ""
    state = state_of(Line("", 0, line.ruling, state=line.before), language)
    return f"{state} · {show_moment(line.before_at, language)}" if line.before_at else state


def mark_of(line: Line, at: datetime) -> str:
    """What a later check knows the row by; "" where there is no certificate to know."""
    if not line.state or understood(line.number) == NOBODY:
        return ""
    return f"jx1|{line.number}|{line.state}|{line.known_as}|{to_instant(at)}"


# --- read again -----------------------------------------------------------------------------------


def rows_of(cells: Iterable[Sequence[str]]) -> list[Line]:
    """What an earlier Excel says of each certificate: `before`, `before_at`, `known_as`. A row is known by its
    mark, without one by anything that is a number; each certificate once."""
    found: dict[tuple[str, str], Line] = {}
    for row in cells:
        line = _row(row)
        if line is not None:
            found.setdefault((line.number, line.known_as), line)
    return list(found.values())


def _row(cells: Sequence[str]) -> Line | None:
    for cell in cells:
        if mark := _MARK.fullmatch(cell.strip()):
            state = mark["state"] if mark["state"] in set(State) else ""
            return Line(
                "",
                0,
                Ruling.UNDECIDED,
                number=mark["number"],
                known_as=mark["version"] or "",
                before=state,
                before_at=_instant(mark["at"]),
            )
    for cell in cells:
        number = understood(cell.strip()) if _NUMBER.fullmatch(cell.strip()) else NOBODY
        if number != NOBODY:
            return Line("", 0, Ruling.UNDECIDED, number=number)
    return None


def _instant(text: str) -> str:
    try:
        return from_instant(text).astimezone(UTC).isoformat()
    except ValueError:
        return ""


def _cell(sheet: Any, text: str, *, bold: bool = False, fill: PatternFill | None = None) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, _text(text))
    cell.data_type = "s"  # also "=1+1", which openpyxl would take for a formula
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = fill
    return cell


def _text(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
