"""The folder that copies go to. A stick that was pulled out leaves an empty folder on the laptop's own
disk: copies must not go there quietly, so the stick carries a mark of ours.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from admin.backup.errors import CopyFailed
from core.scoring.model import Finding

MARK = "jiangxin-copies.json"


def adopt(folder: Path, data: Path, installation: str) -> Finding | None:
    """Marks a folder that was just named, and returns what is odd about it.

    A missing one is made only on a stick that is there: never in the empty place of one.
    """
    try:
        if not folder.is_dir() and folder.parent.is_dir() and not _same_device(folder.parent, data):
            folder.mkdir()
        if not folder.is_dir():
            raise CopyFailed("copy-folder-missing", folder=str(folder))
        _mark(folder, installation)
    except OSError as error:
        raise failure(folder, error) from error
    if _same_device(folder, data):
        return Finding("", "copy-same-disk", {"folder": str(folder)})
    return None


def be_sure_of(folder: Path, data: Path, installation: str) -> None:
    """Raises CopyFailed unless it is the folder that was adopted, or another stick in its place."""
    if not folder.is_dir():
        raise CopyFailed("copy-folder-missing", folder=str(folder))
    if (folder / MARK).is_file():
        return
    if _same_device(folder, data):
        raise CopyFailed("copy-folder-missing", folder=str(folder))
    if any(folder.iterdir()) and not _is_stick(folder):
        raise CopyFailed("copy-folder-strange", folder=str(folder))
    try:
        _mark(folder, installation)
    except OSError as error:
        raise failure(folder, error) from error


def failure(folder: Path, error: OSError) -> CopyFailed:
    if not folder.is_dir():
        return CopyFailed("copy-folder-missing", folder=str(folder))
    return CopyFailed("copy-failed", folder=str(folder), reason=error.strerror or str(error))


def _mark(folder: Path, installation: str) -> None:
    path = folder / MARK
    if not path.exists():
        path.write_text(json.dumps({"installation": installation}) + "\n", "ascii")


def _is_stick(folder: Path) -> bool:
    """The root of a file system of its own: a stick plugged in for the broken one."""
    return os.path.ismount(folder)


def _same_device(folder: Path, data: Path) -> bool:
    return folder.stat().st_dev == data.stat().st_dev
