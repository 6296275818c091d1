"""How often somebody compared something with a certificate on one day. Nothing of what was typed."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text
from piccolo.table import Table


class ComparisonTries(Table):
    """id = uuid5(certificate | kind | day). `kind`: "paper", "document", or "verify ID" of one
    employer's. `day`: ISO, in China."""

    id = UUID(primary_key=True, default=None)
    certificate = UUID(index=True, default=None)
    kind = Text()
    day = Text()
    tries = BigInt(default=0)


TABLES: list[type[Table]] = [ComparisonTries]
