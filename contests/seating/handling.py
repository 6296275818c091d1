"""What a contest does about each kind of conflict of interest; declared while it is a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from contests.actions.common import contest_row
from contests.actions.setup import save_facts
from core.security import Actor


async def save_handling(
    by: Actor, contest: UUID, handling: Mapping[str, str], *, revision: int
) -> int:
    """Kind -> block, recuse, warn or ignore. Returns the new revision."""
    facts = json.loads((await contest_row(contest))["facts"])
    conflicts = {**facts.get("conflicts", {}), **handling}
    return await save_facts(by, contest, {**facts, "conflicts": conflicts}, revision=revision)
