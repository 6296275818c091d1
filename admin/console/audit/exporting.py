"""The record of changes as a table that WPS and Excel open, made in the background."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from admin.console.audit.words import line_of
from admin.console.naming import labels_of, titles_of
from contests.trail import Change, changes, seats_in, sight_of
from core import audit
from core.db import transaction
from core.jobs import JobContext, JobKind
from core.jobs import register as register_job
from core.web.i18n import TIME_ZONE, pick, translate

MOST = 50_000
_PAGE = 500
_HEAD = ("When", "Who", "What", "Where", "Which one", "Before", "After")


async def run(context: JobContext) -> None:
    """Page by page, as far as the reader may see today."""
    from admin.console.audit.routes import wanted_of

    language = context.params["language"]
    sight, wanted = await sight_of(context.by), wanted_of(context.params)
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow([translate(word, language) for word in _HEAD])
    count, cursor = 0, None
    while count < MOST:
        if await context.cancelled():
            return
        found, cursor = await changes(sight, wanted, after=cursor, limit=_PAGE)
        table.writerows(await _rows(found, language))
        count += len(found)
        await context.progress(count)
        if cursor is None:
            break
    async with transaction():
        await audit.record(context.by, "audit.exported", after={"count": count})
    data = "\ufeff" + written.getvalue()  # WPS and Excel take a file without the mark for GBK
    await context.result(data.encode(), "changes.csv", "text/csv; charset=utf-8")


async def _rows(found: Sequence[Change], language: str) -> list[list[str]]:
    seats = await seats_in(found)
    labels = await labels_of(change.account for change in found)
    titles = await titles_of(change.scope for change in found)
    rows = []
    for change in found:
        line = line_of(change, seats, language)
        cells = [
            f"{change.at.astimezone(TIME_ZONE):%Y-%m-%d %H:%M:%S}",
            labels.get(change.account, "") if change.account else "",
            line.sentence,
            pick(titles.get(change.scope), language),
            line.subject,
            "\n".join(line.before),
            "\n".join(line.after),
        ]
        rows.append([_plain(cell) for cell in cells])
    return rows


def _plain(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is text."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


KIND = JobKind("audit.export", "Export of the record of changes", run)


def register() -> None:
    register_job(KIND)
