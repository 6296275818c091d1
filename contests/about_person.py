"""What is on record about one person in contests, for that person alone (`core.about_person`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contests.entering.photos import photos_of
from contests.entering.tables import ImportedPerson, PeopleImport
from contests.identity.sealing import person_hash
from contests.identity.tables import SealedIdentity
from contests.tables import Competition, Contest, Delegation, Entry, LogText
from core import about_person
from core.about_person import Chapter, Source, Within


def install() -> None:
    """Called when the package is loaded."""
    covered = {"contests.identity", "contests.texts", "contests.photos", "contests.imports"}
    about_person.register(Source("contests", _tell, frozenset(covered)))


async def _tell(person: UUID, within: Within) -> list[Chapter]:
    hashed = person_hash(person)
    rows = await SealedIdentity.select(SealedIdentity.entry, SealedIdentity.contest).where(
        SealedIdentity.person_hash == hashed, SealedIdentity.sealed_person.is_not_null()
    )
    entries = [row["entry"] for row in rows if within.has(contest=str(row["contest"]))]
    photo = await photos_of([person])
    return [
        Chapter("entries", "Contests entered", [await _entry(one) for one in entries]),
        Chapter(
            "photo",
            "Photo",
            [{"file": "photo.jpg"}] if photo else [],
            {"photo.jpg": photo[person]} if photo else {},
        ),
        Chapter(
            "imports", "Lists by which the organiser entered you", await _imports(hashed, within)
        ),
    ]


async def _entry(entry: UUID) -> Mapping[str, Any]:
    """notes: free texts about the entry that stand sealed in the contest's log, which name others too;
    the reader learns that there are some and asks the organiser for them."""
    row: dict[str, Any] = await Entry.select().where(Entry.id == entry).first() or {}
    contest: dict[str, Any] = (
        await Contest.select(Contest.title, Contest.facts, Contest.competition)
        .where(Contest.id == row.get("contest"))
        .first()
        or {}
    )
    notes = await LogText.count().where(LogText.entry == entry, LogText.sealed_text.is_not_null())
    facts = json.loads(contest.get("facts") or "{}")
    return {
        "competition": await _title(Competition, contest.get("competition")),
        "contest": json.loads(contest.get("title") or "{}"),
        "held_on": facts.get("held_on", ""),
        "number": row.get("number", ""),
        "group": row.get("group_code", ""),
        "delegation": await _title(Delegation, row.get("delegation")),
        "status": row.get("status", ""),
        "members_of_the_entry": row.get("members", 1),
        "entered_at": row["created_at"].isoformat() if row.get("created_at") else "",
        "sealed_notes_about_the_entry": notes,
    }


async def _title(table: Any, id: UUID | None) -> dict[str, str]:
    row = await table.select(table.title).where(table.id == id).first() if id else None
    found: dict[str, str] = json.loads(row["title"]) if row else {}
    return found


async def _imports(hashed: str, within: Within) -> list[Mapping[str, Any]]:
    named = await ImportedPerson.select(ImportedPerson.people_import).where(
        ImportedPerson.person_hash == hashed
    )
    ids = [row["people_import"] for row in named]
    if not ids:
        return []
    rows = await PeopleImport.select(
        PeopleImport.contest, PeopleImport.made_at, PeopleImport.wrapped_key
    ).where(PeopleImport.id.is_in(ids))
    return [
        {"list_of": row["made_at"].isoformat(), "still_kept": row["wrapped_key"] is not None}
        for row in rows
        if within.has(contest=str(row["contest"]))
    ]
