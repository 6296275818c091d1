"""The contests whose control room an account may enter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from contests.tables import Competition, Contest
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Scope

_ORDER = ("judging", "ready", "closed", "signed", "draft", "published")
"""A final or cancelled contest has no control room to enter."""


@dataclass(frozen=True, slots=True)
class Room:
    contest: UUID
    title: Text
    competition: Text
    state: str
    ended: bool


async def my_rooms(by: Actor) -> list[Room]:
    """Those that are being judged first."""
    contests = (
        await Contest.select().where(Contest.state.is_in(list(_ORDER))).order_by(Contest.code)
    )
    held = {row["id"]: row for row in await Competition.select()}
    found = []
    for row in contests:
        competition = held[row["competition"]]
        scopes = (
            INSTALLATION,
            Scope("contest", str(row["id"])),
            Scope("competition", str(competition["id"])),
            Scope("organisation", str(competition["organisation"])),
        )
        if by.may("contest.control", *scopes):
            title, of = json.loads(row["title"]), json.loads(competition["title"])
            ended = row["judging_ended_at"] is not None
            found.append(Room(row["id"], title, of, row["state"], ended))
    return sorted(found, key=lambda room: _ORDER.index(room.state))
