"""What the pages of a running contest know: modules, works, seats, entrants, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contests.actions.check_in import Arrival, arrivals_of
from contests.actions.common import contest_row, scopes_of
from contests.identity.sealing import persons_of
from contests.tables import Delegation, Entry
from core.privacy import names_of
from core.scoring.codec import from_json
from core.scoring.model import Rules, Scheme, Text
from core.security import INSTALLATION, PERMISSIONS, Actor, Scope
from core.tables import Account, Grant

MOST_NAMED = 12
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Hall:
    """One contest while its pages are made."""

    contest: UUID
    row: Mapping[str, Any]
    by: Actor
    scopes: tuple[Scope, ...]
    modules: Sequence[tuple[str, Text]]
    now: datetime

    def may(self, permission: str) -> bool:
        return self.by.may(permission, *self.scopes)

    @property
    def state(self) -> str:
        return str(self.row["state"])


@dataclass(frozen=True, slots=True)
class Numbered:
    """number: as drawn, else the place in the order of registration."""

    id: str
    number: str
    status: str
    arrival: Arrival | None


@dataclass(frozen=True, slots=True)
class Entrant(Numbered):
    """who: names, or "" where the reader may not know."""

    who: str
    delegation: Text
    group: str
    reserve: bool
    trial: bool


async def hall_of(contest: UUID, by: Actor) -> Hall:
    """Raises NotFound."""
    row = await contest_row(contest)
    scheme = scheme_of(row)
    return Hall(
        contest,
        row,
        by,
        await scopes_of(contest),
        [(module.id, module.title) for module in scheme.modules] if scheme else [],
        datetime.now(UTC),
    )


def scheme_of(row: Mapping[str, Any]) -> Scheme | None:
    return from_json(Scheme, json.loads(row["scheme"])) if row["scheme"] else None


def rules_of(row: Mapping[str, Any]) -> Rules | None:
    return from_json(Rules, json.loads(row["rules"])) if row["rules"] else None


async def numbered(hall: Hall) -> list[Numbered]:
    """Everybody, in the order of their numbers, else of registration: no more than has to be known
    of a thousand to count them and to find the few that are shown."""
    rows = await Entry.raw(
        "SELECT CAST(id AS TEXT) AS id, number, status FROM entry "
        "WHERE contest = {} AND status <> 'withdrawn' ORDER BY created_at, entry.id",
        hall.contest,
    )
    arrivals = await arrivals_of(hall.contest)
    return [
        Numbered(row["id"], row["number"] or str(place), row["status"], arrivals.get(row["id"]))
        for place, row in enumerate(rows, 1)
    ]


async def entrants(hall: Hall, some: Sequence[Numbered]) -> list[Entrant]:
    """The same with all that a page shows; names as far as the reader may know."""
    rows = await _rows([UUID(one.id) for one in some])
    found = await Delegation.select(Delegation.id, Delegation.title).where(
        Delegation.competition == hall.row["competition"]
    )
    delegations = {row["id"]: json.loads(row["title"]) for row in found}
    names = await _names(hall, list(rows))
    return [
        Entrant(
            id=one.id,
            number=one.number,
            status=one.status,
            arrival=one.arrival,
            who=names.get(one.id, ""),
            delegation=delegations.get(row["delegation"], {}),
            group=row["group_code"],
            reserve=row["reserve"],
            trial=row["trial"],
        )
        for one in some
        if (row := rows.get(UUID(one.id)))
    ]


async def _rows(entries: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(entries), _CHUNK):
        rows = await Entry.select(
            Entry.id, Entry.delegation, Entry.group_code, Entry.reserve, Entry.trial
        ).where(Entry.id.is_in(list(entries[start : start + _CHUNK])))
        found |= {row["id"]: row for row in rows}
    return found


async def _names(hall: Hall, entries: Sequence[UUID]) -> dict[str, str]:
    if not hall.may("identity.read"):
        return {}
    persons = await persons_of(hall.contest, entries)
    known = await names_of({person for members in persons.values() for person in members})
    return {
        entry: "、".join(known[person] for person in members if known.get(person))
        for entry, members in persons.items()
    }


async def who_may(hall: Hall, permission: str) -> list[str]:
    """Whose accounts carry the permission here, by label; the first of them."""
    roles = [role.value for role in PERMISSIONS[permission]]
    places = {(scope.kind, scope.id) for scope in (*hall.scopes, INSTALLATION)}
    grants = await Grant.select(Grant.account, Grant.scope_kind, Grant.scope_id).where(
        Grant.role.is_in(roles),
        Grant.revoked_at.is_null(),
        Grant.scope_id.is_in([place for _, place in places]),
    )
    accounts = {g["account"] for g in grants if (g["scope_kind"], g["scope_id"]) in places}
    known = await labels_of(accounts)
    return sorted(known.values())[:MOST_NAMED]


async def labels_of(accounts: set[UUID]) -> dict[UUID, str]:
    """Labels of accounts that are not shut."""
    if not accounts:
        return {}
    rows = await Account.select(Account.id, Account.label, Account.login).where(
        Account.id.is_in(list(accounts)), Account.disabled_at.is_null()
    )
    return {row["id"]: row["label"] or row["login"] for row in rows}
