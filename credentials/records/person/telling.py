"""What this package adds to a person's timeline: certificates, levels, honours, applications, studios,
training and mentoring; and the last two for the person's own file."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from piccolo.table import Table

from core import about_person, timeline
from core.about_person import Chapter, Source, Within
from core.privacy import names_of
from core.scoring.model import Text
from core.skill_levels import ALL_LEVELS
from core.timeline import Moment, Teller
from credentials.records.bodies import titles_of
from credentials.records.honours.studios import names_of_studios
from credentials.records.honours.tables import HonourCase, Studio, StudioMember
from credentials.records.person import learning
from credentials.records.person.tables import Learning
from credentials.records.tables import Application, HeldLevel, Honour
from credentials.tables import Certificate

Row = Mapping[str, Any]
ON_ITS_WAY = ("proposed", "notice")


def install() -> None:
    timeline.register(Teller("credentials", _tell, _known, _last))
    about_person.register(Source("learning", _chapters, frozenset({"certificates"})))


async def _tell(records: Sequence[UUID], within: Within) -> list[Moment]:
    found = [
        *await _certificates(records, within),
        *await _levels(records, within),
        *await _honours(records, within),
        *await _on_their_way(records, within),
        *await _applications(records, within),
        *await _studios(records, within),
        *await _learning(records, within),
    ]
    titles = await titles_of({one.by for one in found if isinstance(one.by, str) and one.by})
    return [_by_title(one, titles) for one in found]


def _by_title(one: Moment, titles: Mapping[str, Text]) -> Moment:
    """An organisation that is known here is called by its name; another one stands as it was written."""
    if isinstance(one.by, str) and one.by in titles:
        return replace(one, by=titles[one.by])
    return one


async def _of(table: type[Table], records: Sequence[UUID]) -> list[dict[str, Any]]:
    person = table._meta.get_column_by_name("person")
    return list(await table.select().where(person.is_in(list(records))))


async def _certificates(records: Sequence[UUID], within: Within) -> list[Moment]:
    return [
        Moment(
            "certificate",
            row["awarded_on"],
            json.loads(row["title"]),
            facts=[("number", row["public_id"])],
            by=row["issuer"],
            source="signed",
            link=f"/c/{row['public_id']}",
            state="erased"
            if row["erased_at"]
            else row["state"]
            if row["state"] != "issued"
            else "",
        )
        for row in await _of(Certificate, records)
        if within.has(contest=row["contest"], issuer=row["issuer"])
    ]


async def _levels(records: Sequence[UUID], within: Within) -> list[Moment]:
    return [
        Moment(
            "level",
            row["granted_on"],
            ALL_LEVELS.get(row["level"], row["level"]),
            facts=[("occupation", row["occupation"]), ("number", row["number"])],
            by=row["issuer"],
            source=row["source"] or row["evidence_link"],
            room="/console/levels",
            state="paper" if row["paper"] else "elsewhere" if row["keeper"] else "",
        )
        for row in await _of(HeldLevel, records)
        if within.has(issuer=row["issuer"]) or within.has(issuer=row["keeper"])
    ]


async def _honours(records: Sequence[UUID], within: Within) -> list[Moment]:
    rows = [
        row
        for row in await _of(Honour, records)
        if within.has(issuer=row["authority"].replace("_", "-"))
    ]
    cases = await _cases([row["id"] for row in rows])
    return [
        Moment(
            "honour",
            row["granted_on"],
            json.loads(row["title"]),
            by=json.loads(row["authority_title"] or "{}") or row["authority"],
            source=_document(cases.get(row["id"])) or row["source"],
            room=f"/console/honours/{cases[row['id']]['id']}" if row["id"] in cases else "",
            state=_state(row, cases.get(row["id"])),
        )
        for row in rows
    ]  # fmt: skip


async def _cases(honours: Sequence[UUID]) -> dict[UUID, Row]:
    if not honours:
        return {}
    rows = await HonourCase.select().where(HonourCase.honour.is_in(list(honours)))
    return {row["honour"]: row for row in rows}


def _document(case: Row | None) -> str:
    return (case["document"] or case["evidence_link"]) if case else ""


def _state(row: Row, case: Row | None) -> str:
    if row["withdrawn_at"]:
        return "withdrawn"
    if row["paper"]:
        return "paper"
    return "elsewhere" if case and case["elsewhere"] else ""


async def _on_their_way(records: Sequence[UUID], within: Within) -> list[Moment]:
    return [
        Moment(
            "honour",
            f"{row['created_at']:%Y-%m-%d}",
            json.loads(row["title"]),
            by=json.loads(row["authority_title"] or "{}") or row["authority"],
            room=f"/console/honours/{row['id']}",
            state=row["state"],
        )
        for row in await _of(HonourCase, records)
        if row["state"] in ON_ITS_WAY and within.has(issuer=row["authority"])
    ]


async def _applications(records: Sequence[UUID], within: Within) -> list[Moment]:
    return [
        Moment(
            "application",
            f"{row['filed_at']:%Y-%m-%d}",
            json.loads(row["title"] or "{}") or row["code"],
            by=row["unit"],
            room=f"/console/applications/{row['id']}",
            state=row["state"],
        )
        for row in await _of(Application, records)
        if within.has(issuer=row["unit"])
    ]


async def _studios(records: Sequence[UUID], within: Within) -> list[Moment]:
    rows = await _of(StudioMember, records)
    if not rows:
        return []
    found = await Studio.select().where(Studio.id.is_in([row["studio"] for row in rows]))
    studios = {row["id"]: row for row in found if within.has(issuer=row["keeper"])}
    names = await names_of_studios(studios)
    return [
        Moment(
            "studio",
            row["from_on"],
            names.get(row["studio"], ""),
            facts=[("role", row["role"])],
            until=row["until_on"],
            by=studios[row["studio"]]["keeper"],
            room=f"/console/honours/studios/{row['studio']}",
        )
        for row in rows
        if row["studio"] in studios
    ]


async def _learning(records: Sequence[UUID], within: Within) -> list[Moment]:
    """Both sides: an apprenticeship stands in the master's timeline too, with the other's name."""
    rows = [row for row in await learning.rows_of(records) if within.has(issuer=row["keeper"])]
    names = await names_of(
        {row[side] for row in rows for side in ("person", "master") if row[side]}
    )
    return [
        Moment(
            row["kind"],
            row["from_on"],
            learning.title_of(row) or row["trade"],
            facts=_taught(row, set(records), names),
            until=row["until_on"],
            by=row["keeper"],
            source=row["evidence_link"] or _short(row["evidence_hash"]),
            room=f"/console/persons/learning/{row['id']}",
        )
        for row in rows
    ]


def _short(digest: str) -> str:
    """The whole one stands on the entry's own page."""
    return f"SHA-256 {digest[:16]}…" if digest else ""


