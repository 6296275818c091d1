"""What a result issues, once and only once."""

from __future__ import annotations

import pytest

from core.settings import Settings
from credentials.queries import verify_by_id
from credentials.verify import State
from tests.credentials.facts import issued, issuers

pytestmark = pytest.mark.engine


async def test_a_final_result_issues_the_award(database: Settings) -> None:
    await issuers()

    handed_out = await issued()

    verdict = await verify_by_id(handed_out["public_id"])
    assert verdict.state is State.VALID
    assert verdict.read is not None
    assert verdict.read.name == "张伟"
