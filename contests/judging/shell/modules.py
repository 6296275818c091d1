"""Which of the app's modules are needed to open it, and how they are kept: whole, without comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from contests.judging.words import APP
from core.web.assets import app_file

ENTRY = "main.js"
_IMPORTED = re.compile(
    r'^(?:import|export)\s+(?:[\w*{}\s,]+?\s+from\s+)?"(\.{1,2}/[^"]+)"', re.MULTILINE
)
_COMMENT = re.compile(r"(?m)^[ \t]*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n")
_INDENT = re.compile(r"(?m)^[ \t]+")


@cache
def needed(entry: str = ENTRY) -> tuple[str, ...]:
    """The entry and everything that it imports without being asked, by path within the app."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = None
        waiting += imports(path)
    return tuple(sorted(found))


def imports(module: str) -> list[str]:
    """What a module names in an import of its own, not what it asks for later."""
    text = app_file(APP, module).read_text("utf-8")
    return [joined(module, target) for target in _IMPORTED.findall(text)]


def joined(module: str, target: str) -> str:
    """What `target` means in an import of `module`."""
    parts = Path(module).parent.as_posix().split("/")
    parts = [] if parts == ["."] else parts
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def plain(data: bytes) -> bytes:
    """A module without the lines that are comments and without indentation: a third less to carry.
    A test holds that no module has a text over several lines, in which this would be wrong."""
    return _INDENT.sub("", _COMMENT.sub("", data.decode())).encode()


def others(files: Iterable[str], but: Iterable[str]) -> list[str]:
    """The app's files that are neither needed nor of a page that is never kept."""
    kept = set(but)
    return [file for file in files if file not in kept and not file.startswith("paper/")]
