"""What is left of a holder's own pages after erasure: nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from credentials.holder.tables import TABLES


@dataclass
class HolderShredder:
    """Every link, log-in, share and request of the person goes; links and log-ins end with it."""

    name: str = "holders"

    async def shred(self, person: str) -> None:
        for table in TABLES:
            await table.delete().where(table._meta.get_column_by_name("person") == UUID(person))
