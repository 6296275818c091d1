"""A server killed in the middle: what it acknowledged is there, what it did not can be sent again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest

from contests.chain import verify_chain
from contests.log import read
from contests.sheets import payload_of
from core.settings import Settings
from tests.factories_contests import SmallContest, small_contest
from tests.fixtures.processes import Server
from tests.journeys.crowd import SCALE, hand_in, sheets_to_hand_in

pytestmark = pytest.mark.engine

JUDGES = 5


async def test_every_acknowledged_sheet_survives_a_kill_and_the_rest_is_taken_once(
    database: Settings, start_server: Callable[..., Server]
) -> None:
    small = await small_contest(entrants=max(int(200 * SCALE), 12), judges=JUDGES)
    handed = await sheets_to_hand_in(small)
    total = sum(map(len, handed.waiting.values()))
    server = start_server()

    def cut_the_power() -> None:
        if len(handed.answers) >= total // 2 and server.process.poll() is None:
            server.kill()

    await hand_in(small, handed, [server.url], after_each=cut_the_power)
    assert server.process.poll() is not None
    assert 0 < len(handed.answers) < total
    before = set(handed.acknowledged)
    server.start()

    assert before <= set(await stored_once(small))

    await hand_in(small, handed, [server.url])
    stored = await stored_once(small)
    assert len(stored) == total
    assert handed.acknowledged == set(stored)


async def stored_once(small: SmallContest) -> list[str]:
    """The rids in the log, after checking that the chain holds and none stands twice."""
    lines = await read(small.contest)
    assert verify_chain(lines) == []
    rids = Counter(
        payload_of(json.loads(line.body)["jws"]).rid for line in lines if line.kind == "sheet"
    )
    assert set(rids.values()) <= {1}
    return list(rids)
