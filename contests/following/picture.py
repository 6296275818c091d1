"""A copy as a picture: what a chat group shows without opening anything. Drawn by the paper's own
compiler, which refuses a character that no font here holds instead of drawing a box."""

from __future__ import annotations

from pathlib import Path

from contests.following.copies import Table
from core import paper
from core.errors import NotFound

ROWS = 40
"""So many rows a picture: as much as a telephone shows without being enlarged twice."""


def register() -> None:
    paper.register("contests/following", Path(__file__).parent / "papers")


def parts_of(table: Table) -> int:
    return max(1, -(-len(table.rows) // ROWS))


async def picture(table: Table, language: str, part: int = 1) -> bytes:
    """A PNG of one part. Raises NotFound, and what `core.paper` raises."""
    parts = parts_of(table)
    if not 1 <= part <= parts:
        raise NotFound(kind="picture", id=part)
    data = {
        "title": table.title,
        "under": table.under if parts == 1 else f"{table.under} · {part}/{parts}",
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows[(part - 1) * ROWS : part * ROWS]],
        "notes": list(table.notes) if part == parts else [],
    }
    made = await paper.pictures("contests/following/table.typ", data, language=language)
    return made[0]
