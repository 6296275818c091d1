"""What the newest result version says of each entry, for whoever explains what follows from it."""

from __future__ import annotations

from uuid import UUID

from contests.log import read
from contests.outcome import facts_of_version
from contests.replay import replay
from core.events import ResultFacts


async def newest_facts(contest: UUID) -> dict[str, ResultFacts]:
    """Entry id -> facts; {} before the contest is closed."""
    known = replay(await read(contest))
    if not known.versions:
        return {}
    return await facts_of_version(contest, known, version=known.versions[-1].number)
