"""Innovation studios: who leads them, who belongs to them and since when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.privacy import names_of
from core.same_person import records_of
from core.scoring.model import Finding
from core.security import Actor, Scope, check
from credentials.records.bodies import ACTS, READS, codes_for
from credentials.records.honours.catalogue import TIERS, cities
from credentials.records.honours.tables import Studio, StudioMember, StudioResult
from credentials.records.notices import day
from credentials.records.people import Who, findings_of, person_of
from credentials.records.sealing import hide, new_wrapped, shown
from credentials.scopes import issuer_scopes

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class NewStudio:
    """As it was typed. branch: of the alliance of the Greater Bay Area, "" for none."""

    keeper: str
    name: str
    level: str
    leader: Who
    city: str = ""
    branch: str = ""
    founded_on: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    person: UUID
    name: str
    role: str
    from_on: str
    until_on: str


@dataclass(frozen=True, slots=True)
class StudioPage:
    """members: today's first. results: the newest first, (day, title, figure, evidence)."""

    row: Mapping[str, Any]
    name: str
    members: Sequence[Member]
    results: Sequence[tuple[str, str, str, str]]


async def found_studio(by: Actor, new: NewStudio) -> UUID:
    scopes = await issuer_scopes(new.keeper)
    check(by, ACTS, *scopes)
    founded, wrong = day(new.founded_on, "/founded_on")
    wrong = [*_wrong(new), *wrong, *findings_of(new.leader)]
    if wrong:
        raise Invalid(wrong)
    studio, wrapped = uuid4(), new_wrapped()
    async with transaction():
        leader = await person_of(new.leader)
        await Studio.insert(
            Studio(
                id=studio,
                keeper=new.keeper,
                wrapped_key=wrapped,
                sealed_name=hide(wrapped, new.name.strip(), "studio", "sealed_name", studio),
                level=new.level,
                city=new.city,
                branch=new.branch.strip(),
                founded_on=founded,
                created_at=datetime.now(UTC),
            )
        )
        await _join(studio, leader, "leader", founded)
        await audit.record(by, "studio.founded", scope=scopes[0], subject=str(studio))
    return studio


async def join_studio(by: Actor, studio: UUID, who: Who, role: str, from_on: str) -> None:
    """A new leader ends the one before on the same day."""
    since, wrong = day(from_on, "/from_on")
    wrong += findings_of(who)
    if role not in ("leader", "member"):
        wrong.append(Finding("/role", "credentials.studio-role", {}))
    async with transaction():
        row, scopes = await _studio(by, studio, ACTS)
        if not wrong and since < row["founded_on"]:
            wrong = [Finding("/from_on", "credentials.studio-before", {"day": row["founded_on"]})]
        if wrong:
            raise Invalid(wrong)
        person = await person_of(who)
        same = (StudioMember.studio == studio) & (StudioMember.until_on == "")
        if role == "leader":
            await StudioMember.update({StudioMember.until_on: since}).where(
                same, StudioMember.role == "leader"
            )
        elif await StudioMember.exists().where(
            same, StudioMember.person.is_in(list(await records_of(person)))
        ):
            raise Invalid([Finding("/name", "credentials.studio-member", {})])
        await _join(studio, person, role, since)
        await audit.record(
            by, "studio.joined", scope=scopes[0], subject=str(studio), after={"role": role}
        )


async def leave_studio(by: Actor, studio: UUID, member: UUID, until_on: str) -> None:
    until, wrong = day(until_on, "/until_on")
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        _, scopes = await _studio(by, studio, ACTS)
        moved = (
            await StudioMember.update({StudioMember.until_on: until})
            .where(
                StudioMember.id == member,
                StudioMember.studio == studio,
                StudioMember.until_on == "",
                StudioMember.from_on <= until,
            )
            .returning(StudioMember.id)
        )
        if not moved:
            raise Invalid([Finding("/until_on", "credentials.studio-until", {})])
        await audit.record(by, "studio.left", scope=scopes[0], subject=str(studio))


async def add_result(
    by: Actor, studio: UUID, *, on: str, title: str, figure: str, evidence: str
) -> None:
    """figure: as it was stated, with its unit. evidence: a number, a link or a file's SHA-256."""
    when, wrong = day(on, "/day")
    if not 0 < len(title.strip()) <= 300:
        wrong.append(Finding("/title", "credentials.studio-result", {"most": "300"}))
    if not 0 < len(evidence.strip()) <= 500:
        wrong.append(Finding("/evidence", "credentials.studio-evidence", {}))
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        row, scopes = await _studio(by, studio, ACTS)
        id = uuid4()
        await StudioResult.insert(
            StudioResult(
                id=id,
                studio=studio,
                day=when,
                sealed_title=hide(
                    row["wrapped_key"], title.strip(), "studio_result", "sealed_title", id
                ),
                figure=figure.strip()[:120],
                evidence=evidence.strip(),
                created_at=datetime.now(UTC),
            )
        )
        await audit.record(by, "studio.result", scope=scopes[0], subject=str(studio))


