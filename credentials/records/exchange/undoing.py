"""Takes a whole list back, until something rests on it: its records go, and whom nothing else is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core import about_person, audit, regular
from core.about_person import Within
from core.db import scrub, transaction
from core.errors import NotReady
from core.privacy import erase_within
from core.same_person import records_of, records_of_all
from core.scoring.model import Finding
from core.security import SYSTEM, Actor, Scope
from credentials.claims import printed
from credentials.records.bodies import ACTS
from credentials.records.exchange import noticing
from credentials.records.exchange.importing import list_for, move
from credentials.records.exchange.tables import EarlierResult, PersonReference, RecordImport
from credentials.records.honours.tables import HonourCase, RecordEvent
from credentials.records.tables import HeldLevel, Honour, Proposal

Row = Mapping[str, Any]


def register() -> None:
    regular.register("credentials.record_lists_newcomers", forget_newcomers)


async def take_back(by: Actor, list_id: UUID) -> None:
    """Raises NotReady with what rests on it. The scan goes too; its SHA-256 stays."""
    row = await list_for(by, list_id, ACTS)
    async with transaction():
        changes: dict[Any, Any] = {
            RecordImport.state: "undone",
            RecordImport.undone_at: datetime.now(UTC),
            RecordImport.undone_by: by.account,
            RecordImport.wrapped_key: None,
            RecordImport.sealed_evidence: None,
        }
        await move(list_id, "done", changes)
        honours = await HonourCase.select().where(HonourCase.taken_in == list_id)
        if found := [*await _moved_on(honours), *await _relied_on(row, honours)]:
            raise NotReady(found)
        await _delete(list_id, honours)
        scope = Scope("issuer", row["keeper"])
        await audit.record(by, "records.taken_back", scope=scope, subject=str(list_id))
        await noticing.note_list(row, "list_taken_back")
    await forget_newcomers()


async def forget_newcomers() -> None:
    """Persons who came on record by a list that was taken back, and of whom nothing else is known. Also called
    about once an hour, for whom a process that ended meanwhile has left."""
    undone = RecordImport.select(RecordImport.id).where(RecordImport.state == "undone")
    lists = await undone.output(as_list=True)
    if not lists:
        return
    rows = await PersonReference.select(PersonReference.id, PersonReference.person).where(
        PersonReference.made_by.is_in(lists)
    )
    for row in rows:
        async with transaction():
            if await _known_otherwise(row["person"]):
                stays: dict[Any, Any] = {PersonReference.made_by: None}
                await PersonReference.update(stays).where(PersonReference.id == row["id"])
            else:
                await erase_within(row["person"], by=SYSTEM)
    if rows:
        await scrub()


async def _known_otherwise(person: UUID) -> bool:
    """By what is told of the person, or because two persons said that another record is the same one's."""
    own = {"person", "documents"}
    chapters = await about_person.about(person, Within())
    told = any(one.records or one.files for one in chapters if one.code not in own)
    return told or len(await records_of(person)) > 1


async def _moved_on(honours: list[dict[str, Any]]) -> list[Finding]:
    found = []
    for row in honours:
        events = await RecordEvent.count().where(RecordEvent.about == row["id"])
        if events > 1 or row["asked_at"]:
            params = {"title": printed(json.loads(row["title"])), "day": row["granted_on"]}
            found.append(Finding("", "credentials.taken-moved", params))
    return found


async def _relied_on(row: Row, honours: list[dict[str, Any]]) -> list[Finding]:
    """What its persons were proposed for since, in whichever of their records, may count a level or honour
    of it."""
    levels = await HeldLevel.select(HeldLevel.person).where(HeldLevel.taken_in == row["id"])
    persons = {one["person"] for one in [*levels, *honours] if one["person"]}
    if not persons:
        return []
    same = (await records_of_all(persons)).values()
    count = await Proposal.count().where(
        Proposal.person.is_in(sorted({one for records in same for one in records}, key=str)),
        Proposal.state.is_in(["proposed", "granted", "questioned"]),
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
