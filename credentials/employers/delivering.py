"""Sends employers' messages: the outbox's effect, with pauses of its own, because an employer's server
that is down is no trouble of ours. The same message may arrive twice, with the same id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.outbox import Effect, put
from credentials.employers import reaching
from credentials.employers.events import WebhookDue
from credentials.employers.messaging import DELIVERY, SIGNATURE, TEST, signature
from credentials.employers.tables import Webhook, WebhookDelivery
from credentials.employers.webhooks import secret_of

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (30, 120, 600, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 86_400, 86_400)
)
GIVEN_UP_AFTER = timedelta(days=5)
"""A message that nobody took for so long is not sent any more, and an address that failed for so long is
switched off."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """answer: a status or a word. at: when it came."""

    answer: str
    at: datetime

    @property
    def taken(self) -> bool:
        return self.answer.startswith("2")


async def perform(event: WebhookDue) -> Outcome | None:
    """None when there is nothing to send any more."""
    row = await _waiting(UUID(event.delivery))
    if row is None or row["disabled_at"] is not None:
        return None
    now = datetime.now(UTC)
    headers = {
        SIGNATURE: signature(secret_of(row), row["body"], now),
        DELIVERY: event.delivery,
    }
    try:
        answer = str(await reaching.post(row["address"], row["body"].encode(), headers))
    except reaching.Unreached as unreached:
        answer = unreached.word
    return Outcome(answer, datetime.now(UTC))


async def done(event: WebhookDue, outcome: Outcome | None) -> None:
    row = await _waiting(UUID(event.delivery))
    if row is None:
        return
    if outcome is None:
        await _settle(row, {WebhookDelivery.given_up_at: datetime.now(UTC)})
        return
    tried: dict[Any, Any] = {
        WebhookDelivery.attempts: row["attempts"] + 1,
        WebhookDelivery.tried_at: outcome.at,
        WebhookDelivery.answer: outcome.answer,
        WebhookDelivery.next_at: None,
    }
    if outcome.taken:
        await _settle(row, {**tried, WebhookDelivery.done_at: outcome.at})
        await Webhook.update({Webhook.failing_since: None}).where(Webhook.id == row["id"])
        await _forget(row["id"], outcome.at)
    else:
        await _failed(row, tried, outcome.at)


EFFECT = Effect("credentials.employers_webhook", WebhookDue, perform, done)


async def _failed(row: dict[str, Any], tried: dict[Any, Any], at: datetime) -> None:
    since = row["failing_since"] or at
    if row["change"] != TEST:
        changes: dict[Any, Any] = {Webhook.failing_since: since}
        if at - since >= GIVEN_UP_AFTER:
            changes[Webhook.disabled_at] = at
        await Webhook.update(changes).where(Webhook.id == row["id"])
    again = _next(row, since, at)
    if again is None:
        await _settle(row, {**tried, WebhookDelivery.given_up_at: at})
        return
    await _settle(row, {**tried, WebhookDelivery.next_at: again})
    await put(WebhookDue(str(row["delivery"])), at=again)


def _next(row: dict[str, Any], since: datetime, at: datetime) -> datetime | None:
    """When it is tried again, or never."""
    over = at - since >= GIVEN_UP_AFTER or at - row["made_at"] >= GIVEN_UP_AFTER
    if row["change"] == TEST or over or row["attempts"] >= len(PAUSES):
        return None
    return at + PAUSES[int(row["attempts"])]


async def _waiting(delivery: UUID) -> dict[str, Any] | None:
    """A message that is not settled, with its address's row; ids of both."""
    found = (
        await WebhookDelivery.select()
        .where(
            WebhookDelivery.id == delivery,
            WebhookDelivery.done_at.is_null(),
            WebhookDelivery.given_up_at.is_null(),
        )
        .first()
    )
    hook = await Webhook.select().where(Webhook.id == found["webhook"]).first() if found else None
    if found is None or hook is None:
        return None
    message = {name: found[name] for name in ("change", "body", "made_at", "attempts")}
    return {**hook, **message, "delivery": found["id"]}


async def _settle(row: dict[str, Any], changes: dict[Any, Any]) -> None:
    await WebhookDelivery.update(changes).where(WebhookDelivery.id == row["delivery"])


async def _forget(webhook: UUID, now: datetime) -> None:
    await WebhookDelivery.delete().where(
        WebhookDelivery.webhook == webhook, WebhookDelivery.made_at < now - KEPT
    )
