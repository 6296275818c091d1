"""What a craftsman agrees to in order to be found: the sentence with its number, given and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from credentials.matching.tables import Craftsman, CraftsmanConsent

WORDING = (
    1,
    "This organisation may list me as a craftsman whom enterprises can be helped by: with my trades, city, times,"
    " levels and honours, for its own staff. An enterprise learns my name and how to reach me only after I have"
    " taken its need on, and only for that need. I can withdraw this at any time.",
)
"""The number of the sentence, and the sentence. A changed sentence gets a new number."""
OWN_PAGE = "On the craftsman's own page"
"""`CraftsmanConsent.source` of what was given there."""


async def give(craftsman: UUID, *, source: str, by: UUID | None, now: datetime) -> bool:
    """Inside the caller's transaction. False when one is in force: then nothing changes."""
    if await in_force(craftsman):
        return False
    await CraftsmanConsent.insert(
        CraftsmanConsent(
            id=uuid4(),
            craftsman=craftsman,
            wording=WORDING[0],
            source=source,
            given_at=now,
            given_by=by,
        )
    )
    await Craftsman.update({Craftsman.listed_at: now}).where(Craftsman.id == craftsman)
    return True


async def withdraw(craftsman: UUID, now: datetime | None = None) -> bool:
    """Inside the caller's transaction; whether there was one. From now on nobody finds the craftsman."""
    ended = await CraftsmanConsent.raw(
        "UPDATE craftsman_consent SET withdrawn_at = {} WHERE craftsman = {} AND withdrawn_at IS NULL"
        " RETURNING id",
        now or datetime.now(UTC),
        craftsman,
    )
    await Craftsman.update({Craftsman.listed_at: None}).where(Craftsman.id == craftsman)
    return bool(ended)


async def in_force(craftsman: UUID) -> bool:
    return await CraftsmanConsent.exists().where(
        CraftsmanConsent.craftsman == craftsman, CraftsmanConsent.withdrawn_at.is_null()
    )


async def history(craftsman: UUID) -> Sequence[dict[str, Any]]:
    """The newest first."""
    return list(
        await CraftsmanConsent.select()
        .where(CraftsmanConsent.craftsman == craftsman)
        .order_by(CraftsmanConsent.given_at, ascending=False)
    )
