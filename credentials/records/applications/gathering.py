"""The file of an application, gathered from the record: the result, the certificates, levels and honours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.same_person import records_of
from credentials.records.proposals import facts_of
from credentials.records.tables import HeldLevel, Honour
from credentials.tables import Certificate

Gathered = dict[str, Any]


async def gather(proposal: Mapping[str, Any]) -> Gathered:
    """JSON-able; texts in all their languages. Scores stay where they are: a place is enough."""
    facts, person = facts_of(proposal), proposal["person"]
    return {
        "result": _result(facts, proposal),
        "clause": json.loads(proposal["clause"] or "{}"),
        "source": proposal["source"],
        "certificates": await _certificates(person, proposal["entry"]),
        "levels": await _levels(person, proposal["occupation"]),
        "honours": await _honours(person),
    }


async def states_of(numbers: Sequence[str]) -> dict[str, str]:
    """Number -> state today: what was gathered does not change, certificates do."""
    if not numbers:
        return {}
    rows = await Certificate.select(Certificate.public_id, Certificate.state).where(
        Certificate.public_id.is_in(list(numbers))
    )
    return {row["public_id"]: row["state"] for row in rows}


def _result(facts: Mapping[str, Any], proposal: Mapping[str, Any]) -> Gathered:
    if not proposal["contest"]:
        return {}
    prize: Any = next((o["title"] for o in facts["outputs"] if o["kind"] == "award"), {})
    return {
        "competition": facts["competition_title"],
        "contest": facts["contest_title"],
        "held_on": facts["held_on"],
        "rank": facts["rank"],
        "entrants": facts["entrants"],
        "prize": prize,
        "members": len(facts["persons"]),
    }


async def _certificates(person: UUID, entry: str) -> list[Gathered]:
    rows = (
        await Certificate.select(
            Certificate.public_id, Certificate.title, Certificate.issuer, Certificate.awarded_on
        )
        .where(Certificate.person.is_in(list(await records_of(person))), Certificate.entry == entry)
        .order_by(Certificate.awarded_on)
    )
    return [
        {
            "number": row["public_id"],
            "title": json.loads(row["title"]),
            "issuer": row["issuer"],
            "day": row["awarded_on"],
        }
        for row in rows
    ]


async def _levels(person: UUID, occupation: str) -> list[Gathered]:
    rows = (
        await HeldLevel.select(
            HeldLevel.title, HeldLevel.issuer, HeldLevel.granted_on, HeldLevel.paper
        )
        .where(
            HeldLevel.person.is_in(list(await records_of(person))),
            HeldLevel.occupation == occupation,
        )
        .order_by(HeldLevel.granted_on)
    )
    return [_held(row, row["issuer"]) for row in rows]


async def _honours(person: UUID) -> list[Gathered]:
    rows = (
        await Honour.select(Honour.title, Honour.authority, Honour.granted_on, Honour.paper)
        .where(Honour.person.is_in(list(await records_of(person))), Honour.withdrawn_at.is_null())
        .order_by(Honour.granted_on)
    )
    return [_held(row, row["authority"]) for row in rows]


def _held(row: Mapping[str, Any], issuer: str) -> Gathered:
    """paper: from a list of before the platform, not judged on it."""
    told = {"title": json.loads(row["title"]), "issuer": issuer, "day": row["granted_on"]}
    return {**told, "paper": True} if row["paper"] else told
