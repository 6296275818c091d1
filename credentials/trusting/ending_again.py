"""Ends the belief in another installation in a way that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import NotFound
from core.security import INSTALLATION, Actor, check
from core.undo import TooLateToUndo, UndoKind, remember
from core.undo import register as register_undo
from credentials.trusting.actions import claims_of
from credentials.trusting.tables import AcceptedInstallation

KIND = "installation.dropped"
PERMISSION = "installation.manage"
ENDED = "Another installation is believed no more: {host}."
GRACE = timedelta(days=7)


async def end_installation(by: Actor, origin: str) -> UUID:
    """From the next refresh of a verifier on; what takes it back. Raises NotFound."""
    check(by, PERMISSION, INSTALLATION)
    async with transaction():
        row = (
            await AcceptedInstallation.select().where(AcceptedInstallation.origin == origin).first()
        )
        if row is None:
            raise NotFound(kind="installation", id=origin[:80])
        await AcceptedInstallation.delete().where(AcceptedInstallation.origin == origin)
        kept = {name: row[name] for name in ("origin", "root", "least", "bundle")}
        undo = await remember(
            by,
            KIND,
            INSTALLATION,
            {**kept, "id": str(row["id"]), "accepted": row["accepted_at"].isoformat()},
            title=ENDED,
            until=min(datetime.now(UTC) + GRACE, row["expires_at"]),
            host=origin.partition("://")[2],
        )
        await audit.record(by, "installation.drop", scope=INSTALLATION, subject=origin)
    return undo


async def _believe_again(by: Actor, params: Mapping[str, Any]) -> None:
    origin = str(params["origin"])
    if await AcceptedInstallation.exists().where(AcceptedInstallation.origin == origin):
        raise TooLateToUndo()
    kept = {name: params[name] for name in ("origin", "root", "least", "bundle")}
    await AcceptedInstallation.insert(
        AcceptedInstallation(
            id=UUID(params["id"]),
            **kept,
            expires_at=datetime.fromtimestamp(claims_of(params["bundle"])["exp"], UTC),
            accepted_at=datetime.fromisoformat(params["accepted"]),
        )
    )
    await audit.record(by, "installation.accept", scope=INSTALLATION, subject=origin)


def register() -> None:
    register_undo(UndoKind(KIND, PERMISSION, _believe_again))
