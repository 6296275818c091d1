"""Static files under an address that holds their content's hash, so that they never change.

    assets.register("contests/judging", Path(...))   ->   asset("contests/judging/main.js")
    /static/<hash of the folder>/contests/judging/main.js

The hash is the folder's, so that modules of one folder may import one another by relative paths. An app
has the modules that all apps share below its own address, in "shared/", for the same reason.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from core.web.compress import answer

PREFIX = "/static"
SHARED = Path(__file__).parent / "shared"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
          ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}  # fmt: skip
_apps: set[str] = set()
_folders: dict[str, Path] = {
    "core": Path(__file__).parent / "static",
    "vendor": Path(__file__).parent / "vendor",
}


def register(prefix: str, folder: Path, *, app: bool = False) -> None:
    """Serves every file of `folder` below `prefix`, e.g. "contests/judging". app: with the shared modules."""
    _folders[prefix] = folder
    (_apps.add if app else _apps.discard)(prefix)
    folder_hash.cache_clear()


def asset(path: str) -> str:
    """The address of a registered file. Raises FileNotFoundError, so that a typo shows at once."""
    prefix, _ = _find(path)
    return f"{PREFIX}/{folder_hash(prefix)}/{path}"


def content(path: str) -> bytes:
    """What a registered file holds now."""
    return _find(path)[1].read_bytes()


def folder(prefix: str) -> Path:
    """The folder that is served below `prefix`."""
    return _folders[prefix]


def files(root: Path) -> list[str]:
    """The names of all files below a folder."""
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def app_files(root: Path) -> list[str]:
    """The names of an app's files, those of the shared modules too."""
    return sorted([*files(root), *(f"shared/{name}" for name in files(SHARED))])


def app_file(root: Path, name: str) -> Path:
    """Where a file of an app is, by one of these names."""
    return SHARED.parent / name if name.startswith("shared/") else root / name


@cache
def folder_hash(prefix: str) -> str:
    digest = hashlib.sha256()
    root = _folders[prefix]
    for name in app_files(root) if prefix in _apps else files(root):
        digest.update(name.encode() + b"\0" + app_file(root, name).read_bytes())
    return digest.hexdigest()[:16]


def _find(path: str) -> tuple[str, Path]:
    for prefix in sorted(_folders, key=len, reverse=True):
        if path.startswith(f"{prefix}/"):
            folder, name = _folders[prefix], path[len(prefix) + 1 :]
            if prefix in _apps and name.startswith("shared/"):
                folder, name = SHARED, name.removeprefix("shared/")
            file = (folder / name).resolve()
            if file.is_file() and file.is_relative_to(folder.resolve()):
                return prefix, file
    raise FileNotFoundError(path)


@get(f"{PREFIX}/{{version:str}}/{{path:path}}", include_in_schema=False, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], version: str, path: str) -> Response[bytes]:
    """A registered file; an old version's address answers with the present file, uncached."""
    try:
        prefix, file = _find(str(path).lstrip("/"))
    except FileNotFoundError as error:
        raise NotFoundException from error
    current = version == folder_hash(prefix)
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    cached = "public, max-age=31536000, immutable" if current else "no-cache"
    return answer(
        request,
        file.read_bytes(),
        media_type or "application/octet-stream",
        {"Cache-Control": cached},
    )
