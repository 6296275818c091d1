"""What employers' messages wait for in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class WebhookDue(Event):
    """One message is to be sent, for the first time or again."""

    delivery: str
