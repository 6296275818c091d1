"""A contest of this installation as a package's files. Everything that decides comes from the log;
names only when they are asked for by somebody who may read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from contests.actions.common import competition_row, contest_row, scopes_of
from contests.identity.sealing import persons_of
from contests.log import read
from contests.packages.format import (
    FORMAT,
    VERSION,
    CompetitionFacts,
    ContestFacts,
    DelegationFacts,
    JudgeFacts,
    LogEnd,
    MemberFacts,
    Package,
    StoredResults,
    TypeReference,
)
from contests.packages.writing import files_of
from contests.preparing import appointments_of, entries_of
from contests.replay import AppointedFacts, Replayed, replay
from contests.scoring import read_results
from contests.tables import Contest, Delegation, ResultRow
from core import audit
from core.db import transaction
from core.errors import NotFound
from core.privacy import names_of
from core.scoring.codec import from_json
from core.scoring.model import EntryFacts, Record, Rules, Scheme
from core.security import Actor, Scope, check
from core.tables import Organisation


async def export_contest(by: Actor, contest: UUID) -> tuple[str, dict[str, bytes]]:
    """(the contest's code, files by name), without any name of a person."""
    check(by, "contest.read_standings", *await scopes_of(contest))
    async with transaction():
        package = await package_of(contest)
        await _audit(by, contest, "export_contest")
    return package.contest.code, files_of(package)


async def export_contest_with_identities(by: Actor, contest: UUID) -> tuple[str, dict[str, bytes]]:
    """The same with identities.csv; erased persons stay out."""
    scopes = await scopes_of(contest)
    check(by, "contest.read_standings", *scopes)
    check(by, "identity.read", *scopes)
    async with transaction():
        package = await package_of(contest)
        members = await _members(contest)
        await _audit(by, contest, "export_contest_with_identities")
    return package.contest.code, files_of(replace(package, members=members))


async def find_contest(said: str) -> UUID:
    """By its code or its id."""
    row = await Contest.select(Contest.id).where(Contest.code == said).first()
    if row is None:
        try:
            row = await Contest.select(Contest.id).where(Contest.id == UUID(said)).first()
        except ValueError:
            row = None
    if row is None:
        raise NotFound(kind="contest", id=said)
    found: UUID = row["id"]
    return found


async def package_of(contest: UUID) -> Package:
    row = await contest_row(contest)
    log = tuple(await read(contest))
    known = replay(log) if log else None
    delegations = await _delegations(row["competition"])
    codes = {d.id: d.code for d in delegations}
    frozen = known.frozen if known else None
    entries = known.entries if known and known.entries else await entries_of(contest)
    return Package(
        contest=await _facts(row, delegations, len(log), known),
        scheme=frozen.scheme if frozen else from_json(Scheme, json.loads(row["scheme"])),
        rules=frozen.rules if frozen else from_json(Rules, json.loads(row["rules"])),
        record=_record(known, entries, codes),
        judges=_judges(known.appointments.values() if known else await appointments_of(contest)),
        log=log,
        results=await _results(contest, row["result_version"]),
    )


async def _facts(
    row: Mapping[str, Any],
    delegations: Sequence[DelegationFacts],
    length: int,
    known: Replayed | None,
) -> ContestFacts:
    held = await competition_row(row["competition"])
    organiser = (
        await Organisation.select(Organisation.code, Organisation.title)
        .where(Organisation.id == held["organisation"])
        .first()
    )
    return ContestFacts(
        format=FORMAT,
        version=VERSION,
        id=str(row["id"]),
        code=row["code"],
        title=json.loads(row["title"]),
        type=TypeReference(row["type_code"], row["type_version"]),
        state=row["state"],
        competition=CompetitionFacts(
            id=str(held["id"]),
            code=held["code"],
            title=json.loads(held["title"]),
            organiser=organiser["code"] if organiser else "",
            organiser_title=json.loads(organiser["title"]) if organiser else {},
            held_from=held["held_from"],
            held_to=held["held_to"],
            place=held["place"],
            authorities=tuple(json.loads(held["authorities"])),
        ),
        delegations=tuple(delegations),
        options=json.loads(row["options"]),
        facts=json.loads(row["facts"]),
        registered=dict(known.registered) if known else {},
        result_version=row["result_version"],
        rules_hash=known.frozen.rules_hash if known and known.frozen else "",
        log=LogEnd(length, row["head"]) if length else None,
        home=row["home"],
    )


def _record(
    known: Replayed | None, entries: Sequence[EntryFacts], codes: Mapping[str, str]
) -> Record:
    """Marks only once every code is opened; until then the log alone holds them, by code."""
    record = known.record if known and known.record else Record(entries=tuple(entries))
    named = (replace(e, delegation=codes.get(e.delegation, e.delegation)) for e in record.entries)
    return replace(record, entries=tuple(named))


def _judges(appointments: Any) -> tuple[JudgeFacts, ...]:
    facts: Sequence[AppointedFacts] = sorted(appointments, key=lambda a: (a.role, a.seat, a.id))
    return tuple(
        JudgeFacts(
            judge=a.id, seat=a.seat, role=a.role, panel=a.panel, group=a.group, modules=a.modules
        )
        for a in facts
    )


async def _delegations(competition: UUID) -> list[DelegationFacts]:
    rows = (
        await Delegation.select()
        .where(Delegation.competition == competition)
        .order_by(Delegation.code)
    )
    return [
        DelegationFacts(row["code"], json.loads(row["title"]), row["city"], str(row["id"]))
        for row in rows
    ]


async def _results(contest: UUID, version: int) -> StoredResults | None:
    row = (
        await ResultRow.select().where(ResultRow.id == uuid5(contest, f"results|{version}")).first()
    )
    if row is None:
        return None
    results = read_results(row["body"])
    return StoredResults(version, row["rules_hash"], row["log_head"], results)


async def _members(contest: UUID) -> tuple[MemberFacts, ...]:
    persons = await persons_of(contest)
    names = await names_of([person for team in persons.values() for person in team])
    return tuple(
        MemberFacts(entry, position, names[person])
        for entry, team in persons.items()
        for position, person in enumerate(team, 1)
        if names.get(person)
    )


async def _audit(by: Actor, contest: UUID, action: str) -> None:
    await audit.record(by, action, scope=Scope("contest", str(contest)), subject=str(contest))
