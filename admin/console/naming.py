"""What pages call the things that records name by id: scopes by their titles, accounts by their labels."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from piccolo.table import Table

from contests.tables import Competition, Contest
from core.scoring.model import Text
from core.security import Scope
from core.tables import Account, Organisation

_TABLES: dict[str, type[Table]] = {
    "contest": Contest,
    "competition": Competition,
    "organisation": Organisation,
}


async def titles_of(scopes: Iterable[Scope]) -> dict[Scope, Text]:
    """Those that still exist; the installation has no title. An issuer is named by its code."""
    wanted = set(scopes)
    found: dict[Scope, Text] = {}
    for kind, table in _TABLES.items():
        ids = [id_ for scope in wanted if scope.kind == kind and (id_ := _uuid(scope.id))]
        if ids:
            rows = await table.select("id", "title").where(table._meta.primary_key.is_in(ids))
            found |= {Scope(kind, str(row["id"])): json.loads(row["title"]) for row in rows}
    codes = [scope.id for scope in wanted if scope.kind == "issuer"]
    if codes:
        rows = await Organisation.select(Organisation.code, Organisation.title).where(
            Organisation.code.is_in(codes)
        )
        found |= {Scope("issuer", row["code"]): json.loads(row["title"]) for row in rows}
    return found


async def labels_of(accounts: Iterable[UUID | None]) -> dict[UUID, str]:
    """Account -> what colleagues call it, else its log-in name."""
    wanted = [account for account in set(accounts) if account is not None]
    if not wanted:
        return {}
    rows = await Account.select(Account.id, Account.label, Account.login).where(
        Account.id.is_in(wanted)
    )
    return {row["id"]: row["label"] or row["login"] for row in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
