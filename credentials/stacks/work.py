"""The work of one stack: unpacked, read page by page, judged, written. Killed anywhere it goes on behind the
last page that was kept."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import transaction
from core.jobs import JobContext, JobKind, start_job_row
from core.jobs import register as register_job
from core.privacy import unwrap
from core.security import SYSTEM, Scope
from core.web.i18n import translate
from credentials.stacks import again, bounds, keeping
from credentials.stacks.eyes import Eyes, eyes
from credentials.stacks.judging import lines_of
from credentials.stacks.keeping import About, StackTaken
from credentials.stacks.lines import FileSeen, Line, Ruling
from credentials.stacks.reading import read_into
from credentials.stacks.record import Facts, record_pdf
from credentials.stacks.sheet import rows_of, workbook
from credentials.stacks.tables import Stack, StackFile, StackInvitation

KIND = "stack of paper"
TITLE = "Check of a stack of certificates"
UNPACKING, READING, WRITING = "Unpacking", "Looking at the pages", "Writing the result"
KEPT_EVERY = timedelta(seconds=1)
"""Pages read since then are read again by who takes the work over."""


def register() -> None:
    register_job(JobKind(KIND, TITLE, run))


async def send(stack: dict[str, Any], invitation: dict[str, Any]) -> UUID:
    """Has the stack checked. Raises StackTaken when that was asked already or nothing lies in it."""
    async with transaction():
        office = Scope(invitation["scope_kind"], invitation["scope_id"])
        params = {"stack": str(stack["id"])}
        job = await start_job_row(SYSTEM, KIND, office, params, total=stack["files"])
        taken = await Stack.raw(
            "UPDATE stack SET job = {} WHERE id = {} AND job IS NULL AND files > 0"
            " AND forgotten_at IS NULL RETURNING id",
            job,
            stack["id"],
        )
        if not taken:  # the job goes with the transaction
            raise StackTaken()
    return job


async def run(context: JobContext) -> None:
    stack = await Stack.select().where(Stack.id == UUID(context.params["stack"])).first()
    if stack is None or stack["made_at"] or not stack["wrapped_key"]:
        return
    async with eyes() as looking:
        work = _Work(context, dict(stack), looking)
        if await work.unpack() and await work.read():
            await work.write()


class _Work:
    def __init__(self, context: JobContext, stack: dict[str, Any], looking: Eyes) -> None:
        self._context, self._stack, self._looking = context, stack, looking
        self._key = unwrap(stack["wrapped_key"])
        self._language: str = stack["language"]
        self._pages = 0

    async def unpack(self) -> bool:
        """Every archive into its files. False when it was cancelled or forgotten meanwhile."""
        for row in await keeping.file_rows(self._stack["id"]):
            about = keeping.about_of(self._key, row)
            if about.kind != "archive" or about.within or row["done_at"]:
                continue
            if await self._ended():
                return False
            await self._context.progress(0, note=UNPACKING)
            await self._unpacked(row)
        return True

    async def _unpacked(self, row: dict[str, Any]) -> None:
        data = await keeping.data_of(self._key, row["id"])
        seen, entries = FileSeen(), list[tuple[str, bytes]]()
        if wrong := await keeping.unpacked_enough(self._stack["id"]):
            seen.problem, data = wrong, b""
        async with aclosing(self._looking.look("archive", data)) as answers:
            async for answer in answers:
                if "content" in answer:
                    entries.append((answer["entry"], answer["content"]))
                elif "entry" in answer:
                    seen.problems.append((answer["entry"], answer["problem"]))
                else:
                    seen.problem = seen.problem or answer["problem"]
        if not entries and not seen.problems and not seen.problem:
            seen.problem = "nothing-in-zip"
        async with transaction():
            await keeping.add_unpacked(self._stack["id"], self._key, row, entries)
            await keeping.keep_found(self._key, row["id"], seen, done=datetime.now(UTC))
            await StackFile.update({StackFile.sealed_data: None}).where(StackFile.id == row["id"])

    async def read(self) -> bool:
        """Every file, page by page. False when it was cancelled or forgotten meanwhile."""
        rows = await keeping.file_rows(self._stack["id"])
        for number, row in enumerate(rows):
            await self._context.progress(number, len(rows), READING)
            self._pages += row["pages"]
            if not row["done_at"] and not await self._file(row):
                return False
        await self._context.progress(len(rows), len(rows), WRITING)
        return not await self._ended()

    async def _file(self, row: dict[str, Any]) -> bool:
        about, seen = keeping.about_of(self._key, row), keeping.found_in(self._key, row)
        data, kept = await keeping.data_of(self._key, row["id"]), datetime.now(UTC)
        if about.kind == "table":
            await self._table(about, data, seen)
        elif about.kind == "archive":
            seen.problem = "nested"
        elif self._pages >= bounds.STACK_PAGES:
            seen.problem = "stack-pages"
        else:
            before = len(seen.pages)
            async with aclosing(read_into(seen, about.kind, data, self._looking)) as reading:
                async for _ in reading:
                    if await self._ended():
                        return False
                    if datetime.now(UTC) - kept > KEPT_EVERY:
                        kept = datetime.now(UTC)
                        await keeping.keep_found(self._key, row["id"], seen)
            self._pages += len(seen.pages) - before
        if about.kind != "table":
            now = datetime.now(UTC)
            seen.lines = await lines_of(about.shown, seen, now, self._language)
            for page in seen.pages:
                page.text = None
        await keeping.keep_found(self._key, row["id"], seen, done=datetime.now(UTC))
        return True

    async def _table(self, about: About, data: bytes, seen: FileSeen) -> None:
        cells: list[list[str]] = []
        async with aclosing(self._looking.look("table", data)) as answers:
            async for answer in answers:
                if "row" in answer:
                    cells.append(answer["cells"])
                else:
                    seen.problem = answer["problem"]
        earlier = rows_of(cells)
        if not earlier and not seen.problem:
            seen.problem = "no-rows"
        seen.total = len(earlier)
        now = datetime.now(UTC)
        async for line in again.changed(about.shown, earlier, now, self._language):
            if line is not None:
                seen.lines.append(line)
        if seen.problem:
            seen.lines.append(Line(about.shown, 0, Ruling.NO_CODE, seen.problem))

    async def write(self) -> None:
        """The Excel and the record in the place of the files."""
        lines, files, notes, compared = list[Line](), list[tuple[str, str]](), list[str](), False
        for row in await keeping.file_rows(self._stack["id"]):
            about, seen = keeping.about_of(self._key, row), keeping.found_in(self._key, row)
            files.append((about.shown, about.sha256))
            lines += seen.lines + _of_archive(about, seen)
            if about.kind == "table" and not seen.problem:
                compared = True
                notes.append(self._compared(about, seen))
        at = datetime.now(UTC)
        employer = await _employer(self._stack["link"])
        facts = Facts(employer, files, at, notes)
        excel = workbook(lines, language=self._language, at=at, compared=compared)
        pdf = await record_pdf(lines, facts, self._language)
        if await self._ended():
            return
        await keeping.keep_results(
            self._stack["id"],
            self._key,
            {"xlsx": excel, "pdf": pdf},
            certificates=sum(bool(line.state or line.host) for line in lines),
            genuine=sum(line.ruling is Ruling.GENUINE for line in lines),
        )

    def _compared(self, about: About, seen: FileSeen) -> str:
        return translate(
            "Of {count} certificates in {file}, {changed} changed; only those stand here.",
            self._language,
            count=seen.total,
            file=about.shown,
            changed=len(seen.lines),
        )

    async def _ended(self) -> bool:
        if await self._context.cancelled():
            return True
        return not await Stack.exists().where(
            Stack.id == self._stack["id"], Stack.forgotten_at.is_null()
        )


def _of_archive(about: About, seen: FileSeen) -> list[Line]:
    if about.kind != "archive" or about.within:
        return []
    found = [
        Line(f"{about.shown} › {entry}", 0, Ruling.NO_CODE, problem)
        for entry, problem in seen.problems
    ]
    whole = [Line(about.shown, 0, Ruling.NO_CODE, seen.problem)] if seen.problem else []
    return whole + found


async def _employer(link: UUID) -> str:
    row = (
        await StackInvitation.select(StackInvitation.employer)
        .where(StackInvitation.id == link)
        .first()
    )
    return str(row["employer"]) if row else ""
