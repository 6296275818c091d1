"""What happens by the clock."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class StackDue(Event):
    """The time is over for which something of a stack is kept."""

    stack: str
