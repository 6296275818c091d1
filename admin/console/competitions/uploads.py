"""A contest, or a new scheme for one, from a file; and many contests from one workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from admin.console.competitions.forms import field_of, title_fields, titles_in, uploaded
from admin.console.competitions.shelf import competition_page
from admin.console.frame import Form, Req, see_other, show
from contests.actions.common import competition_row, contest_row
from contests.founding.files import keep_file, kept_file
from contests.founding.from_files import (
    FileRead,
    found_from_file,
    read_upload,
    replace_scheme,
    scheme_differences,
    take_in_archive,
    upload_scheme,
)
from contests.founding.many import JOB, LARGE, batch_row, create_many, dry_run, undo_many
from contests.founding.many_rows import template_workbook
from contests.founding.preview import module_shown
from contests.importing.book import place
from contests.routing import of_competition, of_contest
from core.errors import JiangxinError, NotFound
from core.findings import render
from core.jobs import start_job
from core.scoring.model import Scheme
from core.security import Scope, actor_in, requires
from core.web.language import language_of

CONFIGURE = [requires("contest.configure", of_competition)]
CONTEST = [requires("contest.configure", of_contest)]
AT = "/console/competitions/{competition:uuid}/contests"
SCHEME = "/console/contests/{contest:uuid}/settings/scheme"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- one contest from a file -------------------------------------------------------------------


@get(f"{AT}/file", guards=CONFIGURE, include_in_schema=False)
async def choose_file(request: Req, competition: UUID) -> Response[bytes]:
    return await _choose(request, competition)


@post(f"{AT}/file", guards=CONFIGURE, include_in_schema=False)
async def upload_file(request: Req, competition: UUID) -> Response[Any]:
    try:
        name, content, _ = await uploaded(request)
        file = await upload_scheme(actor_in(request), competition, name=name, content=content)
    except JiangxinError as error:
        return await _choose(request, competition, error)
    return see_other(f"/console/competitions/{competition}/contests/file/{file}")


@get(f"{AT}/file/{{file:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def show_file(request: Req, competition: UUID, file: UUID) -> Response[bytes]:
    read = await read_upload(actor_in(request), file)
    row = await competition_row(competition)
    values = {**title_fields(read.title), "held_on": row["held_to"]}
    return await _shown_file(request, competition, file, values)


@post(f"{AT}/file/{{file:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def make_from_file(request: Req, competition: UUID, file: UUID, data: Form) -> Response[Any]:
    by = actor_in(request)
    await _of_competition(request, competition, file)
    try:
        if data.get("whole"):
            taken = await take_in_archive(by, file)
            return see_other(f"/console/contests/{taken.contest}", "The contest is taken in whole.")
        contest = await found_from_file(
            by,
            file,
            title=titles_in(data),
            code=data.get("code", "").strip(),
            held_on=data.get("held_on", ""),
        )
    except JiangxinError as error:
        return await _shown_file(request, competition, file, data, error)
    return see_other(f"/console/contests/{contest}", "The contest is made. The next step is below.")


# --- a scheme that takes another's place ---------------------------------------------------------


@post(SCHEME, guards=CONTEST, include_in_schema=False)
async def upload_replacement(request: Req, contest: UUID) -> Response[Any]:
    row = await contest_row(contest)
    try:
        name, content, _ = await uploaded(request)
        file = await upload_scheme(
            actor_in(request), row["competition"], name=name, content=content, contest=contest
        )
    except JiangxinError as error:
        return await show(
            request,
            "competitions/replace.html",
            room="settings",
            contest=contest,
            error=error,
            read=None,
            notes=(),
            found=(),
            modules=(),
            revision=row["revision"],
        )
    return see_other(f"/console/contests/{contest}/settings/scheme/{file}")


@get(SCHEME, guards=CONTEST, include_in_schema=False)
async def replacement_form(request: Req, contest: UUID) -> Response[bytes]:
    row = await contest_row(contest)
    return await show(
        request,
        "competitions/replace.html",
        room="settings",
        contest=contest,
        read=None,
        notes=(),
        found=(),
        modules=(),
        revision=row["revision"],
    )


@get(f"{SCHEME}/{{file:uuid}}", guards=CONTEST, include_in_schema=False)
async def show_replacement(request: Req, contest: UUID, file: UUID) -> Response[bytes]:
    return await _replacement(request, contest, file)


@post(f"{SCHEME}/{{file:uuid}}", guards=CONTEST, include_in_schema=False)
async def replace(request: Req, contest: UUID, file: UUID, data: Form) -> Response[Any]:
    try:
        await replace_scheme(
            actor_in(request), contest, file, revision=_revision(data.get("revision", ""))
        )
    except JiangxinError as error:
        return await _replacement(request, contest, file, error)
    return see_other(f"/console/contests/{contest}", "The marking scheme is replaced.")


# --- many contests -------------------------------------------------------------------------------


@get(f"{AT}/many", guards=CONFIGURE, include_in_schema=False)
async def many(request: Req, competition: UUID) -> Response[bytes]:
    return await _many(request, competition)


@get(f"{AT}/many/template.xlsx", guards=CONFIGURE, include_in_schema=False)
async def many_template(request: Req, competition: UUID) -> Response[bytes]:
    headers = {"Content-Disposition": 'attachment; filename="contests.xlsx"'}
    return Response(template_workbook(language_of(request)), media_type=_XLSX, headers=headers)


@post(f"{AT}/many", guards=CONFIGURE, include_in_schema=False)
async def upload_many(request: Req, competition: UUID) -> Response[Any]:
    try:
        name, content, _ = await uploaded(request)
        file = await keep_file(
            actor_in(request), competition, kind="many", name=name, content=content
        )
    except JiangxinError as error:
        return await _many(request, competition, error)
    return see_other(f"/console/competitions/{competition}/contests/many/{file}")


@get(f"{AT}/many/{{file:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def show_many(request: Req, competition: UUID, file: UUID) -> Response[bytes]:
    return await _shown_many(request, competition, file)


@post(f"{AT}/many/{{file:uuid}}", guards=CONFIGURE, include_in_schema=False)
async def make_many(request: Req, competition: UUID, file: UUID) -> Response[Any]:
    """At once, or by a job when there are many; both make all or nothing."""
    by = actor_in(request)
    await _of_competition(request, competition, file)
    try:
        read = await dry_run(by, file)
        if len(read.rows) > LARGE and read.usable:
            scope = Scope("competition", str(competition))
            job = await start_job(by, JOB, scope, {"file": str(file)}, total=len(read.rows))
            return see_other(f"/console/jobs/{job}")
        batch = await create_many(by, file)
    except JiangxinError as error:
        return await _shown_many(request, competition, file, error)
    return see_other(
        f"/console/competitions/{competition}",
        "{count} contests are made.",
        undo=f"/console/competitions/{competition}/batches/{batch}/undo",
        count=len(read.rows),
    )


@post(
    "/console/competitions/{competition:uuid}/batches/{batch:uuid}/undo",
    guards=CONFIGURE,
    include_in_schema=False,
)
async def undo(request: Req, competition: UUID, batch: UUID) -> Response[Any]:
    if (await batch_row(batch))["competition"] != competition:
        raise NotFound(kind="batch", id=batch)
    try:
        count = await undo_many(actor_in(request), batch)
    except JiangxinError as error:
        return await competition_page(request, competition, error)
    return see_other(
        f"/console/competitions/{competition}", "{count} contests are taken back.", count=count
    )


# --- pieces --------------------------------------------------------------------------------------


async def _of_competition(request: Req, competition: UUID, file: UUID) -> None:
    if (await kept_file(actor_in(request), file)).competition != competition:
        raise NotFound(kind="file", id=file)


async def _choose(
    request: Req, competition: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    return await show(
        request,
        "competitions/file.html",
        room="competition",
        competition=competition,
        error=error,
        read=None,
        found=(),
        values={},
        modules=(),
        main=field_of(language_of(request)),
    )


async def _shown_file(
    request: Req,
    competition: UUID,
    file: UUID,
    values: dict[str, str],
    error: JiangxinError | None = None,
) -> Response[bytes]:
    await _of_competition(request, competition, file)
    read = await read_upload(actor_in(request), file)
    return await show(
        request,
        "competitions/file.html",
        room="competition",
        competition=competition,
        error=error,
        read=read,
        found=_told(request, read),
        values=values,
        modules=_modules(read.scheme),
        main=field_of(language_of(request)),
    )


async def _replacement(
    request: Req, contest: UUID, file: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    found = await scheme_differences(by, contest, file)
    read = await read_upload(by, file)
    row = await contest_row(contest)
    return await show(
        request,
        "competitions/replace.html",
        room="settings",
        contest=contest,
        error=error,
        read=read,
        notes=_told(request, read),
        found=found,
        modules=_modules(read.scheme),
        revision=row["revision"],
    )


def _told(request: Req, read: FileRead) -> list[tuple[str, str, bool]]:
    """(place, sentence, whether it stops nothing) of everything found."""
    language = language_of(request)
    return [(one.place, render(one.finding, language), one.note) for one in read.told]


def _modules(scheme: Scheme | None) -> list[Any]:
    return [module_shown(module) for module in scheme.modules] if scheme else []


async def _many(
    request: Req, competition: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    return await show(
        request, "competitions/many.html", room="competition", competition=competition,
        error=error, read=None, file=None, cell=place,
    )  # fmt: skip


async def _shown_many(
    request: Req, competition: UUID, file: UUID, error: JiangxinError | None = None
) -> Response[bytes]:
    await _of_competition(request, competition, file)
    read = await dry_run(actor_in(request), file)
    return await show(
        request, "competitions/many.html", room="competition", competition=competition,
        error=error, read=read, file=file, cell=place,
    )  # fmt: skip


def _revision(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


HANDLERS = [
    choose_file,
    upload_file,
    show_file,
    make_from_file,
    upload_replacement,
    replacement_form,
    show_replacement,
    replace,
    many,
    many_template,
    upload_many,
    show_many,
    make_many,
    undo,
]
