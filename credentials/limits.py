"""How often one address may miss: guessing ids is slow, reading real certificates is not."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from core.errors import TooMany


@dataclass
class Misses:
    """A bucket per address that every miss empties a little and time fills again."""

    capacity: float
    per_second: float
    addresses: int = 10_000
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    @property
    def counting(self) -> bool:
        """Whether anybody missed at all since the start."""
        return bool(self._left)

    def check(self, address: str) -> None:
        """Raises TooMany when the bucket is empty."""
        left = self._now(address)
        if left < 1:
            raise TooMany(seconds=max(1, round((1 - left) / self.per_second)))

    def miss(self, address: str) -> None:
        self._left[address] = self._now(address) - 1, time.monotonic()
        self._left.move_to_end(address)
        while len(self._left) > self.addresses:
            self._left.popitem(last=False)

    def _now(self, address: str) -> float:
        left, since = self._left.get(address, (self.capacity, 0.0))
        return min(self.capacity, left + (time.monotonic() - since) * self.per_second)


guesses = Misses(capacity=60, per_second=1)
"""Ids that are not there."""
forgeries = Misses(capacity=600, per_second=10)
"""Tokens that are not ours."""
