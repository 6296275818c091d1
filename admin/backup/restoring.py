"""From a copy back to a running installation, on this machine or another, without any network."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from admin.backup.database import (
    in_use,
    installation_of,
    problem_of,
    run_postgres,
)
from admin.backup.errors import CopyFailed, CopyUnusable
from admin.backup.manifest import (
    DATABASE,
    MANIFEST,
    SECRETS,
    Manifest,
    check,
    copies_in,
    name_of,
)
from admin.backup.passphrase import open_files
from admin.venue.authority import FOLDER as VENUE
from admin.venue.authority import write_private
from core.settings import SECRETS_FILE, Settings, load

_CHUNK = 1024 * 1024
_ALLOWED = {SECRETS_FILE, *(f"{VENUE}/{name}" for name in (
    "ca.pem", "ca-key.pem", "server.pem", "server-key.pem", "venue.json"
))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A copy whose every file is what was written; `damaged` are newer ones that are not."""

    path: Path
    manifest: Manifest
    damaged: tuple[str, ...] = ()

    @property
    def has_secrets(self) -> bool:
        return (self.path / SECRETS).is_file()


def find_copy(place: Path) -> Found:
    """The copy at `place`, or the newest good one in it. Raises CopyUnusable."""
    if (place / MANIFEST).is_file():
        return Found(place, check(place))
    if not place.is_dir():
        raise CopyUnusable(f"{place} is not there. Plug the stick in, or name another folder.")
    damaged: list[str] = []
    for copy in copies_in(place):
        try:
            return Found(copy, check(copy), tuple(damaged))
        except CopyUnusable as error:
            damaged.append(str(error))
    said = f" {' '.join(damaged)}" if damaged else ""
    raise CopyUnusable(f"{place} holds no whole copy.{said}")


def secrets_of(
    found: Found, data: Path, *, given: Path | None, ask: Callable[[], str]
) -> Mapping[str, bytes]:
    """The files that make this folder the copy's installation; none where it has them already.

    From the copy by its passphrase, else from a secrets.toml that was carried here, else the
    folder's own. Raises CopyUnusable.
    """
    if given is not None:
        try:
            files: Mapping[str, bytes] = {SECRETS_FILE: given.read_bytes()}
        except OSError as error:
            raise CopyUnusable(f"{given} can't be read: {error.strerror}.") from error
    elif found.has_secrets:
        sealed = (found.path / SECRETS).read_bytes()
        manifest = (found.path / MANIFEST).read_bytes()
        files = open_files(sealed, ask(), manifest=manifest)
    elif (data / SECRETS_FILE).is_file():
        files = {SECRETS_FILE: (data / SECRETS_FILE).read_bytes()}
    else:
        raise CopyUnusable(
            f"This copy holds no secrets. Bring the {SECRETS_FILE} of installation "
            f"{found.manifest.installation} and name it: --secrets FILE"
        )
    foreign = set(files) - _ALLOWED
    if foreign or SECRETS_FILE not in files:
        raise CopyUnusable("The copy's secrets hold something that does not belong there.")
    _same_installation(files[SECRETS_FILE], found.manifest)
    return files


def occupied(data: Path) -> str:
    """What a restored copy would stand in the place of, "" for an empty place."""
    for name in (DATABASE, SECRETS_FILE):
        if (data / name).exists():
            own = installation_of(data / DATABASE)
            return f"{data} holds installation {own}" if own else f"{data / name} is there already"
    return ""


def put_aside(data: Path, *, now: datetime) -> Path:
    """Moves what is there into a folder of its own: nothing is ever overwritten."""
    if in_use(data / DATABASE):
        raise CopyUnusable(f"A server is running on {data}. End it first (Ctrl-C in its terminal).")
    aside = data / f"replaced-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for name in (
        DATABASE,
        f"{DATABASE}-wal",
        f"{DATABASE}-shm",
        SECRETS_FILE,
        VENUE,
        "served.json",
    ):
        if (data / name).exists():
            (data / name).rename(aside / name)
    return aside


def put_in_place(found: Found, files: Mapping[str, bytes], data: Path) -> None:
    """Database and secrets, each whole or not at all. Raises CopyUnusable."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = data / f".{DATABASE}.part"
    partial.unlink(missing_ok=True)
    try:
        _take_over(found.path / found.manifest.database, partial, found.manifest)
        for name, content in files.items():
            path = data / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_private(path, content)
        partial.rename(data / DATABASE)
        _flush(data)
    finally:
        partial.unlink(missing_ok=True)


def restore_dump(found: Found, settings: Settings) -> None:
    """PostgreSQL: into the empty database that JIANGXIN_DATABASE_URL names."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    try:
        run_postgres("pg_restore", [*words, str(found.path / found.manifest.database)], settings)
    except CopyFailed as error:
        raise CopyUnusable(str(error)) from error


def settings_for(data: Path, settings: Settings) -> Settings:
    """This process's settings with the restored folder's secrets."""
    restored = load({"JIANGXIN_DATA": str(data)})
    return replace(settings, data=data, secrets=restored.secrets or settings.secrets)


def number_of(found: Found) -> str:
    name = name_of(found.path)
    return f"copy {name.number}" if name else "the copy"


def _take_over(source: Path, target: Path, manifest: Manifest) -> None:
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    if digest.hexdigest() != manifest.sha256:
        raise CopyUnusable(f"{source} read differently a second time: the stick is damaged.")
    if problem := problem_of(target):
        raise CopyUnusable(f"The database in the copy fails its own check: {problem}")
    if (own := installation_of(target)) != manifest.installation:
        raise CopyUnusable(f"The database in the copy is that of installation {own or 'nobody'}.")


def _same_installation(secrets: bytes, manifest: Manifest) -> None:
    try:
        own = str(tomllib.loads(secrets.decode())["installation"])
    except (ValueError, KeyError) as error:
        raise CopyUnusable(f"The {SECRETS_FILE} can't be read.") from error
    if own != manifest.installation:
        raise CopyUnusable(
            f"These are the secrets of installation {own}; the copy is of {manifest.installation}."
        )


def _flush(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
