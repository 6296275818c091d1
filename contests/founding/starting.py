"""Making one contest with as few questions as possible: the code, the day and the issuer by themselves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import competition_row
from contests.actions.setup import ContestStart, create_contest
from contests.tables import Competition, Contest
from core.scoring.model import Text
from core.security import Actor, Scope
from core.tables import Organisation

_LONGEST = 40


async def found_contest(
    by: Actor, competition: UUID, start: ContestStart, *, now: datetime | None = None
) -> UUID:
    """A contest from `start`; an empty code is made out of the title, and the facts that every
    contest needs are filled in as far as `by` may decide them."""
    return await create_contest(
        by,
        competition=competition,
        code=start.code or await free_contest_code(start.title, start.type_code),
        title=start.title,
        type_code=start.type_code,
        type_version=start.type_version,
        options=start.options,
        facts=await usual_facts(by, competition, start.facts),
        scheme=start.scheme,
        rules=start.rules,
        now=now,
    )


async def usual_facts(by: Actor, competition: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """The last day of the competition and its organisation, where nothing else is said. Whoever may
    not sign in the organisation's name leaves that open."""
    held = await competition_row(competition)
    facts = {key: value for key, value in given.items() if value not in ("", None)}
    facts.setdefault("held_on", held["held_to"])
    if "organiser" not in facts:
        row = await Organisation.select().where(Organisation.id == held["organisation"]).first()
        if row is not None and may_issue(by, row):
            facts["organiser"] = row["code"]
    return facts


def may_issue(by: Actor, organisation: Mapping[str, Any]) -> bool:
    """Whether `by` may name the organisation (a row) as the one whose awards these are."""
    scopes = (
        Scope("issuer", organisation["code"]),
        Scope("organisation", str(organisation["id"])),
    )
    return by.may("certificate.issue", *scopes)


async def issuers_for(by: Actor) -> list[tuple[str, Text]]:
    """Organisations whose awards `by` may let a contest issue: (code, title)."""
    rows = await Organisation.select().order_by(Organisation.code)
    return [(row["code"], json.loads(row["title"])) for row in rows if may_issue(by, row)]


async def free_contest_code(title: Text, type_code: str) -> str:
    rows = await Contest.select(Contest.code)
    return free_code(title, type_code, {row["code"] for row in rows})


async def free_competition_code(title: Text, year: str) -> str:
    rows = await Competition.select(Competition.code)
    return free_code(title, f"competition-{year}", {row["code"] for row in rows})


def free_code(title: Text, otherwise: str, taken: Collection[str]) -> str:
    """Out of the English, else the Portuguese title; a title in Hanzi alone gives `otherwise`."""
    words = next((plain for text in _latin(title) if len(plain := _slug(text)) > 2), "")
    start = words or _slug(otherwise) or "contest"
    if start not in taken:
        return start
    return next(code for n in range(2, 10**6) if (code := f"{start}-{n}") not in taken)


def _latin(title: Text) -> list[str]:
    return [title.get(language, "") for language in ("en", "pt", "zh-Hans", "zh-Hant")]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
