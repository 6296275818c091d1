"""Contests saved to start others from, and the ready answers that plugins ship."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contests.actions.common import allowed, competition_row, contest_row, json_text, moment
from contests.actions.setup import ContestStart
from contests.founding.tables import ContestTemplate
from contests.queries import contest_overview
from core import audit
from core.db import transaction
from core.errors import Invalid, NotFound
from core.registry import registry
from core.scoring.codec import from_json
from core.scoring.model import Finding, Rules, Scheme, Text
from core.security import Actor, Scope, check

DATED = ("held_on", "registered", "seats")
"""Facts of one occasion, that no template keeps."""


@dataclass(frozen=True, slots=True)
class SavedTemplate:
    id: UUID
    title: Text
    type_code: str
    type_title: Text
    created_at: datetime
    may_delete: bool


async def save_template(
    by: Actor, contest: UUID, *, title: Text, now: datetime | None = None
) -> UUID:
    """Keeps the contest's type, answers, scheme, rules and lasting facts for its organisation:
    nobody's name, no date. Raises Invalid without a title."""
    scope = await allowed(by, "contest.configure", contest)
    if not any(words.strip() for words in title.values()):
        raise Invalid([Finding("/title", "title-missing", {})])
    row, about = await contest_row(contest), await contest_overview(contest)
    held = await competition_row(row["competition"])
    template = uuid4()
    async with transaction():
        await ContestTemplate.insert(
            ContestTemplate(
                id=template,
                organisation=held["organisation"],
                title=json_text(dict(title)),
                type_code=row["type_code"],
                type_version=row["type_version"],
                options=row["options"],
                scheme=json_text(about.scheme),
                rules=json_text(about.rules),
                facts=json_text(lasting(about.facts)),
                created_by=by.account,
                created_at=moment(now),
            )
        )
        await audit.record(by, "save_template", scope=scope, subject=str(template))
    return template


async def delete_template(by: Actor, template: UUID) -> None:
    row = await _row(template)
    scope = Scope("organisation", str(row["organisation"]))
    check(by, "contest.configure", scope)
    async with transaction():
        await ContestTemplate.delete().where(ContestTemplate.id == template)
        await audit.record(by, "delete_template", scope=scope, subject=str(template))


async def templates_of(by: Actor, organisation: UUID) -> list[SavedTemplate]:
    """The newest first."""
    rows = (
        await ContestTemplate.select()
        .where(ContestTemplate.organisation == organisation)
        .order_by(ContestTemplate.created_at, ascending=False)
    )
    may = by.may("contest.configure", Scope("organisation", str(organisation)))
    titles = {one.code: one.title for one in registry().contest_types()}
    return [
        SavedTemplate(
            row["id"],
            json.loads(row["title"]),
            row["type_code"],
            titles.get(row["type_code"], {"en": row["type_code"]}),
            row["created_at"],
            may,
        )
        for row in rows
    ]


async def start_of_template(by: Actor, template: UUID, *, title: Text, code: str) -> ContestStart:
    """What a contest from the template starts from. Raises NotFound also for another
    organisation's, which is nobody else's business."""
    row = await _row(template)
    if not by.may("contest.configure", Scope("organisation", str(row["organisation"]))):
        raise NotFound(kind="template", id=template)
    return ContestStart(
        code=code,
        title=title,
        type_code=row["type_code"],
        type_version=row["type_version"],
        options=json.loads(row["options"]),
        facts=json.loads(row["facts"]),
        scheme=from_json(Scheme, json.loads(row["scheme"])),
        rules=from_json(Rules, json.loads(row["rules"])),
    )


async def template_title(template: UUID) -> Text:
    title: Text = json.loads((await _row(template))["title"])
    return title


def lasting(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in DATED}


async def _row(template: UUID) -> dict[str, Any]:
    row = await ContestTemplate.select().where(ContestTemplate.id == template).first()
    if row is None:
        raise NotFound(kind="template", id=template)
    return row
