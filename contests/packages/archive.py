"""A package's bytes: a folder or a zip, read within limits and written the same way every time.

Nothing is ever unpacked onto the disk, so that no name in a zip can reach another place.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from contests.packages.format import KNOWN, SUMS
from core.scoring.codec import escape
from core.scoring.model import Finding

LARGEST_ZIP = 64 * 1024 * 1024
LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_FILES = 1_000
_MOMENT = (2020, 1, 1, 0, 0, 0)
_FINE_TO_CARRY = ("README", "LICENSE", "NOTICE")


@dataclass
class Files:
    """The known files by name, what is wrong with the archive, and what is merely odd."""

    contents: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def wrong(self, name: str, code: str, **params: str) -> None:
        self.findings.append(Finding(f"/{escape(name)}" if name else "", code, params))


def read_path(path: Path, *, largest: int = LARGEST_ZIP, unpacked: int = LARGEST_UNPACKED) -> Files:
    """A folder or a zip file on this machine."""
    if path.is_dir():
        return _read_folder(path, unpacked)
    files = Files()
    try:
        size = path.stat().st_size
        if size <= largest:
            return read_zip(path.read_bytes(), largest=largest, unpacked=unpacked)
        files.wrong("", "package-too-large", limit=_size(largest))
    except OSError as error:
        files.wrong("", "package-not-there", path=str(path), reason=error.strerror or "")
    return files


def read_zip(data: bytes, *, largest: int = LARGEST_ZIP, unpacked: int = LARGEST_UNPACKED) -> Files:
    """The same from bytes that somebody sent."""
    files = Files()
    if len(data) > largest:
        files.wrong("", "package-too-large", limit=_size(largest))
        return files
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _read_members(archive, files, unpacked)
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError):
        files.wrong("", "package-not-a-zip")
    return files


def write_zip(contents: Mapping[str, bytes]) -> bytes:
    """The same contents give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            part = zipfile.ZipInfo(name, _MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            archive.writestr(part, contents[name])
    return buffer.getvalue()


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)


def with_sums(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Adds SHA256SUMS as `sha256sum --check` reads it."""
    lines = [
        f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n"
        for name in sorted(contents)
        if name != SUMS
    ]
    return {**contents, SUMS: "".join(lines).encode()}


def check_sums(contents: Mapping[str, bytes]) -> list[Finding]:
    """Files that differ from SHA256SUMS, lack there or lack here; none when there is no such file."""
    if SUMS not in contents:
        return []
    said: dict[str, str] = {}
    for number, line in enumerate(contents[SUMS].decode("utf-8", "replace").splitlines(), 1):
        digest, _, name = line.partition("  ")
        if not name:
            return [Finding(f"/{SUMS}/{number}", "package-sums-unreadable", {})]
        said[name] = digest
    findings = [
        Finding(f"/{escape(name)}", "package-file-changed", {})
        for name, data in sorted(contents.items())
        if name != SUMS and said.get(name) != hashlib.sha256(data).hexdigest()
    ]
    gone = sorted(set(said) - set(contents))
    return findings + [Finding(f"/{escape(name)}", "package-file-gone", {}) for name in gone]


def _read_folder(folder: Path, unpacked: int) -> Files:
    files = Files()
    total = 0
    for path in sorted(folder.iterdir()):
        if path.name not in KNOWN:
            _note_unknown(files, path.name)
            continue
        if not path.is_file():
            files.wrong(path.name, "package-file-not-plain")
            continue
        total += path.stat().st_size
        if total > unpacked:
            files.wrong("", "package-too-large", limit=_size(unpacked))
            break
        files.contents[path.name] = path.read_bytes()
    return files


def _read_members(archive: zipfile.ZipFile, files: Files, unpacked: int) -> None:
    members = [part for part in archive.infolist() if not part.is_dir()]
    if len(members) > MOST_FILES:
        files.wrong("", "package-too-many-files", limit=str(MOST_FILES))
        return
    top = _common_folder(members)
    left, limit = unpacked, _size(unpacked)
    for part in members:
        name = part.filename.removeprefix(top)
        if problem := _unsafe(part):
            files.wrong(part.filename[:80], problem)
        elif name in files.contents:
            files.wrong(name, "package-file-twice")
        elif name not in KNOWN:
            _note_unknown(files, name)
        elif (data := _read_member(archive, part, left, files, limit)) is not None:
            left -= len(data)
            files.contents[name] = data


def _read_member(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, files: Files, limit: str
) -> bytes | None:
    """Reads at most one byte more than is allowed, whatever the zip's directory claims."""
    try:
        with archive.open(part) as stream:
            data = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        files.wrong(part.filename, "package-file-damaged")
        return None
    if len(data) > left:
        files.wrong(part.filename, "package-too-large", limit=limit)
        return None
    return data


def _unsafe(part: zipfile.ZipInfo) -> str:
    """`filename` has been cut at a NUL and its backslashes turned already by zipfile."""
    name, mode = part.filename, part.external_attr >> 16
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        return "package-file-name-unsafe"
    if part.flag_bits & 0x1:
        return "package-file-encrypted"
    return "package-file-not-plain" if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG) else ""


def _common_folder(members: list[zipfile.ZipInfo]) -> str:
    """A zip of a folder has the folder's name before every file."""
    tops = {part.filename.partition("/")[0] for part in members if "/" in part.filename}
    flat = any("/" not in part.filename for part in members)
    return f"{tops.pop()}/" if len(tops) == 1 and not flat else ""


def _note_unknown(files: Files, name: str) -> None:
    if not name.upper().startswith(_FINE_TO_CARRY) and not name.startswith("."):
        params = {"known": ", ".join(KNOWN)}
        files.notes.append(Finding(f"/{escape(name[:80])}", "package-file-unknown", params))


def _size(limit: int) -> str:
    return f"{limit // 1024**2} MiB"
