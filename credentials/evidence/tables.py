"""Lines of a score sheet that a holder opened to whoever has the link. What they say stays where it is."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class OpenedLine(Table):
    """`position`: which line under `root`. `secret_hash`: keyed hash of the link's secret, which is kept
    nowhere. Exactly what the holder opened is shown: a later result has another root."""

    id = UUID(primary_key=True, default=None)
    certificate = UUID(index=True, default=None)
    root = Text()
    position = BigInt()
    secret_hash = Text(unique=True)
    opened_at = Timestamptz(default=None)
    opened_by = UUID(null=True, default=None)
    expires_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [OpenedLine]
