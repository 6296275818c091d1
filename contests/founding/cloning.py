"""A contest like last year's: the organiser chooses what comes along. No entrant, no name, no mark."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contests.actions.common import allowed
from contests.actions.setup import ContestStart
from contests.founding.starting import found_contest
from contests.founding.templates import lasting
from contests.queries import contest_overview
from contests.tables import Appointment, Competition, Contest
from core.registry import registry
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Scope

PARTS = ("scheme", "rules", "facts", "seats")
"""What may be taken; the type and its answers always are."""


@dataclass(frozen=True, slots=True)
class Source:
    """A contest that may be cloned."""

    id: UUID
    title: Text
    competition: Text
    held_from: str
    state: str
    type_code: str


async def clone_contest(
    by: Actor,
    source: UUID,
    competition: UUID,
    *,
    title: Text,
    code: str = "",
    held_on: str = "",
    take: Collection[str] = PARTS,
    now: datetime | None = None,
) -> UUID:
    """A draft like `source`, in another or the same competition. take: of PARTS; without "scheme"
    or "rules" the type drafts them out of the same answers."""
    await allowed(by, "contest.configure", source)
    about = await contest_overview(source)
    facts = lasting(about.facts) if "facts" in take else {}
    if not may_name(by, facts.get("organiser", ""), about.facts):
        facts.pop("organiser", None)
    if "seats" in take and (seats := await seats_of(source) or about.facts.get("seats")):
        facts["seats"] = seats
    if held_on:
        facts["held_on"] = held_on
    return await found_contest(
        by,
        competition,
        ContestStart(
            code=code,
            title=title,
            type_code=about.row["type_code"],
            type_version=_version(about.row),
            options=about.options,
            facts=facts,
            scheme=about.scheme if "scheme" in take else None,
            rules=about.rules if "rules" in take else None,
        ),
        now=now,
    )


def may_name(by: Actor, issuer: str, facts: Mapping[str, Any]) -> bool:
    return not issuer or by.may("certificate.issue", Scope("issuer", issuer))


async def seats_of(contest: UUID) -> list[dict[str, Any]]:
    """The duties of a contest without the persons: as many of each as there were."""
    rows = (
        await Appointment.select()
        .where(Appointment.contest == contest, Appointment.ended_at.is_null())
        .order_by(Appointment.role, Appointment.seat, Appointment.id)
    )
    return [
        {
            "role": row["role"],
            "panel": row["panel"],
            "group": row["group_code"],
            "modules": json.loads(row["modules"]),
            "seat": row["seat"],
        }
        for row in rows
    ]


async def sources_for(by: Actor, *, limit: int = 200) -> list[Source]:
    """Every contest that `by` may configure, the newest competition first."""
    held = {
        row["id"]: row
        for row in await Competition.select().order_by(Competition.held_from, ascending=False)
    }
    contests = await Contest.select(
        Contest.id, Contest.competition, Contest.title, Contest.state, Contest.type_code
    ).order_by(Contest.code)
    order = {competition: place for place, competition in enumerate(held)}
    return [
        Source(
            row["id"],
            json.loads(row["title"]),
            json.loads(held[row["competition"]]["title"]),
            held[row["competition"]]["held_from"],
            row["state"],
            row["type_code"],
        )
        for row in sorted(contests, key=lambda row: order[row["competition"]])
        if by.may("contest.configure", *_scopes(row["id"], held[row["competition"]]))
    ][:limit]


def _scopes(contest: UUID, held: Mapping[str, Any]) -> tuple[Scope, ...]:
    return (
        INSTALLATION,
        Scope("contest", str(contest)),
        Scope("competition", str(held["id"])),
        Scope("organisation", str(held["organisation"])),
    )


def _version(row: Mapping[str, Any]) -> int | None:
    """The same version while it is installed: a newer one could score otherwise than its scheme
    was made for."""
    known = {(one.code, one.version) for one in registry().contest_type_versions()}
    pair = (row["type_code"], row["type_version"])
    return int(row["type_version"]) if pair in known else None
