"""SQL whose text is made once: the few statements of a submitted sheet.

Piccolo builds a query anew each time, which costs more than the statement. `{}` stands for an argument,
as in `Table.raw`; the text is the same on both engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from piccolo.columns import Column
from piccolo.querystring import QueryString
from piccolo.table import Table

from core import db

MOST_ARGUMENTS = 30_000
"""PostgreSQL takes 32,767 a statement."""


class Prepared(QueryString):
    """A text that needs no more building, with its arguments."""

    __slots__ = ("arguments", "text")

    def __init__(self, text: str, arguments: Sequence[Any]) -> None:
        super().__init__("")
        self.text = text
        self.arguments = arguments

    def compile_string(self, engine_type: str = "postgres") -> tuple[str, list[Any]]:
        return numbered(self.text, engine_type), list(self.arguments)


async def run(template: str, *arguments: Any) -> list[dict[str, Any]]:
    """The rows of one statement, in the open transaction if there is one."""
    rows = await db.engine().run_querystring(Prepared(template, arguments))
    return [dict(row) for row in rows]


async def insert(
    table: type[Table], rows: Iterable[Table], *, update: Sequence[Column] = ()
) -> None:
    """Inserts rows; with `update`, a row whose id is there gets these columns anew."""
    columns = tuple(column._meta.db_column_name for column in table._meta.columns)
    names = [column._meta.name for column in table._meta.columns]
    values = [[getattr(row, name) for name in names] for row in rows]
    step = MOST_ARGUMENTS // len(columns)
    changing = tuple(column._meta.db_column_name for column in update)
    for start in range(0, len(values), step):
        some = values[start : start + step]
        text = _insertion(table._meta.tablename, columns, len(some), changing)
        await run(text, *[value for row in some for value in row])


@lru_cache(maxsize=1024)
def numbered(template: str, engine_type: str) -> str:
    """`{}` as the engine writes it: $1, $2 … or ?."""
    if engine_type == "sqlite":
        return template.replace("{}", "?")
    numbers = count(1)
    first, *rest = template.split("{}")
    return first + "".join(f"${next(numbers)}{part}" for part in rest)


@lru_cache(maxsize=1024)
def _insertion(name: str, columns: tuple[str, ...], rows: int, update: tuple[str, ...]) -> str:
    row = f"({', '.join(['{}'] * len(columns))})"
    values = ", ".join([row] * rows)
    text = f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES {values}'  # noqa: S608 - our names
    if update:
        changes = ", ".join(f"{column} = excluded.{column}" for column in update)
        text += f" ON CONFLICT (id) DO UPDATE SET {changes}"
    return text
