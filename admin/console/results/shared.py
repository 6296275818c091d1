"""What the pages of these rooms share."""

from __future__ import annotations

from uuid import UUID

from contests.actions.common import scopes_of
from core.security import Actor

ROOM = "results"
PAPERS = "papers"


async def tabs_for(contest: UUID, by: Actor) -> list[str]:
    """The parts of the room that this reader may enter."""
    scopes = await scopes_of(contest)
    if not by.may("contest.read_standings", *scopes):
        return []
    return ["standings", "prizes", "teams", "figures", "files"]
