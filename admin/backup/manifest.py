"""What a copy says of itself, and whether its files are still what was written.

jiangxin-1a2b3c4d-000017-20241019T083000Z/
    jiangxin.sqlite   (or database.dump)   the database, whole and consistent
    manifest.json                          whose, when, how far each contest's log had come
    secrets.sealed                         only with a passphrase: secrets.toml, the venue's authority
    SHA256SUMS                             of all of them, as `sha256sum --check` reads it
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from admin.backup.errors import CopyUnusable

FORMAT, VERSION = "jiangxin-copy", 1
DATABASE, DUMP = "jiangxin.sqlite", "database.dump"
MANIFEST, SECRETS, SUMS = "manifest.json", "secrets.sealed", "SHA256SUMS"
PARTIAL = ".part"
_NAME = re.compile(r"^jiangxin-([0-9a-f]{8})-([0-9]{6})-([0-9]{8}T[0-9]{6}Z)$")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ContestMark:
    """How far a contest had come in this copy."""

    code: str
    state: str
    length: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`origin`: where tablets knew the server, "" for one without a venue."""

    installation: str
    made_at: datetime
    app: str
    engine: str
    database: str
    size: int
    sha256: str
    origin: str = ""
    contests: tuple[ContestMark, ...] = ()

    def written(self) -> bytes:
        content = asdict(self) | {"format": FORMAT, "version": VERSION}
        content["made_at"] = self.made_at.astimezone(UTC).isoformat(timespec="seconds")
        return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True, order=True)
class CopyName:
    """`number` goes up by one each time, whatever the clock says."""

    number: int
    stamp: str = field(compare=False)
    installation: str = field(compare=False)

    def __str__(self) -> str:
        return f"jiangxin-{self.installation[:8]}-{self.number:06}-{self.stamp}"


def name_of(folder: Path) -> CopyName | None:
    found = _NAME.match(folder.name)
    return CopyName(int(found[2]), found[3], found[1]) if found else None


def copies_in(folder: Path, installation: str = "") -> list[Path]:
    """Whole copies (of one installation), newest first."""
    found = [
        (name, path)
        for path in folder.iterdir()
        if path.is_dir() and (name := name_of(path)) is not None
        if not installation or name.installation == installation[:8]
    ]
    return [path for _, path in sorted(found, key=lambda one: one[0], reverse=True)]


def read_manifest(copy: Path) -> Manifest:
    """Raises CopyUnusable."""
    try:
        found = json.loads((copy / MANIFEST).read_text("utf-8"))
        if found.pop("format") != FORMAT:
            raise ValueError("another format")
        version = found.pop("version")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CopyUnusable(f"{copy} is no copy: its {MANIFEST} can't be read.") from error
    if version != VERSION:
        raise CopyUnusable(
            f"{copy} was made by a newer Jiangxin (format {version}). Update this one."
        )
    try:
        contests = tuple(ContestMark(**one) for one in found.pop("contests"))
        made_at = datetime.fromisoformat(found.pop("made_at"))
        return Manifest(**found, made_at=made_at, contests=contests)
    except (ValueError, KeyError, TypeError) as error:
        raise CopyUnusable(f"{copy} is no copy: its {MANIFEST} is not complete.") from error


def sums_text(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def check(copy: Path) -> Manifest:
    """Reads every file again. Raises CopyUnusable with the first that is not what was written."""
    manifest = read_manifest(copy)
    try:
        lines = (copy / SUMS).read_text("ascii").splitlines()
    except (OSError, ValueError) as error:
        raise CopyUnusable(f"{copy} lacks its {SUMS}.") from error
    said = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    needed = {MANIFEST, manifest.database}
    if missing := sorted(needed - set(said)):
        raise CopyUnusable(f"{SUMS} of {copy} does not name {missing[0]}.")
    for name, digest in sorted(said.items()):
        if Path(name).name != name:
            raise CopyUnusable(f"{SUMS} of {copy} points outside it.")
        try:
            found = hash_of(copy / name)
        except OSError as error:
            raise CopyUnusable(f"{copy / name} can't be read: {error.strerror}.") from error
        if found != digest:
            raise CopyUnusable(f"{copy / name} is not what was written: its hash differs.")
    if said[manifest.database] != manifest.sha256:
        raise CopyUnusable(f"{copy / MANIFEST} belongs to another database.")
    return manifest


def hash_of(path: Path) -> str:
    """Hex SHA-256, read from the medium where the system can be asked to forget what it wrote."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def age(manifest: Manifest, *, now: datetime) -> str:
    """In words: how old the copy is."""
    minutes = int((now - manifest.made_at).total_seconds() // 60)
    if minutes < 0:
        return "from the future: a clock was wrong"
    if minutes < 120:
        return f"{minutes} minutes old"
    return f"{minutes // 60} hours old" if minutes < 72 * 60 else f"{minutes // 1440} days old"
