"""Reads of a person's record. No writes."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from core.same_person import records_of
from credentials.records.exchange.telling import earlier_results_of, paper
from credentials.records.tables import Application, HeldLevel, Honour, Proposal
from credentials.tables import Certificate

Row = dict[str, Any]


async def whole_record(person: UUID) -> dict[str, list[Row]]:
    """`person_record` of every record that was joined to this one, the one that stands for all first."""
    told = [await person_record(record) for record in await records_of(person)]
    return {part: [row for one in told for row in one[part]] for part in told[0]}


async def person_record(person: UUID) -> dict[str, list[Row]]:
    """Everything that one record holds, was proposed for or applied for, oldest first; no name in it."""
    return {
        "certificates": await _certificates(person),
        "levels": [
            _shown(row)
            for row in await HeldLevel.select()
            .where(HeldLevel.person == person)
            .order_by(HeldLevel.granted_on)
        ],
        "honours": await honours_of(person),
        "proposals": [
            _shown(row)
            for row in await Proposal.select()
            .where(Proposal.person == person)
            .order_by(Proposal.created_at)
        ],
        "earlier_results": await earlier_results_of(person),
        "applications": [
            _shown(row)
            for row in await Application.select()
            .where(Application.person == person)
            .order_by(Application.filed_at)
        ],
    }


async def _certificates(person: UUID) -> list[Row]:
    rows = (
        await Certificate.select(
            Certificate.public_id,
            Certificate.kind,
            Certificate.issuer,
            Certificate.contest,
            Certificate.grade,
            Certificate.title,
            Certificate.awarded_on,
            Certificate.state,
        )
        .where(Certificate.person == person)
        .order_by(Certificate.awarded_on)
    )
    return [_shown(row) for row in rows]


async def honours_of(person: UUID) -> list[Row]:
    rows = await Honour.select().where(Honour.person == person).order_by(Honour.granted_on)
    return [_shown(row) for row in rows]


async def disclosed_honours(person: UUID | None) -> list[Row]:
    """Those that their authority lets the verify page show."""
    rows = (
        await Honour.select(
            Honour.kind,
            Honour.grade,
            Honour.title,
            Honour.authority,
            Honour.authority_title,
            Honour.granted_on,
            Honour.paper,
        )
        .where(Honour.person == person, Honour.disclosed.eq(True), Honour.withdrawn_at.is_null())
        .order_by(Honour.granted_on)
    )
    return [_shown(row) for row in rows]


async def proposal_page(*, contest: str, state: str, limit: int, after: str) -> list[Row]:
    query = Proposal.select().order_by(Proposal.id)
    if contest:
        query = query.where(Proposal.contest == contest)
    if state:
        query = query.where(Proposal.state == state)
    if after:
        query = query.where(Proposal.id > UUID(after))
    return [_shown(row) for row in await query.limit(limit)]


_HIDDEN = (
    "number_hash",
    "facts",
    "person",
    "decided_by",
    "explained",
    "output",
    "wrapped_key",
    "sealed_file",
)
_MARK = ("taken_in", "paper")
_TEXTS = ("title", "clause", "authority_title")


def _shown(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name not in (*_HIDDEN, *_MARK)}
    if row.get("paper"):
        shown["paper"] = paper()
    return {
        name: json.loads(value) if name in _TEXTS and value else value
        for name, value in shown.items()
    }
