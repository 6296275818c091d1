"""The list of applications as an Excel workbook: what the reader sees, every cell a text."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core import audit
from core.db import transaction
from core.security import INSTALLATION, Actor
from core.web.i18n import pick, show_date, translate
from credentials.records.applications.queries import Listed, applications_for
from credentials.records.applications.reaching import file_of
from credentials.records.applications.words import COLUMNS, SHEET, STATES
from credentials.records.bodies import titles_of
from credentials.records.honours.catalogue import cities

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def applications_xlsx(
    by: Actor, language: str, *, code: str = "", state: str = "", at: datetime
) -> bytes:
    """That it was exported is on record, with how many there were."""
    found = await applications_for(by, code=code, state=state)
    bodies = await titles_of(one.step["body"] for one in found if one.step)
    rows = [_cells(one, bodies, language) for one in found]
    made = _workbook(rows, language, at)
    async with transaction():
        after = {"count": len(rows)}
        await audit.record(by, "applications.exported", scope=INSTALLATION, after=after)
    return made


def _cells(one: Listed, bodies: Any, language: str) -> list[str]:
    gathered = file_of(one.row).get("gathered", {})
    result = gathered.get("result", {})
    town = next((c.title for c in cities() if c.code == one.row["city"]), {})
    body = one.step["body"] if one.step else ""
    return [
        one.name,
        pick(one.title, language),
        pick(one.unit, language) or one.row["unit"],
        pick(town, language),
        pick(result.get("contest"), language),
        str(result.get("rank") or ""),
        " ".join(proof["number"] for proof in gathered.get("certificates", ())),
        translate(STATES[one.row["state"]], language),
        pick(bodies.get(body), language) or body,
        show_date(one.row["filed_at"], language),
    ]


def _workbook(rows: list[list[str]], language: str, at: datetime) -> bytes:
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    sheet = book.create_sheet(translate(SHEET, language)[:31])
    sheet.freeze_panes = "A2"
    for place in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22
    heads = [_cell(sheet, translate(word, language)) for word in COLUMNS]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # also "=1+1", which openpyxl would take for a formula
    cell.number_format = "@"
    return cell
