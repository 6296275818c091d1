"""Reads what an import is held against. No writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row, contest_row
from contests.entering.draft import Line
from contests.entering.known import Known, KnownEntry, KnownMember
from contests.entering.members import read_member
from contests.identity.sealing import person_hash, persons_of, teams_of
from contests.identity.tables import SealedIdentity
from contests.tables import Contest, Delegation, Entry
from core.privacy import documents_of_all, facts_of, names_of, owners_of
from core.registry import registry
from core.scoring.model import Text

_CHUNK = 2000


async def known_for(contest: UUID, lines: Sequence[Line] = ()) -> Known:
    """Everything on record that entrants of this contest are compared with. lines: whose documents
    are looked up as well."""
    row = await contest_row(contest)
    known = await _surroundings(row)
    documents = [
        d for line in lines for d in read_member(line, known, add_delegations=True).documents
    ]
    owners = await owners_of(documents)
    elsewhere = await _elsewhere(contest, row["competition"], owners.values())
    return replace(known, entries=await entries_of(contest), owners=owners, elsewhere=elsewhere)


async def surroundings_of(contest: UUID) -> Known:
    """Delegations, groups and rules, without anybody who is entered."""
    return await _surroundings(await contest_row(contest))


async def entries_of(contest: UUID) -> list[KnownEntry]:
    """All entries in the order of registration, with their members' data; erased persons are out."""
    rows = await Entry.select().where(Entry.contest == contest).order_by(Entry.created_at)
    sealed, teams = await persons_of(contest), await teams_of(contest)
    everybody = [person for persons in sealed.values() for person in persons]
    names, facts = await names_of(everybody), await facts_of(everybody)
    documents = await documents_of_all(everybody)
    return [
        KnownEntry(
            id=row["id"],
            members=[
                KnownMember(p, names.get(p, ""), facts.get(p, {}), documents.get(p, ()))
                for p in sealed.get(str(row["id"]), ())
            ],
            number=row["number"],
            group=row["group_code"],
            delegation=row["delegation"],
            reserve=row["reserve"],
            status=row["status"],
            team=teams.get(str(row["id"]), {}),
        )
        for row in rows
    ]


async def _surroundings(row: Mapping[str, Any]) -> Known:
    competition = await competition_row(row["competition"])
    delegations = (
        await Delegation.select()
        .where(Delegation.competition == row["competition"])
        .order_by(Delegation.code)
    )
    facts: Mapping[str, Any] = json.loads(row["facts"] or "{}")
    partners = registry().partners()
    named = set(json.loads(competition["authorities"] or "[]"))
    return Known(
        delegations={d["id"]: json.loads(d["title"]) for d in delegations},
        delegation_codes={d["id"]: d["code"] for d in delegations},
        delegation_cities={d["id"]: d["city"] for d in delegations},
        groups=[group for group in facts.get("registered", {}) if group],
        partners=partners,
        authorities=[partner for partner in partners if partner.code in named],
        contest_class=str(facts.get("contest_class", "")),
        occupation=str(facts.get("occupation", "")),
        held_on=str(facts.get("held_on", "")),
    )


async def _elsewhere(
    contest: UUID, competition: UUID, persons: Iterable[UUID]
) -> dict[UUID, list[Text]]:
    """Person -> titles of the other contests of the competition that the person has entered."""
    others = {
        row["id"]: json.loads(row["title"])
        for row in await Contest.select(Contest.id, Contest.title).where(
            Contest.competition == competition, Contest.id != contest, Contest.state != "cancelled"
        )
    }
    by_hash = {person_hash(person): person for person in persons}
    found: dict[UUID, list[Text]] = {}
    wanted = list(by_hash)
    for start in range(0, len(wanted) if others else 0, _CHUNK):
        rows = await SealedIdentity.select(
            SealedIdentity.contest, SealedIdentity.entry, SealedIdentity.person_hash
        ).where(
            SealedIdentity.person_hash.is_in(wanted[start : start + _CHUNK]),
            SealedIdentity.contest.is_in(list(others)),
        )
        gone = await _withdrawn([row["entry"] for row in rows])
        for row in rows:
            if row["entry"] not in gone:
                found.setdefault(by_hash[row["person_hash"]], []).append(others[row["contest"]])
    return found


async def _withdrawn(entries: Sequence[UUID]) -> set[UUID]:
    if not entries:
        return set()
    rows = await Entry.select(Entry.id).where(
        Entry.id.is_in(list(entries)), Entry.status == "withdrawn"
    )
    return {row["id"] for row in rows}
