"""Takes a whole list back, until something rests on it: its records go, and whom nothing else is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import about_person, audit
from core.about_person import Within
from core.db import transaction
from core.errors import NotReady
from core.privacy import erase_person
from core.scoring.model import Finding
from core.security import SYSTEM, Actor, Scope
from credentials.claims import printed
from credentials.records.bodies import ACTS
from credentials.records.exchange import noticing
from credentials.records.exchange.importing import ListState, list_for
from credentials.records.exchange.tables import EarlierResult, PersonReference, RecordImport
from credentials.records.honours.tables import HonourCase, RecordEvent
from credentials.records.tables import HeldLevel, Honour, Proposal

Row = Mapping[str, Any]


async def take_back(by: Actor, list_id: UUID) -> None:
    """Raises NotReady with what rests on it. The scan goes too; its SHA-256 stays."""
    row = await list_for(by, list_id, ACTS)
    async with transaction():
        if row["state"] != "done":
            raise ListState()
        honours = await HonourCase.select().where(HonourCase.taken_in == list_id)
        if found := [*await _moved_on(honours), *await _relied_on(row, honours)]:
            raise NotReady(found)
        await _delete(list_id, honours)
        changes: dict[Any, Any] = {
            RecordImport.state: "undone",
            RecordImport.undone_at: datetime.now(UTC),
            RecordImport.undone_by: by.account,
            RecordImport.wrapped_key: None,
            RecordImport.sealed_evidence: None,
        }
        await RecordImport.update(changes).where(RecordImport.id == list_id)
        scope = Scope("issuer", row["keeper"])
        await audit.record(by, "records.taken_back", scope=scope, subject=str(list_id))
        await noticing.note_list(row, "list_taken_back")
    await _forget_the_new(list_id)


async def _moved_on(honours: list[dict[str, Any]]) -> list[Finding]:
    found = []
    for row in honours:
        events = await RecordEvent.count().where(RecordEvent.about == row["id"])
        if events > 1 or row["asked_at"]:
            params = {"title": printed(json.loads(row["title"])), "day": row["granted_on"]}
            found.append(Finding("", "credentials.taken-moved", params))
    return found


async def _relied_on(row: Row, honours: list[dict[str, Any]]) -> list[Finding]:
    """What was granted to its persons since may count a level or honour of it."""
    levels = await HeldLevel.select(HeldLevel.person).where(HeldLevel.taken_in == row["id"])
    persons = {one["person"] for one in [*levels, *honours] if one["person"]}
    if not persons:
        return []
    count = await Proposal.count().where(
        Proposal.person.is_in(sorted(persons, key=str)),
        Proposal.state == "granted",
        Proposal.created_at > row["created_at"],
    )
    params = {"count": str(count)}
    return [Finding("", "credentials.taken-relied", params)] if count else []


async def _delete(list_id: UUID, honours: list[dict[str, Any]]) -> None:
    ids = [row["id"] for row in honours]
    if ids:
        await RecordEvent.delete().where(RecordEvent.about.is_in(ids))
        await Honour.delete().where(Honour.id.is_in(ids))
        await HonourCase.delete().where(HonourCase.id.is_in(ids))
    await HeldLevel.delete().where(HeldLevel.taken_in == list_id)
    await EarlierResult.delete().where(EarlierResult.taken_in == list_id)


async def _forget_the_new(list_id: UUID) -> None:
    """Persons who came on record by the list and of whom nothing else is known."""
    rows = await PersonReference.select(PersonReference.person).where(
        PersonReference.made_by == list_id
    )
    for row in rows:
        chapters = await about_person.about(row["person"], Within())
        own = {"person", "documents"}
        if not any(one.records or one.files for one in chapters if one.code not in own):
            await erase_person(row["person"], by=SYSTEM)
