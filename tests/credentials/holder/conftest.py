"""A score sheet behind every root, and full buckets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import score_evidence
from core.settings import Settings
from credentials import limits
from tests.credentials.holder.kit import Held, first, sheet


@pytest.fixture(autouse=True)
def source() -> Iterator[None]:
    limits.guesses._left.clear()
    score_evidence.register(sheet)
    yield
    score_evidence._sources.remove(sheet)


@pytest.fixture
async def one(database: Settings) -> Held:
    return await first()
