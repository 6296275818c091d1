"""Inserts many rows by one statement, from plain values. Inside the caller's transaction.

`Table.insert` of Piccolo 1.38 makes an object and looks at every value's type twice, which takes three
times as long as signing the certificate that the row is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from piccolo.table import Table

ARGUMENTS = 30_000
"""PostgreSQL takes 32,767 a statement, older SQLite builds 32,766."""


async def insert_new(table: type[Table], rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Inserts those whose keys are not there yet; their ids. All rows name the same columns; the
    others get the database's defaults."""
    inserted: set[UUID] = set()
    if not rows:
        return inserted
    columns = list(rows[0])
    size = ARGUMENTS // len(columns)
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        values = [row[column] for row in chunk for column in columns]
        found = await table.raw(_statement(table, columns, len(chunk)), *values)
        inserted |= {row["id"] for row in found}
    return inserted


def _statement(table: type[Table], columns: Sequence[str], count: int) -> str:
    places = f"({', '.join(['{}'] * len(columns))})"
    return (
        f"INSERT INTO {table._meta.tablename} ({', '.join(columns)}) VALUES "  # noqa: S608 - our names
        f"{', '.join([places] * count)} ON CONFLICT DO NOTHING RETURNING id"
    )
