"""The database as one file, consistent while others write to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from admin.backup.errors import CopyFailed
from admin.backup.manifest import DATABASE, DUMP, ContestMark
from core.settings import Settings

BUSY_SECONDS = 30
SNAPSHOT = ".copying"
LEFT_SECONDS = 600


@contextmanager
def snapshot(settings: Settings) -> Iterator[tuple[str, Path, tuple[ContestMark, ...]]]:
    """(name in the copy, file, how far each contest has come); the file is gone afterwards."""
    path = settings.data / f"{SNAPSHOT}-{os.getpid()}-{threading.get_ident()}"
    _sweep(settings.data)
    try:
        if settings.embedded:
            yield DATABASE, path, _copy_sqlite(settings.sqlite_path, path)
        else:
            _dump_postgres(settings, path)
            yield DUMP, path, ()
    finally:
        path.unlink(missing_ok=True)
        Path(f"{path}-journal").unlink(missing_ok=True)


def problem_of(path: Path) -> str:
    """What SQLite finds wrong with a database file; "" when nothing."""
    try:
        with closing(_opened(path)) as found:
            answer = found.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return "" if answer == ("ok",) else str(answer[0])


def installation_of(path: Path) -> str:
    """The id that stands in a database file, "" when none does."""
    try:
        with closing(_opened(path)) as found:
            row = found.execute("SELECT id FROM installation").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def in_use(path: Path) -> bool:
    """Whether a server has this database open: in WAL mode nobody gets it alone then."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as found:
        try:
            found.execute("PRAGMA locking_mode=EXCLUSIVE")
            found.execute("BEGIN EXCLUSIVE")
            found.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False


def without_password(url: str) -> tuple[str, Mapping[str, str]]:
    """(the address, the password as a variable): a command line is everybody's to read."""
    parts = urlsplit(url)
    user, _, rest = parts.netloc.rpartition("@")
    if ":" not in user:
        return url, {}
    name, _, password = user.partition(":")
    bare = url.replace(f"//{parts.netloc}", f"//{name}@{rest}", 1)
    return bare, {"PGPASSWORD": unquote(password)}


def run_postgres(tool: str, words: list[str], settings: Settings) -> None:
    """Raises CopyFailed, with the command to run elsewhere when the tool is not here."""
    address, secret = without_password(settings.database_url)
    words = [f"--dbname={address}", *words]
    command = [tool, *words]
    binary = shutil.which(tool)
    if binary is None:
        raise CopyFailed("copy-tool-missing", tool=tool, command=" ".join(command))
    done = subprocess.run(  # noqa: S603 - our own words
        [binary, "--no-password", *words],
        env={**_environment(), **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CopyFailed("copy-failed", folder=tool, reason=said)


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}


def _copy_sqlite(source: Path, target: Path) -> tuple[ContestMark, ...]:
    """In one step: a reader of the write-ahead log holds up no writer, and a step that is not the
    only one would start again whenever somebody writes."""
    target.touch(mode=0o600)
    try:
        with (
            closing(_opened(source)) as reading,
            closing(sqlite3.connect(target, isolation_level=None)) as writing,
        ):
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode=DELETE")  # one file, readable from a stick
            marks = _marks(writing)
    except sqlite3.Error as error:
        raise CopyFailed("copy-database-damaged", reason=str(error)) from error
    if problem := problem_of(target):
        raise CopyFailed("copy-database-damaged", reason=problem)
    return marks


def _marks(connection: sqlite3.Connection) -> tuple[ContestMark, ...]:
    rows = connection.execute("SELECT code, state, length, head FROM contest ORDER BY code")
    return tuple(ContestMark(*row) for row in rows)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def _dump_postgres(settings: Settings, target: Path) -> None:
    target.touch(mode=0o600)
    run_postgres(
        "pg_dump",
        ["--format=custom", "--no-owner", "--no-privileges", "--file", str(target)],
        settings,
    )


def _sweep(data: Path) -> None:
    """What a killed copy left. One that is still at work has its file open: it loses nothing."""
    for path in data.glob(f"{SNAPSHOT}-*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                path.unlink()