def _taught(
    row: Row, records: set[UUID], names: Mapping[UUID, str]
) -> list[tuple[str, Text | str]]:
    trade: list[tuple[str, Text | str]] = [("trade", row["trade"])] if row["trade"] else []
    if row["master"] is None:
        return trade
    if row["person"] in records:
        return [*trade, ("master", names.get(row["master"], ""))]
    return [*trade, ("apprentice", names.get(row["person"], ""))]


async def _known(within: Within) -> Collection[UUID]:
    found: set[UUID] = set()
    for table, column in ((Certificate, "issuer"), (HeldLevel, "issuer"), (HeldLevel, "keeper"),
                          (HonourCase, "authority"), (Honour, "authority"), (Application, "unit")):  # fmt: skip
        found |= await _persons(table, table._meta.get_column_by_name(column), within.issuers)
    found |= await _persons(Certificate, Certificate.contest, within.contests)
    for side in (Learning.person, Learning.master):
        query = Learning.select(side).where(Learning.taken_out_at.is_null())
        if within.issuers is not None:
            query = query.where(Learning.keeper.is_in(sorted(within.issuers) or [""]))
        found |= {row[side._meta.name] for row in await query}
    found |= await _members(within)
    return found - {None}


async def _persons(table: type[Table], column: Any, within: frozenset[str] | None) -> set[UUID]:
    person = table._meta.get_column_by_name("person")
    query = table.select(person).distinct()
    if within is not None:
        query = query.where(column.is_in(sorted(within) or ["-"]))
    return {row["person"] for row in await query}


async def _members(within: Within) -> set[UUID]:
    query = Studio.select(Studio.id)
    if within.issuers is not None:
        query = query.where(Studio.keeper.is_in(sorted(within.issuers) or [""]))
    ids = [row["id"] for row in await query]
    if not ids:
        return set()
    rows = await StudioMember.select(StudioMember.person).where(StudioMember.studio.is_in(ids))
    return {row["person"] for row in rows}


async def _last(today: str, records: Sequence[UUID] | None) -> Mapping[UUID, str]:
    found: dict[UUID, str] = {}

    async def each(table: type[Table], day: Callable[[Row], str], side: str = "person") -> None:
        query = table.select()
        if records is not None:
            query = query.where(table._meta.get_column_by_name(side).is_in(list(records)))
        for row in await query:
            if row[side] is not None:
                found[row[side]] = max(found.get(row[side], ""), day(row))

    await each(Certificate, lambda row: str(row["awarded_on"]))
    await each(HeldLevel, lambda row: str(row["granted_on"]))
    await each(Honour, lambda row: str(row["granted_on"]))
    await each(Application, lambda row: f"{row['filed_at']:%Y-%m-%d}")
    await each(HonourCase, lambda row: today if row["state"] in ON_ITS_WAY else row["granted_on"])
    await each(StudioMember, lambda row: row["until_on"] or today)
    for side in ("person", "master"):
        await each(Learning, lambda row: _learnt_until(row, today), side)
    return found


def _learnt_until(row: Row, today: str) -> str:
    return "" if row["taken_out_at"] else row["until_on"] or today


# --- the person's own file ---------------------------------------------------------------------


async def _chapters(person: UUID, within: Within) -> Sequence[Chapter]:
    rows = [row for row in await learning.rows_of([person]) if within.has(issuer=row["keeper"])]
    names = await names_of(
        {row[side] for row in rows for side in ("person", "master") if row[side]}
    )
    return [
        Chapter(
            "learning",
            "Training and mentoring",
            [
                {
                    "kind": row["kind"],
                    "title": learning.title_of(row),
                    "occupation": row["trade"],
                    "from_day": row["from_on"],
                    "until_day": row["until_on"],
                    "organisation": row["keeper"],
                    "source": row["evidence_link"] or row["evidence_hash"],
                    **{
                        label: name
                        for label, name in _taught(row, {person}, names)
                        if label != "trade"
                    },
                }
                for row in rows
            ],
        )
    ]
