"""The small contest (小型赛): one organiser and one chief referee may hold every duty.

It is declared in the facts while the contest is a draft, stands in the log's first entry from the
moment it is ready, and can't change after that. Correcting a mark or a name and opening the codes
take two persons all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contests.declared import SMALL
from contests.replay import AppointedFacts
from contests.tables import Appointment, Contest, LogEntry

ALWAYS_TWO = frozenset({"correct_mark", "correct_name", "open_codes"})
"""Steps for two persons in every contest."""


@dataclass(frozen=True, slots=True)
class SharedDuties:
    """One person with several duties. duties: roles in the order of `_ORDER`."""

    account: str
    duties: tuple[str, ...]


async def is_small(contest: UUID) -> bool:
    """As the log says, once there is one: facts that somebody altered later decide nothing."""
    prepared = (
        await LogEntry.select(LogEntry.body)
        .where(LogEntry.contest == contest, LogEntry.kind == "contest_prepared")
        .first()
    )
    if prepared is not None:
        return bool(json.loads(prepared["body"]).get("profile") == SMALL)
    row = await Contest.select(Contest.facts).where(Contest.id == contest).first()
    return row is not None and declared_small(json.loads(row["facts"]))


async def may_be_alone(contest: UUID, verb: str) -> bool:
    """Whether one person may take a step that takes two elsewhere."""
    return verb not in ALWAYS_TWO and await is_small(contest)


async def shared_duties_of(contest: UUID) -> list[SharedDuties]:
    """Who holds more than one duty in a small contest; nobody in another one, where a judge who
    leads a group is nothing unusual."""
    return await duties_held(contest) if await is_small(contest) else []


async def duties_held(contest: UUID) -> list[SharedDuties]:
    """The same of a contest that is known to be small."""
    rows = await Appointment.select(Appointment.account, Appointment.role).where(
        Appointment.contest == contest, Appointment.ended_at.is_null()
    )
    return shared_duties((str(row["account"]), row["role"]) for row in rows)


def declared_small(facts: Mapping[str, Any]) -> bool:
    return facts.get("profile") == SMALL


def shared_duties(held: Iterable[tuple[str, str]]) -> list[SharedDuties]:
    """From (account, role), pure: by account, each with two duties at least."""
    by_account: dict[str, set[str]] = {}
    for account, role in held:
        by_account.setdefault(account, set()).add(role)
    return [
        SharedDuties(account, tuple(sorted(roles, key=_place)))
        for account, roles in sorted(by_account.items())
        if len(roles) > 1
    ]


def duties_body(appointments: Iterable[AppointedFacts]) -> dict[str, Any]:
    """As the log records it when scheme and rules are frozen."""
    found = shared_duties((one.account, one.role) for one in appointments)
    return {"persons": [{"account": one.account, "duties": list(one.duties)} for one in found]}


_ORDER = (
    "chief_referee",
    "group_leader",
    "judge",
    "encryption_officer",
    "supervisor",
    "arbitration",
    "clerk",
    "time_keeper",
)


def _place(role: str) -> tuple[int, str]:
    return (_ORDER.index(role) if role in _ORDER else len(_ORDER), role)
