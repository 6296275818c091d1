"""Making one copy: whole, read back, and visible only then."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from admin.backup.database import snapshot
from admin.backup.errors import CopyFailed
from admin.backup.manifest import (
    MANIFEST,
    PARTIAL,
    SECRETS,
    SUMS,
    CopyName,
    Manifest,
    copies_in,
    hash_of,
    name_of,
    sums_text,
)
from admin.backup.passphrase import CopyKey, seal_files
from admin.backup.target import be_sure_of, failure
from admin.venue.authority import FOLDER as VENUE
from admin.venue.place import remembered
from core.settings import SECRETS_FILE, Secrets, Settings

_CHUNK = 1024 * 1024
_ROOM = 256 * 1024
"""For the small files and the folder beside the database."""


@dataclass(frozen=True, slots=True)
class Copied:
    path: Path
    manifest: Manifest
    with_secrets: bool


def make_copy(
    settings: Settings, folder: Path, *, keep: int, key: CopyKey | None, now: datetime | None = None
) -> Copied:
    """Blocks for as long as it takes. Raises CopyFailed; what was there before stays then."""
    secrets = settings.secrets
    if secrets is None:
        raise CopyFailed("copy-failed", folder=str(folder), reason="there is no installation here")
    at = now or datetime.now(UTC)
    with _told(folder):
        be_sure_of(folder, settings.data, secrets.installation)
    with _told(folder), snapshot(settings) as (name, source, contests):
        _clear_partial(folder)
        needed = source.stat().st_size + _ROOM
        make_room(folder, secrets.installation, needed, wrong="copy-no-space")
        copy = _next(folder, secrets.installation, at)
        partial = folder / f".{copy}{PARTIAL}"
        partial.mkdir(mode=0o700)
        try:
            digest, size = _written(source, partial / name)
            manifest = Manifest(
                installation=secrets.installation,
                made_at=at,
                app=version("jiangxin"),
                engine="sqlite" if settings.embedded else "postgresql",
                database=name,
                size=size,
                sha256=digest,
                origin=remembered(settings),
                contests=contests,
            )
            _finish(partial, manifest, settings, key)
            partial.rename(folder / str(copy))
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _flush_folder(folder)
        _prune(folder, secrets.installation, keep)
    return Copied(folder / str(copy), manifest, key is not None)


def secret_files(settings: Settings) -> dict[str, bytes]:
    """What a second machine needs to be this installation: its secrets and the venue's authority."""
    if settings.secrets is None:
        return {}
    files = {SECRETS_FILE: _secrets_file(settings.data, settings.secrets)}
    venue = settings.data / VENUE
    for path in sorted(venue.iterdir()) if venue.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            files[f"{VENUE}/{path.name}"] = path.read_bytes()
    return files


def _secrets_file(data: Path, secrets: Secrets) -> bytes:
    """As the file stands; written from the variables where they are what counts."""
    path = data / SECRETS_FILE
    if path.is_file():
        return path.read_bytes()

    def text(key: bytes) -> str:
        return base64.urlsafe_b64encode(key).rstrip(b"=").decode()

    return (
        f'installation = "{secrets.installation}"\n'
        f'session = "{text(secrets.session)}"\n'
        f'key_encryption = "{text(secrets.key_encryption)}"\n'
        f'keyed_hash = "{text(secrets.keyed_hash)}"\n'
        f"receipt_key = '''\n{secrets.receipt_key}'''\n"
    ).encode()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CopyFailed("copy-no-space", folder=str(folder), megabytes="?") from error
        raise failure(folder, error) from error


def _finish(partial: Path, manifest: Manifest, settings: Settings, key: CopyKey | None) -> None:
    """The small files, everything flushed, and everything read back."""
    small = {MANIFEST: manifest.written()}
    if key is not None:
        small[SECRETS] = seal_files(secret_files(settings), key, manifest=small[MANIFEST])
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in small.items()}
    sums[manifest.database] = manifest.sha256
    small[SUMS] = sums_text(sums)
    for name, content in small.items():
        _write(partial / name, content)
    _flush_folder(partial)
    if any(hash_of(partial / name) != digest for name, digest in sums.items()):
        raise CopyFailed("copy-differs", folder=str(partial.parent))


def _written(source: Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, _new(target) as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            size += writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest(), size


def _write(path: Path, content: bytes) -> None:
    with _new(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _flush_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folder
        return
    try:
        os.fsync(descriptor)
    except OSError:  # some file systems of sticks have no such thing for folders
        pass
    finally:
        os.close(descriptor)


def _next(folder: Path, installation: str, at: datetime) -> CopyName:
    newest = next(iter(copies_in(folder, installation)), None)
    known = name_of(newest) if newest else None
    number = known.number + 1 if known else 1
    return CopyName(number, f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", installation)


def make_room(folder: Path, installation: str, needed: int, *, wrong: str) -> None:
    """Deletes the oldest where fewer bytes are free, but never the newest. Raises CopyFailed(wrong)."""
    old = copies_in(folder, installation)
    while shutil.disk_usage(folder).free < needed and len(old) > 1:
        shutil.rmtree(old.pop())
    if shutil.disk_usage(folder).free < needed:
        megabytes = str(-(-needed // 1024**2))
        raise CopyFailed(wrong, folder=str(folder), megabytes=megabytes)


def _clear_partial(folder: Path) -> None:
    """What a copy left that was killed or whose stick was pulled."""
    for path in folder.glob(f".jiangxin-*{PARTIAL}"):
        shutil.rmtree(path, ignore_errors=True)


def _prune(folder: Path, installation: str, keep: int) -> None:
    for path in copies_in(folder, installation)[keep:]:
        shutil.rmtree(path, ignore_errors=True)
