"""Static files under an address that holds their content's hash, so that they never change.

    assets.register("contests/judging", Path(...))   ->   asset("contests/judging/main.js")
    /static/<hash of the folder>/contests/judging/main.js

The hash is the folder's, so that modules of one folder may import one another by relative paths.
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
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
          ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}  # fmt: skip
_folders: dict[str, Path] = {
    "core": Path(__file__).parent / "static",
    "vendor": Path(__file__).parent / "vendor",
}


def register(prefix: str, folder: Path) -> None:
    """Serves every file of `folder` below `prefix`, e.g. "contests/judging"."""
    _folders[prefix] = folder
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


@cache
def folder_hash(prefix: str) -> str:
    digest = hashlib.sha256()
    root = _folders[prefix]
    for file in sorted(p for p in root.rglob("*") if p.is_file()):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _find(path: str) -> tuple[str, Path]:
    for prefix in sorted(_folders, key=len, reverse=True):
        if path.startswith(f"{prefix}/"):
            folder = _folders[prefix]
            file = (folder / path[len(prefix) + 1 :]).resolve()
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