async def end_studio(by: Actor, studio: UUID, on: str) -> None:
    """Its members' time ends with it."""
    until, wrong = day(on, "/ended_on")
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        row, scopes = await _studio(by, studio, ACTS)
        if until < row["founded_on"]:
            raise Invalid(
                [Finding("/ended_on", "credentials.studio-before", {"day": row["founded_on"]})]
            )
        await Studio.update({Studio.ended_on: until}).where(Studio.id == studio)
        await StudioMember.update({StudioMember.until_on: until}).where(
            StudioMember.studio == studio, StudioMember.until_on == ""
        )
        await audit.record(by, "studio.ended", scope=scopes[0], subject=str(studio))


async def studios_for(by: Actor) -> list[tuple[dict[str, Any], str, str]]:
    """(row, name, leader) of those that `by` may read, the newest first."""
    codes = await codes_for(by, READS)
    query = Studio.select().order_by(Studio.created_at, ascending=False).limit(500)
    if codes is not None:
        query = query.where(Studio.keeper.is_in(sorted(codes) or [""]))
    rows = await query
    leaders = await _leaders([row["id"] for row in rows])
    names = await names_of(leaders.values())
    return [(row, name_of(row), names.get(leaders.get(row["id"], row["id"]), "")) for row in rows]


async def studio_page(by: Actor, studio: UUID) -> StudioPage:
    row, _ = await _studio(by, studio, READS)
    rows = await StudioMember.select().where(StudioMember.studio == studio)
    names = await names_of({one["person"] for one in rows})
    members = [
        Member(
            one["id"],
            one["person"],
            names.get(one["person"], ""),
            one["role"],
            one["from_on"],
            one["until_on"],
        )
        for one in rows
    ]
    members.sort(key=lambda m: (bool(m.until_on), m.role != "leader", m.from_on))
    results = (
        await StudioResult.select()
        .where(StudioResult.studio == studio)
        .order_by(StudioResult.day, ascending=False)
    )
    told = [
        (
            one["day"],
            shown(one, "sealed_title", "studio_result", row["wrapped_key"]),
            one["figure"],
            one["evidence"],
        )
        for one in results
    ]
    return StudioPage(row, name_of(row), members, told)


def name_of(row: Mapping[str, Any]) -> str:
    return shown(row, "sealed_name", "studio", row["wrapped_key"])


async def names_of_studios(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = await Studio.select().where(Studio.id.is_in(wanted))
    return {row["id"]: name_of(row) for row in rows}


async def _leaders(studios: Sequence[UUID]) -> dict[UUID, UUID]:
    if not studios:
        return {}
    rows = (
        await StudioMember.select(StudioMember.studio, StudioMember.person)
        .where(StudioMember.studio.is_in(list(studios)), StudioMember.role == "leader")
        .order_by(StudioMember.from_on)
    )
    return {row["studio"]: row["person"] for row in rows}


async def _studio(by: Actor, studio: UUID, permission: str) -> tuple[dict[str, Any], list[Scope]]:
    row = await Studio.select().where(Studio.id == studio).first()
    scopes = await issuer_scopes(row["keeper"]) if row else []
    if row is None or not (by.may(READS, *scopes) or by.may(ACTS, *scopes)):
        raise NotFound(kind="studio", id=studio)
    check(by, permission, *scopes)
    return dict(row), scopes


async def _join(studio: UUID, person: UUID, role: str, since: str) -> None:
    await StudioMember.insert(
        StudioMember(id=uuid4(), studio=studio, person=person, role=role, from_on=since)
    )


def _wrong(new: NewStudio) -> list[Finding]:
    found = []
    if not 0 < len(new.name.strip()) <= LONGEST_NAME:
        found.append(Finding("/studio_name", "credentials.holder-missing", {"most": str(LONGEST_NAME)}))  # fmt: skip
    if new.level not in TIERS:
        found.append(Finding("/level", "credentials.studio-level", {}))
    if new.city and new.city not in {city.code for city in cities()}:
        found.append(Finding("/city", "credentials.city-unknown", {}))
    if len(new.branch) > LONGEST_NAME:
        found.append(Finding("/branch", "credentials.holder-missing", {"most": str(LONGEST_NAME)}))
    return found
