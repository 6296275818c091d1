"""What happened to honours, for handlers after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class CollectiveHonoured(Event):
    """An authority granted an honour to a unit, a team or a studio."""

    case: str
