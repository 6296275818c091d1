"""Judges of a table into the pool, and out of it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, competition_scopes
from contests.entering.checked import CHANGED, NEW
from contests.entering.judges import KnownPool
from contests.entering.known import Known
from contests.entering.plain import Plain
from contests.seating.pool import PoolDraft, add_row, change_row, draft_of, pool_rows
from contests.seating.tables import Interest, PoolJudge
from core.errors import Conflict
from core.scoring.model import Finding
from core.security import Actor, check


async def known_pool(competition: UUID, delegations: Known) -> KnownPool:
    rows = await pool_rows(competition)
    shared = frozenset(row["id"] for row in rows if row["competition"] is None)
    return KnownPool({row["id"]: draft_of(row) for row in rows}, shared, delegations)


async def may_write_pool(
    by: Actor, competition: UUID, good: Sequence[Plain], *, everywhere: bool
) -> None:
    """Who keeps judges for every competition, or changes one of those, needs the organisation's pool."""
    shared = {row["id"] for row in await pool_rows(competition) if row["competition"] is None}
    if everywhere or any(one.kind == CHANGED and one.id in shared for one in good):
        check(by, "competition.configure", (await competition_scopes(competition))[-1])


async def write_pool(
    competition: UUID, good: Sequence[Plain], *, everywhere: bool, now: datetime
) -> dict[str, Any]:
    organisation = (await competition_row(competition))["organisation"]
    before = {row["id"]: draft_of(row) for row in await pool_rows(competition)}
    made, changed = [], []
    for one in good:
        if one.kind == NEW:
            where = None if everywhere else competition
            made.append(str(await add_row(one.values["judge"], organisation, where, now)))
        elif one.kind == CHANGED and one.id is not None and one.id in before:
            changed.append({"id": str(one.id), "before": asdict(before[one.id])})
            await change_row(one.id, one.values["judge"])
    persons = [*made, *(str(one.id) for one in good if one.id)]
    return {"made": made, "changed": changed, "persons": persons}


async def take_back_pool(outcome: Mapping[str, Any]) -> None:
    """Raises Conflict when one has an account by now: was appointed, or got a link."""
    made = [UUID(one) for one in outcome["made"]]
    if made and await PoolJudge.exists().where(
        PoolJudge.id.is_in(made), PoolJudge.account.is_not_null()
    ):
        raise Conflict([Finding("", "people-pool-in-use", {})])
    if made:
        await Interest.delete().where(Interest.judge.is_in(made))
        await PoolJudge.delete().where(PoolJudge.id.is_in(made))
    for one in outcome["changed"]:
        await change_row(UUID(one["id"]), _as_it_was(one["before"]))


def _as_it_was(before: Mapping[str, Any]) -> PoolDraft:
    """Out of JSON, which knows no tuples."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in before.items()
    }
    return PoolDraft(**values)
