"""The lines behind a signed root: this entrant's alone, named as the frozen scheme names them."""

from __future__ import annotations

import json

import pytest

from contests.evidence import Leaf, root
from core.events import ResultFinal
from core.score_evidence import lines_of
from core.settings import Settings
from tests.factories_contests import heard, listening, small_contest

pytestmark = pytest.mark.engine


async def test_a_root_opens_the_lines_of_its_own_entrant_and_of_nobody_else(
    database: Settings,
) -> None:
    small = await small_contest()
    await small.judge_everything()
    await small.close()
    with listening(ResultFinal):
        await small.finish()
        facts = {event.facts.entry: event.facts for event in await heard()}
    mine, other = list(facts.values())[:2]

    lines = await lines_of(mine.contest, mine.entry, mine.evidence_root)

    leaves = [Leaf(n, line.content, line.salt) for n, line in enumerate(lines)]
    contents = [json.loads(line.content) for line in lines]
    assert root(leaves) == mine.evidence_root
    assert contents[-1]["rank"] == mine.rank
    named = next(line for line, said in zip(lines, contents, strict=True) if "aspect" in said)
    assert named.title
    assert named.maximum
    assert await lines_of(mine.contest, other.entry, mine.evidence_root) == ()
    assert await lines_of(mine.contest, mine.entry, other.evidence_root) == ()
    assert await lines_of("no contest", mine.entry, mine.evidence_root) == ()
