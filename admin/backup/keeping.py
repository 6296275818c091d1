"""Copying again and again beside a server, and saying so when it does not work."""

from __future__ import annotations

import asyncio
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from admin.backup.asking import WITHOUT, key_of
from admin.backup.copying import Copied, make_copy
from admin.backup.errors import CopyFailed
from admin.backup.manifest import copies_in, read_manifest
from admin.backup.passphrase import CopyKey
from admin.backup.target import adopt
from core.commands.output import complain, say
from core.findings import render
from core.notices import put_up
from core.scoring.model import Finding
from core.settings import Settings

if TYPE_CHECKING:
    from core.serving import Server

NOTICE = "copies"
AGAIN_SECONDS = 20
"""After a failure: the stick may be plugged in again at any moment."""
T = TypeVar("T")


class Copies:
    """Adds `--copy-to` to `jiangxin serve`."""

    def __init__(self) -> None:
        self._key: CopyKey | None = None
        self._wanted = False

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--copy-to",
            metavar="FOLDER",
            help="copy everything there again and again: a USB stick (JIANGXIN_COPY_TO)",
        )
        parser.add_argument(
            "--copy-every", metavar="5m", help="how often to copy (JIANGXIN_COPY_EVERY)"
        )
        parser.add_argument(
            "--copy-keep", metavar="N", help="how many copies to keep (JIANGXIN_COPY_KEEP)"
        )
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="copies that a second laptop can take over from, sealed with a passphrase",
        )

    def given(self, arguments: Namespace) -> Mapping[str, object]:
        self._wanted = arguments.with_secrets
        return {
            "copy_to": arguments.copy_to,
            "copy_every": arguments.copy_every,
            "copy_keep": arguments.copy_keep,
        }

    def settings(self, settings: Settings) -> Settings:
        """A stick that is missing stops no server: it is said, and looked for again."""
        if settings.copy_to is not None:
            self._key = key_of(settings, wanted=self._wanted)
        return settings

    @asynccontextmanager
    async def beside(self, settings: Settings, server: Server) -> AsyncIterator[None]:
        if settings.copy_to is None:
            yield
            return
        keeper = Keeper(settings, settings.copy_to, self._key)
        if self._key is None:
            say(f"  ! {WITHOUT}")
        await asyncio.to_thread(keeper.begin)
        running = asyncio.create_task(keeper.keep(), name="copies")
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@dataclass(slots=True)
class Keeper:
    """One folder that is copied to; `last` is when that worked, "–" before."""

    settings: Settings
    folder: Path
    key: CopyKey | None = None
    last: str = "–"
    failed: str = field(default="", init=False)
    told: bool = field(default=False, init=False)
    """The terminal was told that it works; from then on it hears only of changes."""

    def begin(self) -> None:
        """The folder was just named, so it is the right one, whatever it is."""
        try:
            secrets = self.settings.secrets
            installation = secrets.installation if secrets else ""
            odd = adopt(self.folder, self.settings.data, installation)
            if odd is not None:
                put_up(f"{NOTICE}-place", odd, trouble=False)
                say(f"  ! {render(odd, 'en')}")
            newest = next(iter(copies_in(self.folder, installation)), None)
            if newest is not None:
                self.last = _clock(read_manifest(newest).made_at)
        except (CopyFailed, OSError, ValueError):
            return  # the first copy says what is wrong

    async def keep(self) -> None:
        """Until it is cancelled."""
        while True:
            done = await self.once()
            every = self.settings.copy_every
            await asyncio.sleep(every if done else min(every, AGAIN_SECONDS))

    async def once(self) -> Copied | None:
        """One copy, or a notice that says why there is none."""
        task = asyncio.ensure_future(_in_thread(self._copy))
        limit = 2 * max(self.settings.copy_every, AGAIN_SECONDS)
        while not (await asyncio.wait({task}, timeout=limit))[0]:
            self._trouble(CopyFailed("copy-late", folder=str(self.folder)))
        try:
            copied = task.result()
        except CopyFailed as error:
            self._trouble(error)
            return None
        self._worked(copied)
        return copied

    def _copy(self) -> Copied:
        keep = self.settings.copy_keep
        try:
            return make_copy(self.settings, self.folder, keep=keep, key=self.key)
        except CopyFailed:
            raise
        except Exception as error:  # whatever a file system does, the next try comes
            reason = f"{type(error).__name__}: {error}"
            raise CopyFailed("copy-failed", folder=str(self.folder), reason=reason) from error

    def _worked(self, copied: Copied) -> None:
        self.last = _clock(copied.manifest.made_at)
        params = {"at": self.last, "folder": str(self.folder)}
        put_up(NOTICE, Finding("", "copy-made", params), trouble=False)
        if self.failed or not self.told:
            say(f"Copied to {copied.path} ({self.last}).")
        self.failed, self.told = "", True

    def _trouble(self, error: CopyFailed) -> None:
        finding = error.told(last=self.last)
        put_up(NOTICE, finding, trouble=True)
        if self.failed != finding.code:
            complain(f"\a  ! {render(finding, 'en')}")
        self.failed = finding.code


async def _in_thread(work: Callable[[], T]) -> T:
    """In a thread that no exit waits for: a broken stick may hold its writer for ever."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            result, error = work(), None
        except BaseException as caught:
            result, error = None, caught
        try:
            loop.call_soon_threadsafe(finish, result, error)
        except RuntimeError:  # the server has ended meanwhile
            return

    threading.Thread(target=run, daemon=True, name="copying").start()
    return await future


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
