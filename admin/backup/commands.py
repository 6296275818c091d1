"""`jiangxin backup` and `jiangxin restore`: parse, call, print."""

from __future__ import annotations

import asyncio
import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from admin.backup.asking import WITHOUT, ask_once, key_of
from admin.backup.copying import make_copy
from admin.backup.errors import CopyFailed, CopyUnusable
from admin.backup.keeping import Keeper
from admin.backup.manifest import age
from admin.backup.passphrase import PassphraseWrong
from admin.backup.restoring import (
    Found,
    find_copy,
    number_of,
    occupied,
    put_aside,
    put_in_place,
    restore_dump,
    secrets_of,
    settings_for,
)
from admin.backup.target import adopt
from admin.venue.authority import write_private
from core import audit
from core.commands.output import complain, say
from core.db import transaction
from core.findings import render
from core.process import ready
from core.security import SYSTEM
from core.settings import SettingsError, current, override, use

DONE, TROUBLE, REFUSED = 0, 1, 2
TRIES = 3


class Backup:
    word = "backup"
    help = "copy this installation to a folder, also while its server runs"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="folder for copies (JIANGXIN_COPY_TO)")
        parser.add_argument("--every", metavar="5m", help="copy again and again, until Ctrl-C")
        parser.add_argument("--keep", metavar="N", help="keep so many (JIANGXIN_COPY_KEEP)")
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="with the secrets, sealed with a passphrase: needed for a second machine",
        )

    def run(self, arguments: Namespace) -> int:
        settings = override(
            copy_to=arguments.to, copy_keep=arguments.keep, copy_every=arguments.every
        )
        folder = settings.copy_to
        if folder is None or settings.secrets is None:
            raise SettingsError(["Name a folder for the copies: --to FOLDER, a USB stick say."])
        use(settings)
        key = key_of(settings, wanted=arguments.with_secrets)
        if not arguments.with_secrets and not settings.copy_passphrase:
            key = None
        if key is None:
            say(WITHOUT)
        if folder.parent.is_dir():
            folder.mkdir(exist_ok=True)
        if arguments.every:
            return _again_and_again(Keeper(settings, folder, key))
        try:
            odd = adopt(folder, settings.data, settings.secrets.installation)
            copied = make_copy(settings, folder, keep=settings.copy_keep, key=key)
        except CopyFailed as error:
            complain(str(error))
            return TROUBLE
        if odd is not None:
            complain(render(odd, "en"))
        held = "with its secrets" if copied.with_secrets else "without secrets"
        say(f"Copied to {copied.path}, {held}; it was read back and is what was written.")
        return DONE


class Restore:
    word = "restore"
    help = "make a copy the installation of this machine"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("copy", type=Path, help="a copy, or a folder of copies (newest first)")
        parser.add_argument("--data", type=Path, help="folder to restore into (JIANGXIN_DATA)")
        parser.add_argument("--secrets", type=Path, help="a secrets.toml, for a copy without")
        parser.add_argument("--check", action="store_true", help="only say whether it is whole")
        parser.add_argument(
            "--replace", action="store_true", help="put aside, without asking, what is there"
        )

    def run(self, arguments: Namespace) -> int:
        """0 restored, 1 the copy can't be used, 2 something else is in its place."""
        started = time.monotonic()
        try:
            found = find_copy(arguments.copy)
            _describe(found)
            if arguments.check:
                return DONE
            return _restore(found, arguments, started)
        except CopyUnusable as error:
            complain(str(error))
            return TROUBLE


def _restore(found: Found, arguments: Namespace, started: float) -> int:
    settings = override(data=arguments.data)
    data = settings.data
    if (found.manifest.engine == "sqlite") != settings.embedded:
        remedy = (
            "Set JIANGXIN_DATABASE_URL to an empty database."
            if settings.embedded
            else "Leave JIANGXIN_DATABASE_URL out."
        )
        raise CopyUnusable(f"This is a copy of {found.manifest.engine}. {remedy}")
    there = occupied(data)
    if settings.embedded and there and not (arguments.replace or _agreed(there)):
        complain(f"{there}. Nothing was changed. To put it aside and restore: --replace")
        return REFUSED
    files = _secrets(found, data, arguments.secrets)
    now = datetime.now(UTC)
    if settings.embedded:
        if there:
            say(f"What was there is in {put_aside(data, now=now)}.")
        put_in_place(found, files, data)
    else:
        restore_dump(found, settings)
        for name, content in files.items():
            _keep_secret(data, name, content)
    restored = settings_for(data, settings)
    use(restored)
    asyncio.run(_note(found))
    say(f"Restored {number_of(found)} into {data} in {time.monotonic() - started:.1f} seconds.")
    _say_what_next(found, data)
    return DONE


def _keep_secret(data: Path, name: str, content: bytes) -> None:
    path = data / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_private(path, content)


def _secrets(found: Found, data: Path, given: Path | None) -> dict[str, bytes]:
    passphrase = current().copy_passphrase
    for left in range(TRIES - 1, -1, -1):
        try:
            return dict(secrets_of(found, data, given=given, ask=lambda: passphrase or _asked()))
        except PassphraseWrong as error:
            if passphrase or not left or not sys.stdin.isatty():
                raise
            complain(str(error))
    raise CopyUnusable("The secrets were not opened.")


def _asked() -> str:
    found = ask_once("Passphrase of the copy: ")
    if not found:
        raise CopyUnusable(
            "This copy's secrets need their passphrase: start at a terminal, or set "
            "JIANGXIN_COPY_PASSPHRASE."
        )
    return found


def _describe(found: Found) -> None:
    manifest, now = found.manifest, datetime.now(UTC)
    for line in found.damaged:
        complain(f"Passed over: {line}")
    say(f"{found.path}")
    say(f"  installation {manifest.installation}")
    say(f"  made {manifest.made_at.astimezone():%Y-%m-%d %H:%M:%S}: {age(manifest, now=now)}")
    held = "with" if found.has_secrets else "without"
    say(f"  whole: every file is what was written; {held} secrets")
    for contest in manifest.contests:
        head = f", {contest.head[:16]}" if contest.head else ""
        say(f"  contest {contest.code}: {contest.state}, {contest.length} log entries{head}")


def _agreed(there: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{there}. Put it aside and restore? [y/N] ").strip().lower() in {"y", "yes"}


async def _note(found: Found) -> None:
    """Migrates an older copy, and says in the audit that this is a restored one."""
    async with ready(current()), transaction():
        made_at = f"{found.manifest.made_at:%Y-%m-%dT%H:%M:%SZ}"
        after = {"copy": found.path.name, "made_at": made_at}
        await audit.record(SYSTEM, "restore", subject=found.manifest.installation, after=after)


def _say_what_next(found: Found, data: Path) -> None:
    say("The machine that this copy is of must not serve again: two would answer in one name.")
    if found.manifest.origin:
        say(f"Tablets know it as {found.manifest.origin}: give this machine that address.")
    say(f"Next: JIANGXIN_DATA={data} jiangxin serve --venue")
    say("Tablets notice that their receipts are unknown here, and send those sheets again.")


def _again_and_again(keeper: Keeper) -> int:
    keeper.begin()
    say(f"Copying to {keeper.folder} every {keeper.settings.copy_every} seconds (Ctrl-C ends it).")
    asyncio.run(keeper.keep())
    return DONE
