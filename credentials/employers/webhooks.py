"""An employer's addresses that hear of changes: add, try out, switch on again, remove, look at."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from core.outbox import put
from core.privacy import new_key, place, seal, unseal, unwrap, wrap
from core.scoring.model import Finding
from core.security import Actor
from credentials.employers.access import scope_of
from credentials.employers.events import WebhookDue
from credentials.employers.messaging import TEST, trial_body
from credentials.employers.reaching import address_findings
from credentials.employers.tables import Webhook, WebhookDelivery

MOST = 5
SHOWN = 20
"""Messages of each address that are listed."""


class SwitchedOff(Conflict):
    slug = "webhook-off"
    title = "This address was switched off. Switch it on again first."


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """secret: shown now and never again."""

    id: UUID
    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class Message:
    """answer: a status, or a word of `reaching.Unreached`; "" before the first try."""

    id: UUID
    change: str
    certificate: str
    made_at: datetime
    attempts: int
    tried_at: datetime | None
    answer: str
    next_at: datetime | None
    done_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    id: UUID
    address: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    messages: Sequence[Message]


async def add_webhook(by: Actor, organisation: UUID, address: str) -> NewWebhook:
    """Raises Invalid for an address that can't be reached from here."""
    address, secret, id_ = address.strip(), f"jxw_{secrets.token_urlsafe(32)}", uuid4()
    findings = await address_findings(address)
    key = new_key()
    async with transaction():
        if await Webhook.count().where(Webhook.organisation == organisation) >= MOST:
            findings.append(Finding("", "credentials.webhook-many", {"most": str(MOST)}))
        if findings:
            raise Invalid(findings)
        await Webhook.insert(
            Webhook(
                id=id_,
                organisation=organisation,
                address=address,
                wrapped_key=wrap(key),
                sealed_secret=seal(key, secret.encode(), _context(id_)),
                made_at=datetime.now(UTC),
            )
        )
        await _noted(by, "employer.webhook_added", organisation, id_)
    return NewWebhook(id_, address, secret)


async def remove_webhook(by: Actor, organisation: UUID, webhook: UUID) -> None:
    async with transaction():
        await _own(organisation, webhook)
        await WebhookDelivery.delete().where(WebhookDelivery.webhook == webhook)
        await Webhook.delete().where(Webhook.id == webhook)
        await _noted(by, "employer.webhook_removed", organisation, webhook)


async def switch_on(by: Actor, organisation: UUID, webhook: UUID) -> None:
    """What happened meanwhile stands in the list of what is followed; it is not sent any more."""
    async with transaction():
        await _own(organisation, webhook)
        await Webhook.update({Webhook.disabled_at: None, Webhook.failing_since: None}).where(
            Webhook.id == webhook
        )
        await _noted(by, "employer.webhook_on", organisation, webhook)


async def try_out(organisation: UUID, webhook: UUID) -> UUID:
    """A message that says it is a test; sent once. Its id."""
    now, delivery = datetime.now(UTC), uuid4()
    async with transaction():
        row = await _own(organisation, webhook)
        if row["disabled_at"] is not None:
            raise SwitchedOff
        await WebhookDelivery.insert(
            WebhookDelivery(
                id=delivery,
                webhook=webhook,
                change=TEST,
                body=trial_body(delivery, now),
                made_at=now,
                next_at=now,
            )
        )
        await put(WebhookDue(str(delivery)))
    return delivery


async def webhooks_of(organisation: UUID) -> Sequence[Shown]:
    """In the order in which they were added, each with its newest messages."""
    rows = (
        await Webhook.select().where(Webhook.organisation == organisation).order_by(Webhook.made_at)
    )
    return [
        Shown(
            row["id"],
            row["address"],
            row["made_at"],
            row["failing_since"],
            row["disabled_at"],
            await _messages(row["id"]),
        )
        for row in rows
    ]


def secret_of(row: Mapping[str, Any]) -> str:
    """Of a Webhook's row."""
    key = unwrap(row["wrapped_key"])
    return unseal(key, row["sealed_secret"], _context(row["id"])).decode()


async def _messages(webhook: UUID) -> list[Message]:
    rows = (
        await WebhookDelivery.select()
        .where(WebhookDelivery.webhook == webhook)
        .order_by(WebhookDelivery.made_at, ascending=False)
        .limit(SHOWN)
    )
    return [
        Message(
            row["id"],
            row["change"],
            row["certificate"],
            row["made_at"],
            row["attempts"],
            row["tried_at"],
            row["answer"],
            row["next_at"],
            row["done_at"],
            row["given_up_at"],
        )
        for row in rows
    ]


async def _own(organisation: UUID, webhook: UUID) -> dict[str, Any]:
    """Raises NotFound for another employer's."""
    row = (
        await Webhook.select()
        .where(Webhook.id == webhook, Webhook.organisation == organisation)
        .first()
    )
    if row is None:
        raise NotFound(kind="webhook", id=webhook)
    return dict(row)


def _context(webhook: UUID) -> bytes:
    return place("webhook", "sealed_secret", webhook)


async def _noted(by: Actor, action: str, organisation: UUID, webhook: UUID) -> None:
    await audit.record(by, action, scope=scope_of(organisation), subject=str(webhook))
