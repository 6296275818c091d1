"""What waits for the reader's decision, over all contests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from admin.console.naming import titles_of
from admin.console.running.hall import hall_of, labels_of
from admin.console.running.recheck import Asked, before_and_after
from admin.console.steps import APPROVALS, PERMISSIONS
from contests.actions.approvals import shown_body
from contests.tables import Approval, Competition, Contest
from core.errors import NotFound
from core.privacy import person_name
from core.releasing import HeldLink, held_links
from core.scoring.model import Text
from core.security import Actor, Connection, Scope


@dataclass(frozen=True, slots=True)
class Waiting:
    """own: the reader asked for it, so somebody else decides. correction: the mark before and after.
    renaming: the name before and after.
    reason: as far as the reader may take this step."""

    id: UUID
    contest: UUID
    title: Text
    sentence: str
    params: Mapping[str, Any]
    by: str
    at: datetime
    own: bool
    reason: str
    correction: Asked | None = None
    renaming: tuple[str, str] | None = None


async def waiting(by: Actor, *, contest: UUID | None = None) -> list[Waiting]:
    """The oldest first: everything that the reader may decide, or has asked for."""
    query = Approval.select().where(Approval.decided_at.is_null())
    rows = await (query.where(Approval.contest == contest) if contest else query).order_by(
        Approval.requested_at
    )
    places = await _contests({row["contest"] for row in rows})
    mine = [
        row
        for row in rows
        if row["contest"] in places
        and by.may(PERMISSIONS.get(row["verb"], "contest.configure"), *places[row["contest"]][1])
    ]
    labels = await labels_of({row["requested_by"] for row in mine})
    return [
        await _waiting(row, places[row["contest"]][0], labels.get(row["requested_by"], ""), by)
        for row in mine
    ]


async def _waiting(row: Mapping[str, Any], title: Text, label: str, by: Actor) -> Waiting:
    body = await shown_body(by, row)
    change = None
    if row["verb"] == "correct_mark":
        change = await before_and_after(await hall_of(row["contest"], by), row["id"])
    return Waiting(
        id=row["id"],
        contest=row["contest"],
        title=title,
        sentence=APPROVALS.get(row["verb"], row["verb"]),
        params={"module": body.get("module", "")},
        by=label,
        at=row["requested_at"],
        own=row["requested_by"] == by.account,
        reason=str(body.get("reason", "")),
        correction=change,
        renaming=await _renaming(body) if row["verb"] == "correct_name" else None,
    )


async def _renaming(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """None for who may not take the step: the body is empty then."""
    if "person" not in body:
        return None
    return await person_name(UUID(body["person"])), body["name"]


async def links(by: Actor) -> list[tuple[HeldLink, list[tuple[str, Text]]]]:
    """Links that wait for the reader's release, each with its duties (role, where)."""
    found = await held_links(by)
    titles = await titles_of({scope for link in found for _, scope in link.duties})
    return [
        (link, [(role.value, titles.get(scope, {})) for role, scope in link.duties])
        for link in found
    ]


async def _contests(ids: set[UUID]) -> dict[UUID, tuple[Text, tuple[Scope, ...]]]:
    """Contest -> its title and the scopes around it."""
    if not ids:
        return {}
    rows = await Contest.select(Contest.id, Contest.title, Contest.competition).where(
        Contest.id.is_in(list(ids))
    )
    held = await Competition.select(Competition.id, Competition.organisation).where(
        Competition.id.is_in([row["competition"] for row in rows])
    )
    organisations = {row["id"]: row["organisation"] for row in held}
    return {
        row["id"]: (
            json.loads(row["title"]),
            (
                Scope("contest", str(row["id"])),
                Scope("competition", str(row["competition"])),
                Scope("organisation", str(organisations.get(row["competition"], ""))),
            ),
        )
        for row in rows
    }


async def of_approval(connection: Connection) -> Sequence[Scope]:
    """The scopes of the contest that the approval in the path belongs to."""
    row = (
        await Approval.select(Approval.contest)
        .where(Approval.id == connection.path_params["approval"])
        .first()
    )
    if row is None:
        raise NotFound(kind="approval", id=connection.path_params["approval"])
    found = await _contests({row["contest"]})
    return found[row["contest"]][1] if row["contest"] in found else ()
