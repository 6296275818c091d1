"""Consents of holders. A consent that was withdrawn stays on record with both its days."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class HolderConsent(Table):
    """`kind`: "name" or "document". `wording`: number of the sentence that was agreed to. `source`: how the
    holder said so, naming no person. Of one kind at most one is in force."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    kind = Text()
    wording = BigInt(default=1)
    source = Text(default="")
    given_at = Timestamptz(default=None)
    given_by = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


TABLES: list[type[Table]] = [HolderConsent]
