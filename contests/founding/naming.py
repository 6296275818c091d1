"""What a competition or a contest is called, when and where it is held: edited, never overwritten
by somebody who read an older state."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from contests.actions.common import allowed, competition_row, competition_scopes, json_text
from contests.actions.setup import competition_findings
from contests.tables import Competition, Contest
from core import audit
from core.db import transaction
from core.errors import Invalid, Stale, WrongState
from core.scoring.model import Finding, Text
from core.security import Actor, Scope, check


async def edit_competition(
    by: Actor,
    competition: UUID,
    *,
    title: Text,
    held_from: str,
    held_to: str,
    place: str,
    seen: str,
) -> None:
    """seen: `state_of` when the form was made. Raises Stale when somebody has saved since."""
    check(by, "competition.configure", *await competition_scopes(competition))
    if findings := competition_findings(title, held_from, held_to):
        raise Invalid(findings)
    async with transaction():
        row = await competition_row(competition)
        if state_of(row) != seen:
            raise Stale(kind="competition", id=competition, revision="")
        await Competition.update(
            {
                Competition.title: json_text(dict(title)),
                Competition.held_from: held_from,
                Competition.held_to: held_to,
                Competition.place: place.strip(),
            }
        ).where(Competition.id == competition)
        scope = Scope("competition", str(competition))
        before = {"title": json.loads(row["title"]), "held": [row["held_from"], row["held_to"]]}
        after = {"title": dict(title), "held": [held_from, held_to]}
        await audit.record(by, "edit_competition", scope=scope, before=before, after=after)


def state_of(row: dict[str, Any]) -> str:
    """What two forms of the same competition have in common while nobody has saved."""
    names = ("title", "held_from", "held_to", "place")
    return json_text([row[name] for name in names])


async def rename_contest(by: Actor, contest: UUID, title: Text, *, revision: int) -> int:
    """Returns the new revision. A contest that is marked already keeps its name."""
    scope = await allowed(by, "contest.configure", contest)
    if not any(words.strip() for words in title.values()):
        raise Invalid([Finding("/title", "title-missing", {})])
    async with transaction():
        rows = await Contest.raw(
            "UPDATE contest SET title = {}, revision = revision + 1 WHERE id = {} AND revision = {}"
            " AND state IN ('draft', 'ready') RETURNING revision",
            json_text(dict(title)),
            contest,
            revision,
        )
        if not rows:
            raise await _not_saved(contest)
        await audit.record(by, "rename_contest", scope=scope, after={"title": dict(title)})
    return int(rows[0]["revision"])


async def _not_saved(contest: UUID) -> Exception:
    row = await Contest.select(Contest.state, Contest.revision).where(Contest.id == contest).first()
    if row is not None and row["state"] not in ("draft", "ready"):
        return WrongState(contest=contest, state=row["state"], needed="draft / ready")
    return Stale(kind="contest", id=contest, revision=row["revision"] if row else 0)
