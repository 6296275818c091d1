"""Taking a body's list of numbers back as a whole: what it granted is proposed again.

What was signed already stays, because a certificate is withdrawn where everybody can read why; so does what
something else rests on by now. Each of them is named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit
from core.db import transaction
from core.errors import NotFound
from core.privacy import names_of
from core.same_person import records_of_all
from core.security import Actor, check
from core.tables import OutboxMessage
from core.undo import same_count
from credentials.issuance import GRANTED
from credentials.partners.tables import UnsignedCertificate
from credentials.records.bodies import ACTS, codes_for
from credentials.records.exchange.noticing import note_level
from credentials.records.tables import HeldLevel, Proposal
from credentials.scopes import issuer_scopes
from credentials.tables import Certificate

SIGNED, AWAY, RESTS = "signed", "away", "rests"
MOST = 100


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A list that was granted. levels: of it that still stand."""

    id: UUID
    issuer: str
    granted_at: datetime
    levels: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A level of the list. name: "" once erased. why: it stays: "" where it can be taken back, SIGNED, AWAY
    (it left to be signed elsewhere) or RESTS (a later proposal may rest on it). contest: of its proposal."""

    row: Mapping[str, Any]
    name: str
    why: str
    contest: str


async def lists_for(by: Actor) -> list[TakenIn]:
    """Of the bodies that `by` acts for, the newest first."""
    codes = sorted(await codes_for(by, ACTS) or ())
    if not codes:
        return []
    places = ", ".join("{}" for _ in codes)
    rows = await HeldLevel.raw(
        "SELECT list_id, issuer, MIN(created_at) AS granted_at, COUNT(*) AS levels FROM held_level"  # noqa: S608
        f" WHERE list_id IS NOT NULL AND issuer IN ({places}) GROUP BY list_id, issuer"
        f" ORDER BY MIN(created_at) DESC LIMIT {MOST}",
        *codes,
    )
    return [TakenIn(r["list_id"], r["issuer"], _moment(r["granted_at"]), r["levels"]) for r in rows]


async def standing(by: Actor, list_id: UUID) -> tuple[str, list[Standing]]:
    """The body and what of its list stands, by number. Raises NotFound, Forbidden."""
    rows = await HeldLevel.select().where(HeldLevel.list_id == list_id).order_by(HeldLevel.number)
    if not rows:
        raise NotFound(kind="list", id=list_id)
    scopes = await issuer_scopes(rows[0]["issuer"])
    if not by.may(ACTS, *scopes):
        raise NotFound(kind="list", id=list_id)
    why, names = await _reasons(rows), await names_of({row["person"] for row in rows})
    contests = await _contests([row["proposal"] for row in rows])
    found = [
        Standing(row, names.get(row["person"], ""), why[row["id"]], contests[row["proposal"]])
        for row in rows
    ]
    return rows[0]["issuer"], found


async def take_list_back(by: Actor, list_id: UUID, count: str) -> tuple[int, int]:
    """How many are proposed again, and how many stay. count: as it was typed, of those that go. Raises
    NotFound, Forbidden, Invalid."""
    async with transaction():
        issuer, before = await standing(by, list_id)
        scopes = await issuer_scopes(issuer)
        check(by, ACTS, *scopes)
        same_count(count, sum(not one.why for one in before))
        # First nobody signs any more: whoever has begun to is waited for, and counts as signed below.
        await _no_signing({one.row["proposal"] for one in before})
        why = await _reasons([one.row for one in before])
        going = [one.row for one in before if not why[one.row["id"]]]
        for row in going:
            await note_level(row, "taken_out")
        await _propose_again(going)
        told = {"taken_back": len(going), "left": len(before) - len(going)}
        await audit.record(
            by, "level.list-taken-back", scope=scopes[0], subject=str(list_id), after=told
        )
    return len(going), len(before) - len(going)


async def _reasons(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """Level -> why it stays."""
    keys = [row["certificate"] for row in rows if row["certificate"]]
    signed = set(
        await Certificate.select(Certificate.id)
        .where(Certificate.id.is_in(keys))
        .output(as_list=True)
    )
    away = set(
        await UnsignedCertificate.select(UnsignedCertificate.id)
        .where(UnsignedCertificate.id.is_in(keys), UnsignedCertificate.batch.is_not_null())
        .output(as_list=True)
    )
    same = await records_of_all(row["person"] for row in rows)
    later = await Proposal.select(
        Proposal.id, Proposal.person, Proposal.occupation, Proposal.created_at
    ).where(
        Proposal.person.is_in([one for records in same.values() for one in records]),
        Proposal.state.is_in(["proposed", "granted"]),
    )
    return {row["id"]: _reason(row, signed, away, later, same[row["person"]]) for row in rows}


def _reason(
    row: Mapping[str, Any],
    signed: set[UUID],
    away: set[UUID],
    later: Sequence[Mapping[str, Any]],
    own: Sequence[UUID],
) -> str:
    """own: the records of whoever holds it."""
    if row["certificate"] in signed:
        return SIGNED
    if row["certificate"] in away:
        return AWAY
    rests = any(
        one["person"] in own
        and one["occupation"] == row["occupation"]
        and one["id"] != row["proposal"]
        and one["created_at"] > row["created_at"]
        for one in later
    )
    return RESTS if rests else ""


async def _contests(proposals: Sequence[UUID]) -> dict[UUID, str]:
    rows = await Proposal.select(Proposal.id, Proposal.contest).where(
        Proposal.id.is_in(list(proposals))
    )
    return {row["id"]: row["contest"] for row in rows}


async def _no_signing(proposals: set[UUID]) -> None:
    waiting = await OutboxMessage.select(OutboxMessage.id, OutboxMessage.body).where(
        OutboxMessage.handler == GRANTED, OutboxMessage.done_at.is_null()
    )
    asked = {str(one) for one in proposals}
    ids = [row["id"] for row in waiting if json.loads(row["body"]).get("proposal") in asked]
    if ids:
        await OutboxMessage.delete().where(
            OutboxMessage.id.is_in(ids), OutboxMessage.done_at.is_null()
        )


async def _propose_again(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    proposals = [row["proposal"] for row in rows]
    changes: dict[Any, Any] = {
        Proposal.state: "proposed",
        Proposal.granted_on: "",
        Proposal.valid_until: None,
        Proposal.decided_by: None,
        Proposal.decided_at: None,
    }
    await Proposal.update(changes).where(Proposal.id.is_in(proposals), Proposal.state == "granted")
    await UnsignedCertificate.delete().where(
        UnsignedCertificate.id.is_in([row["certificate"] for row in rows])
    )
    await HeldLevel.delete().where(HeldLevel.id.is_in([row["id"] for row in rows]))


def _moment(value: Any) -> datetime:
    """SQLite gives what MIN() finds as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
