"""A contest from set-up to final result and through a correction."""

from __future__ import annotations

import pytest

from contests.chain import verify_chain
from contests.log import read
from core.settings import Settings
from tests.factories_contests import small_contest

pytestmark = pytest.mark.engine


async def test_a_contest_goes_from_draft_to_final(database: Settings) -> None:
    small = await small_contest()

    answers = await small.judge_everything()
    await small.close()
    count = await small.finish()

    assert {answer.answer for answer in answers} == {"accepted"}
    assert all(answer.countable for answer in answers)
    assert count == 4
    assert await small.state() == "final"
    assert verify_chain(await read(small.contest)) == []
