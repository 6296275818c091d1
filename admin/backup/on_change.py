"""Copies that somebody asks for, and one by itself whenever a contest comes into another state.

Both go where JIANGXIN_COPY_TO says, and without it into the data folder's own `copies`: that helps against
a mistake, not against a broken machine. Those of a change stand in the folder `states` within, so that the
copies of every few minutes do not push them out. The change is committed before its copy is begun.
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from admin.backup.asking import key_of
from admin.backup.copying import Copied, make_copy, make_room
from admin.backup.errors import CopyFailed, CopyUnusable
from admin.backup.keeping import NOTICE
from admin.backup.manifest import Manifest, copies_in, read_manifest
from admin.backup.target import adopt, be_sure_of
from core import audit, settings
from core.db import transaction
from core.errors import Unavailable
from core.events import ContestMoved
from core.jobs import JobContext, JobKind
from core.jobs import register as register_job
from core.notices import put_up, take_down
from core.outbox import Effect
from core.scoring.model import Finding
from core.security import SYSTEM, Scope
from core.settings import Settings
from core.tables import OutboxMessage

OWN_FOLDER = "copies"
STATES = "states"
TROUBLE = f"{NOTICE}-of-changes"
SPARE = 256 * 1024 * 1024
"""So many bytes stay free on the disk that the database itself writes to."""
_one_at_a_time = threading.Lock()


class NoCopy(Unavailable):
    slug = "no-copy"
    title = "No copy was made. The reason is below; the copies from before are kept."


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that stands in a folder of ours. of_change: made by itself at a change of state."""

    path: Path
    manifest: Manifest
    of_change: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change whose copy could not be made yet. reason: as it was written down, in English; given_up: it
    is not tried again by itself."""

    state: str
    since: datetime
    tries: int
    reason: str
    given_up: bool


async def waiting() -> list[Waiting]:
    """Whichever process tries them, the longest first; not those that were never tried."""
    rows = (
        await OutboxMessage.select()
        .where(
            OutboxMessage.handler == EFFECT.name,
            OutboxMessage.done_at.is_null(),
            OutboxMessage.attempts > 0,
        )
        .order_by(OutboxMessage.created_at)
    )
    newest = max(
        (kept.manifest.made_at for kept in await asyncio.to_thread(kept_copies)), default=None
    )
    return [
        Waiting(
            json.loads(row["body"]).get("state", ""),
            row["created_at"],
            row["attempts"],
            row["last_error"].partition("\n")[0],
            row["stuck_at"] is not None,
        )
        for row in rows
        if newest is None or newest < row["created_at"]
    ]


def folder_of(found: Settings) -> Path:
    return found.copy_to or found.data / OWN_FOLDER


def kept_copies() -> list[Kept]:
    """All that can be read, newest first."""
    now = settings.current()
    installation = now.secrets.installation if now.secrets else ""
    found = []
    for folder, of_change in ((folder_of(now), False), (folder_of(now) / STATES, True)):
        for path in copies_in(folder, installation) if folder.is_dir() else ():
            try:
                found.append(Kept(path, read_manifest(path), of_change))
            except CopyUnusable:
                continue
    return sorted(found, key=lambda kept: kept.manifest.made_at, reverse=True)


async def run(context: JobContext) -> None:
    """One copy. Begun again after an interruption it makes another: nothing half-made is ever seen."""
    await context.progress(0, 1)
    now = settings.current()
    try:
        copied = await asyncio.to_thread(_copy, now, folder_of(now))
    except CopyFailed as error:
        raise NoCopy([error.told(last="–")]) from error
    async with transaction():
        after = {"copy": copied.path.name}
        await audit.record(context.by, "copy.made", after=after, subject=copied.path.name)
    await context.progress(1, 1)


async def _perform(event: ContestMoved) -> str:
    """The copy's name; "" where there is nothing to do."""
    now = settings.current()
    if not now.copy_states:
        return ""
    folder = folder_of(now) / STATES
    try:
        return await asyncio.to_thread(_copy_after, now, folder, datetime.fromisoformat(event.at))
    except CopyFailed as error:
        put_up(TROUBLE, error.told(last=await asyncio.to_thread(_last)), trouble=True)
        raise


async def _done(event: ContestMoved, copy: str) -> None:
    if copy:
        scope = Scope("contest", event.contest)
        await audit.record(SYSTEM, "copy.made", scope=scope, after={"state": event.state})


def _copy_after(now: Settings, folder: Path, moment: datetime) -> str:
    """Several changes at once are one copy: one that is younger than the change holds it."""
    installation = now.secrets.installation if now.secrets else ""
    if now.copy_to is not None:
        be_sure_of(now.copy_to, now.data, installation)  # a stick that was pulled is not refilled
    with _one_at_a_time:
        newest = _newest(folder, installation)
        if newest is not None and newest.made_at > moment:
            take_down(TROUBLE)
            return ""
        if now.copy_to is None:
            _leave_room(now, folder, installation, newest)
        copied = _copy(now, folder)
    params = {"at": _clock(copied.manifest.made_at), "folder": str(folder)}
    put_up(NOTICE, Finding("", "copy-made", params), trouble=False)
    take_down(TROUBLE)
    return copied.path.name


def _newest(folder: Path, installation: str) -> Manifest | None:
    newest = next(iter(copies_in(folder, installation)), None) if folder.is_dir() else None
    return read_manifest(newest) if newest is not None else None


def _leave_room(now: Settings, folder: Path, installation: str, newest: Manifest | None) -> None:
    """The database's own disk must not be filled by its copies: while one is made it is there twice."""
    size = now.sqlite_path.stat().st_size if now.embedded else newest.size if newest else 0
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_room(folder, installation, 2 * size + SPARE, wrong="copy-disk-full")
    except OSError as error:
        reason = error.strerror or str(error)
        raise CopyFailed("copy-failed", folder=str(folder), reason=reason) from error


def _last() -> str:
    """When the newest copy that can be read was made, "–" for none."""
    return next((_clock(kept.manifest.made_at) for kept in kept_copies()), "–")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _copy(now: Settings, folder: Path) -> Copied:
    installation = now.secrets.installation if now.secrets else ""
    try:
        if folder.parent.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
        adopt(folder, now.data, installation)
        key = key_of(now, wanted=False)
        return make_copy(now, folder, keep=now.copy_keep, key=key)
    except CopyFailed:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise CopyFailed("copy-failed", folder=str(folder), reason=reason) from error


EFFECT = Effect("admin.copy_of_change", ContestMoved, _perform, _done, lease=600)
KIND = JobKind("copies.made", "Copy of everything", run, permission="installation.manage")


def register() -> None:
    register_job(KIND)
