"""What changes about a certificate that somebody follows becomes messages, in the same transaction.

Called by whatever changes a state or signs a new version, after it did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core.outbox import put
from credentials.employers.events import WebhookDue
from credentials.employers.messaging import body_of
from credentials.employers.states import Stands, read_states
from credentials.employers.tables import Following, Webhook, WebhookDelivery

CHANGES = (
    "suspended",
    "lifted",
    "revoked",
    "under_correction",
    "confirmed",
    "corrected",
    "renewed",
    "replaced",
    "erased",
)
_CHUNK = 500
_NAMES = {"correcting": "under_correction"}
_UNTOLD = frozenset({"reissued", "renewed"})
"""A paper that is printed again says what it said; a renewal is told by its new version."""
_BY_SOURCE = {"name": "corrected", "renewal": "renewed"}


async def note_event(certificates: Sequence[UUID], kind: str, *, now: datetime) -> None:
    """kind: of a LifeEvent."""
    if kind not in _UNTOLD:
        await note_change(certificates, _NAMES.get(kind, kind), now=now)


async def note_version(certificates: Sequence[UUID], source: str, *, now: datetime) -> None:
    """A newer version was signed. source: as the version names it."""
    await note_change(certificates, _BY_SOURCE.get(source, "replaced"), now=now)


async def note_change(certificates: Sequence[UUID], change: str, *, now: datetime) -> None:
    """Tells each follower what is new to it; a state that it knows already is no news."""
    for start in range(0, len(certificates), _CHUNK):
        rows = await Following.select().where(
            Following.certificate.is_in(list(certificates[start : start + _CHUNK]))
        )
        if rows:
            await _tell(rows, change, now)


async def forget_certificates(certificates: Sequence[UUID], *, now: datetime) -> None:
    """Their holder asked for erasure: followers hear it once, and nobody follows them any more."""
    await note_change(certificates, "erased", now=now)
    for start in range(0, len(certificates), _CHUNK):
        await Following.delete().where(
            Following.certificate.is_in(list(certificates[start : start + _CHUNK]))
        )


async def _tell(rows: Sequence[dict[str, Any]], change: str, now: datetime) -> None:
    states = await read_states(sorted({row["certificate"] for row in rows}, key=str))
    news = [row for row in rows if _knows(row) != _now(states[row["certificate"]])]
    if not news:
        return
    hooks = await Webhook.select(Webhook.id, Webhook.organisation).where(
        Webhook.organisation.is_in(sorted({row["organisation"] for row in news}, key=str)),
        Webhook.disabled_at.is_null(),
    )
    for row in news:
        state = states[row["certificate"]]
        own = [hook["id"] for hook in hooks if hook["organisation"] == row["organisation"]]
        await _deliver(own, row, state, change, now)
        await Following.update(
            {
                Following.state: state.word,
                Following.version: state.version,
                Following.changed_at: now,
            }
        ).where(Following.id == row["id"])


async def _deliver(
    hooks: Sequence[UUID], row: dict[str, Any], state: Stands, change: str, now: datetime
) -> None:
    for hook in hooks:
        delivery = uuid4()
        await WebhookDelivery.insert(
            WebhookDelivery(
                id=delivery,
                webhook=hook,
                change=change,
                certificate=state.id,
                body=body_of(delivery, state, change, old=_knows(row), now=now),
                made_at=now,
                next_at=now,
            )
        )
        await put(WebhookDue(str(delivery)))


def _knows(row: dict[str, Any]) -> tuple[str, int]:
    return row["state"], row["version"]


def _now(state: Stands) -> tuple[str, int]:
    return state.word, state.version
