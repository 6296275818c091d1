"""A contest at home, and a venue beside it on the same kind of database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from core.settings import Settings
from tests.contests.lending.two_houses import House, new_house
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures import postgres


@pytest_asyncio.fixture
async def small(database: Settings) -> SmallContest:
    return await small_contest(entrants=4, judges=3)


@pytest_asyncio.fixture
async def venue(database: Settings, tmp_path: Path) -> AsyncIterator[House]:
    house, name = new_house(tmp_path / "venue")
    server = postgres.server_url()
    if name:
        await asyncio.to_thread(postgres.create, server, name)
    yield house
    if name:
        postgres.drop_later(server, name)
