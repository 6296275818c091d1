"""A contest, or a new scheme for one, out of an uploaded file: everything found is shown first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, competition_row, contest_row
from contests.actions.setup import ContestStart, save_scheme
from contests.founding.differences import Difference, differences
from contests.founding.files import KeptFile, keep_file, kept_file
from contests.founding.starting import found_contest
from contests.importing.book import place as place_in_book
from contests.importing.scheme_workbook import read_scheme_workbook, summary
from contests.packages.archive import read_zip
from contests.packages.reading import place as place_in_package
from contests.packages.reading import read_files
from contests.packages.score import configuration_findings
from contests.packages.taking_in import TakenIn, take_in
from contests.queries import contest_overview
from core.errors import Conflict, Invalid
from core.registry import registry
from core.scoring.model import Finding, Rules, Scheme, Text
from core.security import Actor
from core.tables import Organisation

PANEL = "panel"
"""The type of a contest whose scheme came as a workbook: it brings no rule of a trade."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the place that a person looks for: "Sheet!K25", "marks.csv line 7".
    note: unusual, and nothing is refused for it."""

    place: str
    finding: Finding
    note: bool = False


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file would become. scheme is None while something is wrong; archive: it has a record,
    so that it comes whole, into its own competition. figures: (msgid, value)."""

    file: KeptFile
    told: Sequence[Told]
    title: Text
    code: str = ""
    type_code: str = PANEL
    type_version: int | None = None
    options: dict[str, Any] | None = None
    facts: dict[str, Any] | None = None
    scheme: Scheme | None = None
    rules: Rules | None = None
    archive: bool = False
    entries: int = 0

    @property
    def errors(self) -> list[Told]:
        return [one for one in self.told if not one.note]

    @property
    def usable(self) -> bool:
        return self.scheme is not None and not self.errors


async def upload_scheme(
    by: Actor, competition: UUID, *, name: str, content: bytes, contest: UUID | None = None
) -> UUID:
    """Keeps a CIS workbook or a contest package, told apart by what is inside."""
    if contest is not None:
        await allowed(by, "contest.configure", contest)
    kind = "package" if _is_package(content) else "scheme"
    return await keep_file(by, competition, kind=kind, name=name, content=content, contest=contest)


async def read_upload(by: Actor, file: UUID) -> FileRead:
    kept = await kept_file(by, file, ("scheme", "package"))
    return await asyncio.to_thread(_package if kept.kind == "package" else _workbook, kept)


async def found_from_file(
    by: Actor,
    file: UUID,
    *,
    title: Text,
    code: str = "",
    held_on: str = "",
    now: datetime | None = None,
) -> UUID:
    """A draft in the file's competition with the file's scheme. Raises Invalid while the file has
    errors; an archive is taken in by `take_in_archive`."""
    read = await read_upload(by, file)
    if not read.usable or read.archive:
        raise Invalid([one.finding for one in read.errors])
    facts = {**(read.facts or {}), **({"held_on": held_on} if held_on else {})}
    return await found_contest(
        by,
        read.file.competition,
        ContestStart(
            code=code,
            title=title,
            type_code=read.type_code,
            type_version=read.type_version,
            options=read.options or {},
            facts=facts,
            scheme=read.scheme,
            rules=read.rules,
        ),
        now=now,
    )


async def take_in_archive(by: Actor, file: UUID, *, now: datetime | None = None) -> TakenIn:
    """The contest as it was elsewhere, with its record, into the competition that it names."""
    kept = await kept_file(by, file, ("package",))
    held = await competition_row(kept.competition)
    owner = await Organisation.select().where(Organisation.id == held["organisation"]).first()
    organisation = owner["code"] if owner else ""
    return await take_in(by, read_zip(kept.content), organisation=organisation, now=now)


async def scheme_differences(by: Actor, contest: UUID, file: UUID) -> list[Difference]:
    """What the file's scheme would change in the contest's; [] when the file can't be used."""
    read = await _for_contest(by, contest, file)
    if read.scheme is None:
        return []
    return differences((await contest_overview(contest)).scheme, read.scheme)


async def replace_scheme(by: Actor, contest: UUID, file: UUID, *, revision: int) -> int:
    """Puts the file's scheme in the place of the contest's draft. Returns the new revision; raises
    Stale when somebody has saved in between."""
    read = await _for_contest(by, contest, file)
    if read.scheme is None or not read.usable:
        raise Invalid([one.finding for one in read.errors])
    return await save_scheme(by, contest, read.scheme, revision=revision)


async def _for_contest(by: Actor, contest: UUID, file: UUID) -> FileRead:
    await allowed(by, "contest.configure", contest)
    read = await read_upload(by, file)
    row = await contest_row(contest)
    if read.file.contest != contest or read.file.competition != row["competition"]:
        raise Conflict([Finding("", "file-of-another-contest", {})])
    return read


def _workbook(file: KeptFile) -> FileRead:
    found = read_scheme_workbook(file.content)
    told = [Told(place_in_book(one), one, one.is_warning) for one in found.findings]
    words = summary(found)["title"] or ""
    contest_type = registry().contest_type(PANEL)
    return FileRead(
        file,
        told,
        dict(found.scheme.title) if found.scheme else ({"en": words} if words else {}),
        type_version=contest_type.version,
        scheme=found.scheme,
    )


def _package(file: KeptFile) -> FileRead:
    reading = read_files(read_zip(file.content))
    told = [Told(place_in_package(one), one) for one in reading.findings]
    told += [Told(place_in_package(one), one, note=True) for one in reading.notes]
    package = reading.package
    if package is None:
        return FileRead(file, told, {})
    told += [
        Told(place_in_package(one), one, one.is_warning) for one in configuration_findings(package)
    ]
    facts = package.contest
    return FileRead(
        file,
        told,
        dict(facts.title),
        code=facts.code,
        type_code=facts.type.code,
        type_version=facts.type.version,
        options=dict(facts.options),
        facts=dict(facts.facts),
        scheme=package.scheme,
        rules=package.rules,
        archive=bool(package.log),
        entries=len(package.record.entries),
    )


def _is_package(content: bytes) -> bool:
    files = read_zip(content)
    return "contest.json" in files.contents
