"""What stands on record of somebody's honours, studios and applications, for that person alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core import about_person
from core.about_person import Chapter, Source, Within
from credentials.records.applications.reaching import file_of, opinion_of, steps_of
from credentials.records.applications.tables import ApplicationPaper
from credentials.records.history import history_of
from credentials.records.honours.studios import name_of
from credentials.records.honours.tables import HonourCase, Studio, StudioMember
from credentials.records.notices import objections_to
from credentials.records.sealing import shown
from credentials.records.tables import Application

Record = dict[str, Any]


def install() -> None:
    about_person.register(Source("honours", _tell, frozenset({"certificates"})))


async def _tell(person: UUID, within: Within) -> Sequence[Chapter]:
    cases = await HonourCase.select().where(HonourCase.person == person)
    filed = await Application.select().where(Application.person == person)
    return [
        Chapter(
            "honours_on_their_way",
            "Honours and their history",
            [one for row in cases if within.has(issuer=row["authority"]) for one in await _case(row)],
        ),
        Chapter(
            "applications_and_steps",
            "Applications and their steps",
            [one for row in filed if within.has(issuer=row["unit"]) for one in await _application(row)],
        ),
        Chapter("studios", "Innovation studios", await _studios(person, within)),
    ]  # fmt: skip


async def _case(row: Mapping[str, Any]) -> list[Record]:
    title = json.loads(row["title"])
    first = {
        "title": title,
        "state": row["state"],
        "authority": row["authority"],
        "number": row["document"],
        "granted_on": row["granted_on"],
        "reason": row["reason"],
        "source": row["evidence_link"] or row["evidence_hash"],
        "created_at": row["created_at"],
    }
    return [first, *await _history(row, title), *await _objections(row["id"], row, title)]


async def _application(row: Mapping[str, Any]) -> list[Record]:
    title, found = json.loads(row["title"]), []
    found.append(
        {
            "title": title,
            "state": row["state"],
            "organisation": row["unit"],
            "why": file_of(row).get("statement", ""),
            "filed_at": row["filed_at"],
        }
    )
    for step in await steps_of(row["id"]):
        found.append(
            {
                "title": json.loads(step["title"]),
                "state": step["state"],
                "organisation": step["body"],
                "why": opinion_of(step, row["wrapped_key"]),
            }
        )
        found += await _objections(step["id"], row, title)
    papers = await ApplicationPaper.select().where(ApplicationPaper.application == row["id"])
    found += [
        {
            "name": shown(one, "sealed_title", "application_paper", row["wrapped_key"]),
            "source": one["link"] or one["hash"],
        }
        for one in papers
    ]
    return found + await _history(row, title)


async def _history(row: Mapping[str, Any], title: Any) -> list[Record]:
    return [
        {"title": title, "state": one.kind, "noted_at": one.at, "why": one.why}
        for one in await history_of(row)
    ]


async def _objections(about: UUID, row: Mapping[str, Any], title: Any) -> list[Record]:
    return [
        {"title": title, "state": one.state, "why": one.text, "answer": one.answer}
        for one in await objections_to(about, row["wrapped_key"])
    ]


async def _studios(person: UUID, within: Within) -> list[Record]:
    rows = await StudioMember.select().where(StudioMember.person == person)
    if not rows:
        return []
    found = await Studio.select().where(Studio.id.is_in([row["studio"] for row in rows]))
    studios = {row["id"]: row for row in found if within.has(issuer=row["keeper"])}
    return [
        {
            "studio": name_of(studios[row["studio"]]),
            "kind": row["role"],
            "from_day": row["from_on"],
            "until_day": row["until_on"],
        }
        for row in rows
        if row["studio"] in studios
    ]
