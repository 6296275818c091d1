"""Who changed what, when, from what to what. Append-only; ids and codes, no personal data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from core.db import TransactionMisused, in_transaction
from core.scoring.codec import canonical
from core.security import INSTALLATION, Actor, Scope
from core.tables import AuditEntry


async def record(
    actor: Actor,
    action: str,
    *,
    scope: Scope = INSTALLATION,
    subject: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """One entry, committed with the change that it tells of or not at all.

    `before` and `after` are JSON-able. Inside the action's transaction only.
    """
    if not in_transaction():
        raise TransactionMisused("audit.record belongs into the transaction of the change.")
    await AuditEntry.insert(
        AuditEntry(
            id=uuid4(),
            at=datetime.now(UTC),
            account=actor.account,
            action=action,
            scope_kind=scope.kind,
            scope_id=scope.id,
            subject=subject,
            before=_json(before),
            after=_json(after),
        )
    )


async def entries(
    *scopes: Scope, before: datetime | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The newest entries of these scopes; of the whole installation when none is given."""
    query = AuditEntry.select().order_by(AuditEntry.at, ascending=False).limit(limit)
    if scopes:
        query = query.where(AuditEntry.scope_id.is_in([scope.id for scope in scopes]))
    if before is not None:
        query = query.where(AuditEntry.at < before)
    found: list[dict[str, Any]] = await query
    return found


def _json(value: Any) -> str:
    return "" if value is None else canonical(value).decode()
