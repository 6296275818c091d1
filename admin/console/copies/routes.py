"""Copies of everything: made now, listed, downloaded. For the installation's administrators."""

import asyncio
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Stream

from admin.backup import on_change
from admin.backup.on_change import KIND, folder_of, kept_copies
from admin.console.frame import Req, see_other, show
from core import audit, settings
from core.db import transaction
from core.errors import NotFound
from core.jobs import jobs_for, start_job
from core.notices import standing
from core.security import INSTALLATION, actor_in, requires
from core.web import templates

HERE = Path(__file__).parent
_MANAGE = [requires("installation.manage")]
_CHUNK = 256 * 1024


def register() -> None:
    on_change.register()
    templates.register("copies", HERE / "templates")


@get("/console/copies", guards=_MANAGE, include_in_schema=False)
async def copies_page(request: Req) -> Response[bytes]:
    now = settings.current()
    jobs = await jobs_for(actor_in(request), scope=INSTALLATION, limit=20)
    return await show(
        request,
        "copies/copies.html",
        room="copies",
        copies=await asyncio.to_thread(kept_copies),
        folder=folder_of(now),
        configured=now.copy_to is not None,
        by_itself=now.copy_states,
        waiting=await on_change.waiting(),
        trouble=[n.finding for n in standing() if n.trouble and n.name == on_change.TROUBLE],
        keep=now.copy_keep,
        jobs=[job for job in jobs if job.kind == KIND.name][:1],
    )


@post("/console/copies", guards=_MANAGE, include_in_schema=False)
async def make_one(request: Req) -> Response[Any]:
    job = await start_job(actor_in(request), KIND.name, INSTALLATION, {}, total=1)
    return see_other(f"/console/jobs/{job}")


@post("/console/copies/{name:str}", guards=_MANAGE, include_in_schema=False, status_code=200)
async def take_one(request: Req, name: str) -> Stream:
    """The copy as one file. It holds everything, so that taking it is on record; by POST, because a
    link may be followed by a program."""
    found = {kept.path.name: kept.path for kept in await asyncio.to_thread(kept_copies)}
    if name not in found:
        raise NotFound(kind="copy", id=name[:80])
    async with transaction():
        await audit.record(actor_in(request), "copy.taken", subject=name)
    packed = await asyncio.to_thread(_pack, found[name])
    return Stream(
        _sent(packed),
        media_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.zip",
            "Cache-Control": "no-store",
        },
    )


def _pack(copy: Path) -> Path:
    """Beside the database's own files, not in a shared folder for temporary ones."""
    descriptor, name = tempfile.mkstemp(dir=settings.current().data, suffix=".zip")
    os.close(descriptor)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(copy.iterdir()):
            archive.write(path, f"{copy.name}/{path.name}")
    return Path(name)


async def _sent(packed: Path) -> AsyncIterator[bytes]:
    try:
        with packed.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk
    finally:
        await asyncio.to_thread(packed.unlink, missing_ok=True)


HANDLERS = [copies_page, make_one, take_one]
