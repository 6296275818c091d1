"""What an authority's own database may read: the honours and levels that the authority granted or keeps, in
the order in which they came on record, withdrawn ones with their state.

A name is there as far as the disclosure policy lets a partner see it, with the holder's consent where it
asks for one; no document number, no contact, no employer ever is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import names_of
from core.scoring.model import Finding, Text
from core.tables import Organisation
from credentials.consents.actions import NAME
from credentials.consents.tables import HolderConsent
from credentials.pages.display import named
from credentials.partners.tables import PartnerConsent
from credentials.records.exchange import messages as messages
from credentials.records.exchange.whose import references_of
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase
from credentials.records.sealing import shown
from credentials.records.tables import HeldLevel
from credentials.tables import Certificate

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """person: what this authority's files call the holder, "" for a unit, and once erased. name: "" where
    the policy says so. state: granted, withdrawn or erased."""

    row: Row
    person: str
    name: str
    state: str
    title: Text

    @property
    def cursor(self) -> str:
        return f"{self.row['created_at'].isoformat()}~{self.row['id']}"


async def code_of(organisation: UUID) -> str:
    row = (
        await Organisation.select(Organisation.code).where(Organisation.id == organisation).first()
    )
    if row is None:
        raise NotFound(kind="organisation", id=organisation)
    return str(row["code"])


async def honours(organisation: UUID, *, limit: int, after: str = "") -> list[Item]:
    code = await code_of(organisation)
    query = HonourCase.select().where(
        HonourCase.authority == code, HonourCase.state.is_in(["granted", "withdrawn"])
    )
    return await _honours(code, await _page(query, HonourCase, limit, after))


async def honour(organisation: UUID, id: UUID) -> Item:
    """Raises NotFound, also for another authority's."""
    code = await code_of(organisation)
    rows = await HonourCase.select().where(
        HonourCase.id == id,
        HonourCase.authority == code,
        HonourCase.state.is_in(["granted", "withdrawn"]),
    )
    return _only(await _honours(code, rows), "honour", id)


async def levels(organisation: UUID, *, limit: int, after: str = "") -> list[Item]:
    code = await code_of(organisation)
    query = HeldLevel.select().where(levels_of(code))
    return await _levels(code, await _page(query, HeldLevel, limit, after))


async def level(organisation: UUID, id: UUID) -> Item:
    code = await code_of(organisation)
    rows = await HeldLevel.select().where(HeldLevel.id == id, levels_of(code))
    return _only(await _levels(code, rows), "level", id)


def levels_of(code: str) -> Any:
    """Granted here by this body, or kept by it. Whoever enters a level writes down who certified it, so that
    name alone puts nothing among a body's own."""
    granted_here = (HeldLevel.keeper == "") & (HeldLevel.issuer == code)
    return granted_here | (HeldLevel.keeper == code)


async def _page(query: Any, table: Any, limit: int, after: str) -> list[dict[str, Any]]:
    """After `after`, which stays good whatever comes and goes meanwhile."""
    if after:
        at, id = _place(after)
        query = query.where((table.created_at > at) | ((table.created_at == at) & (table.id > id)))
    rows: list[dict[str, Any]] = (
        await query.order_by(table.created_at).order_by(table.id).limit(limit)
    )
    return rows


def _place(after: str) -> tuple[datetime, UUID]:
    at, _, id = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(id)
    except ValueError as error:
        raise Invalid([Finding("/after", "credentials.exchange-after", {})]) from error


async def _honours(code: str, rows: Sequence[Row]) -> list[Item]:
    people = await _people(code, rows)
    studios = await names_of_studios(row["studio"] for row in rows if row["studio"])
    found = []
    for row in rows:
        title: Text = json.loads(row["title"])
        if row["person"]:
            person, name = people.get(row["person"], ("", ""))
            state = row["state"] if person else "erased"
        else:
            person, state = "", row["state"]
            name = studios.get(row["studio"], "") if row["studio"] else shown(row, "sealed_holder", "honour_case", row["wrapped_key"])  # fmt: skip
        found.append(Item(row, person, name, state, title))
    return found


async def _levels(code: str, rows: Sequence[Row]) -> list[Item]:
    people = await _people(code, rows)
    revoked = await _revoked([row["certificate"] for row in rows if row["certificate"]])
    found = []
    for row in rows:
        person, name = people.get(row["person"], ("", ""))
        state = "withdrawn" if row["certificate"] in revoked else "granted"
        found.append(
            Item(row, person, name, state if person else "erased", json.loads(row["title"]))
        )
    return found


async def _people(code: str, rows: Sequence[Row]) -> dict[UUID, tuple[str, str]]:
    """Person -> (reference, name as far as it may be seen); without erased ones."""
    names = await names_of({row["person"] for row in rows if row["person"]})
    known = sorted((person for person, name in names.items() if name), key=str)
    async with transaction():
        references = await references_of(code, known)
    agreed = await _agreed(code, known)
    return {
        person: (
            str(references[person]),
            named(names[person], "partner", consented=person in agreed),
        )
        for person in known
    }


async def _agreed(code: str, persons: Sequence[UUID]) -> set[UUID]:
    """Who agreed that this authority, or everybody, sees the name."""
    if not persons:
        return set()
    everybody = await HolderConsent.select(HolderConsent.person).where(
        HolderConsent.person.is_in(list(persons)),
        HolderConsent.kind == NAME,
        HolderConsent.withdrawn_at.is_null(),
    )
    partner = await PartnerConsent.select(PartnerConsent.person, PartnerConsent.fields).where(
        PartnerConsent.person.is_in(list(persons)),
        PartnerConsent.issuer == code,
        PartnerConsent.withdrawn_at.is_null(),
    )
    return {row["person"] for row in everybody} | {
        row["person"] for row in partner if "name" in row["fields"].split(",")
    }


async def _revoked(certificates: Sequence[UUID]) -> set[UUID]:
    if not certificates:
        return set()
    rows = await Certificate.select(Certificate.id).where(
        Certificate.id.is_in(list(certificates)), Certificate.state == "revoked"
    )
    return {row["id"] for row in rows}


def _only(items: Sequence[Item], kind: str, id: UUID) -> Item:
    if not items:
        raise NotFound(kind=kind, id=id)
    return items[0]
