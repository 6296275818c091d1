"""Taking results away as a file: who may, what it holds, and the audit of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from contests.actions.common import allowed, contest_row, scopes_of
from contests.exports import ceremonies, csv_file, document, spreadsheet
from contests.exports.reading import names, summary, team_names, with_marks
from contests.exports.rows import (
    Taken,
    marks_head,
    marks_rows,
    standings_head,
    standings_rows,
)
from contests.tables import Entry
from core import audit
from core.db import transaction
from core.errors import NotFound
from core.jobs import JobContext, JobKind, register, start_job
from core.security import Actor, Scope, check

PERMISSION = "contest.read_standings"
JOB = "results.file"
MOST_AT_ONCE = 20_000
"""Marks that are written while somebody waits; more are written in the background."""


@dataclass(frozen=True, slots=True)
class Format:
    """title: msgid. ending: of the file's name. marks: whether it holds every mark. named: it makes no
    sense without names, so only who may know them takes it."""

    code: str
    title: str
    help: str
    ending: str
    media_type: str
    make: Callable[[Taken, datetime], bytes]
    marks: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class ResultFile:
    name: str
    media_type: str
    content: bytes


def _excel(taken: Taken, at: datetime) -> bytes:
    standings = (taken.word("standings"), standings_head(taken), standings_rows(taken))
    marks = (taken.word("marks"), marks_head(taken), marks_rows(taken))
    return spreadsheet.workbook([standings, marks], at=at)


def _ceremonies(taken: Taken, at: datetime) -> bytes:
    return spreadsheet.workbook([("Results", ceremonies.HEAD, ceremonies.rows(taken))], at=at)


FORMATS: Mapping[str, Format] = {
    one.code: one
    for one in (
        Format("excel", "Excel workbook", "One sheet with the standings, one with every mark.",
               "xlsx", spreadsheet.TYPE, _excel, marks=True),
        Format("csv", "Standings as CSV", "For WPS, Excel and other programs.", "csv", csv_file.TYPE,
               lambda taken, at: csv_file.csv_file(standings_head(taken), standings_rows(taken))),
        Format("marks", "Every mark as CSV", "One line for each mark of each judge.", "csv",
               csv_file.TYPE, lambda taken, at: csv_file.csv_file(marks_head(taken), marks_rows(taken)),
               marks=True),
        Format("ceremonies", "For the screens of the ceremony",
               "In the columns that the WorldSkills ceremonies programme reads.", "xlsx",
               spreadsheet.TYPE, _ceremonies, named=True),
        Format("json", "For other programs", "Everything, for programmers; the layout is described.",
               "json", document.TYPE, lambda taken, at: document.document(taken), marks=True),
    )
}  # fmt: skip


async def take_results(
    by: Actor, contest: UUID, format_: str, *, language: str, now: datetime | None = None
) -> ResultFile:
    """The newest stored version as a file; names where the taker may know them. Audited.

    Raises NotFound before the first closing, Forbidden.
    """
    kind = _kind(format_)
    scope = await allowed(by, PERMISSION, contest)
    if kind.named:
        check(by, "identity.read", *await scopes_of(contest))
    found = await summary(contest)
    known = await names(contest, [line.entry for line in found.lines], by=by)
    taken = Taken(
        found=found,
        names=known,
        teams=await team_names(contest, by=by),
        marks=await with_marks(found) if kind.marks else None,
        language=language,
    )
    content = await asyncio.to_thread(kind.make, taken, now or datetime.now(UTC))
    async with transaction():
        after = {"version": found.version, "names": known is not None, "bytes": len(content)}
        await audit.record(by, "take_results", scope=scope, subject=format_, after=after)
    return ResultFile(f"{found.code}-{format_}-v{found.version}.{kind.ending}", kind.media_type, content)  # fmt: skip


async def is_large(contest: UUID, format_: str) -> bool:
    """Whether writing it takes so long that nobody should wait for it."""
    if not _kind(format_).marks:
        return False
    found = await summary(contest)
    aspects = sum(max(a.judges, 1) for m in found.scheme.modules for a in m.aspects())
    entries: int = await Entry.count().where(Entry.contest == contest)
    return aspects * entries > MOST_AT_ONCE


async def start_taking(by: Actor, contest: UUID, format_: str, *, language: str) -> UUID:
    """The same in the background; the job's id. The file is fetched from the job's page."""
    kind = _kind(format_)
    await allowed(by, PERMISSION, contest)
    if kind.named:
        check(by, "identity.read", *await scopes_of(contest))
    await contest_row(contest)
    params = {"format": format_, "language": language}
    return await start_job(by, JOB, Scope("contest", str(contest)), params)


async def _run(context: JobContext) -> None:
    made = await take_results(
        context.by,
        UUID(context.scope.id),
        context.params["format"],
        language=context.params["language"],
    )
    await context.result(made.content, made.name, made.media_type)
    await context.progress(1, 1)


def _kind(format_: str) -> Format:
    if format_ not in FORMATS:
        raise NotFound(kind="file format", id=format_[:40])
    return FORMATS[format_]


def install() -> None:
    """Makes the background work known. Without a permission of its own: the file holds what its taker
    may know, so only the taker fetches it."""
    register(JobKind(JOB, "Results as a file", _run))
