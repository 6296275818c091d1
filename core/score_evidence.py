"""The lines of one entrant's score sheet behind a signed root. The kernel knows no sheet; the package that
does says so once, when its plugin is imported:

    score_evidence.register(lines_of_entry)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.scoring.model import Text


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One leaf in its place. `content` and `salt` are what was hashed; `title` and `maximum` are how the
    contest's frozen scheme names the line, which no root covers."""

    content: str
    salt: bytes
    title: Text
    maximum: str = ""


Source = Callable[[str, str, str], Awaitable[Sequence[SheetLine]]]
"""Contest, entry, root -> every line of that entry under that root, in their order; empty for a root that
is not this entry's."""

_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


async def lines_of(contest: str, entry: str, root: str) -> Sequence[SheetLine]:
    for source in _sources:
        if found := await source(contest, entry, root):
            return found
    return ()
