"""Who may see whom in the room of accounts, and in which places a reader may give which roles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from admin.console.naming import titles_of
from contests.tables import Competition, Contest
from core.errors import NotFound
from core.reach import could_give, reaches
from core.scoring.model import Text
from core.security import INSTALLATION, Actor, Role, Scope
from core.signing_in.factors import Factors, factors_of
from core.tables import Account, Grant, Organisation

OFFERED = (
    Role.ORGANISER,
    Role.CLERK,
    Role.SUPERVISOR,
    Role.ENCRYPTION_OFFICER,
    Role.ARBITRATION,
    Role.EMPLOYER,
    Role.ADMINISTRATOR,
)
"""Who marks or keeps the time is appointed in the contest, with a seat."""
SHOWN = 200
_TASTERS = "taster-"
"""Logins of places that nobody logs in to by name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role may be given. value: as the form sends it."""

    scope: Scope
    title: Text | None

    @property
    def value(self) -> str:
        return f"{self.scope.kind}|{self.scope.id}"


@dataclass(frozen=True, slots=True)
class Held:
    """A role that an account has. mine: the reader may take it back."""

    role: str
    scope: Scope
    title: Text | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    login: str
    label: str
    disabled_at: datetime | None
    roles: Sequence[Held]


@dataclass(frozen=True, slots=True)
class Known:
    """One account on its own page. reached: the reader may do to it what its owner may."""

    person: Person
    factors: Factors
    has_password: bool
    reached: bool


async def places_of(by: Actor) -> list[Place]:
    """Organisations with their certificates, competitions, contests; the whole installation comes
    last, so that nobody gives a role there by mistake."""
    found: list[Place] = []
    organisations = await Organisation.select().order_by(Organisation.code)
    for row in organisations:
        own = Scope("organisation", str(row["id"]))
        if by.may("account.manage", own):
            found.append(Place(own, json.loads(row["title"])))
        if row["kind"] != "employer" and await could_give(
            by, Role.ORGANISER, Scope("issuer", row["code"])
        ):
            found.append(Place(Scope("issuer", row["code"]), json.loads(row["title"])))
    around: dict[UUID, tuple[Scope, ...]] = {}
    for row in await Competition.select().order_by(Competition.held_from, ascending=False):
        own = Scope("competition", str(row["id"]))
        around[row["id"]] = (own, Scope("organisation", str(row["organisation"])))
        if by.may("account.manage", *around[row["id"]]):
            found.append(Place(own, json.loads(row["title"])))
    for row in await Contest.select(Contest.id, Contest.competition, Contest.title):
        own = Scope("contest", str(row["id"]))
        if by.may("account.manage", own, *around.get(row["competition"], ())):
            found.append(Place(own, json.loads(row["title"])))
    if by.may("account.manage", INSTALLATION):
        found.append(Place(INSTALLATION, None))
    return found


async def people_for(by: Actor, places: Sequence[Place], *, search: str = "") -> list[Person]:
    """In the order of their logins: all for who manages the installation, else who has a role in one
    of the places or was made by the reader."""
    query = Account.select().where(Account.login.not_like(f"{_TASTERS}%")).order_by(Account.login)
    if search:
        wanted = search.strip()
        query = query.where(
            Account.login.like(f"%{wanted.casefold()}%") | Account.label.like(f"%{wanted}%")
        )
    if not by.may("account.manage", INSTALLATION):
        ids = await _seen_ids(by, places)
        query = query.where(Account.id.is_in(ids or [UUID(int=0)]))
    rows = await query.limit(SHOWN)
    held = await _held(by, [row["id"] for row in rows])
    return [_person(row, held.get(row["id"], [])) for row in rows]


async def person_for(by: Actor, account: UUID) -> Known:
    """Raises NotFound, also for somebody whom the reader does not see."""
    row = await Account.select().where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    held = (await _held(by, [account])).get(account, [])
    reached = await reaches(by, account)
    seen = by.may("account.manage", INSTALLATION) or row["created_by"] == by.account
    if not (reached or seen or any(one.mine for one in held)):
        raise NotFound(kind="account", id=account)
    return Known(
        _person(row, held), await factors_of(account), row["password_hash"] is not None, reached
    )


async def _seen_ids(by: Actor, places: Sequence[Place]) -> list[UUID]:
    wanted = {place.scope for place in places}
    grants = await Grant.select().where(
        Grant.revoked_at.is_null(), Grant.scope_id.is_in([s.id for s in wanted] or [""])
    )
    ids = {g["account"] for g in grants if Scope(g["scope_kind"], g["scope_id"]) in wanted}
    made = await Account.select(Account.id).where(Account.created_by == by.account)
    return [*(ids | {row["id"] for row in made})]


async def _held(by: Actor, accounts: Sequence[UUID]) -> dict[UUID, list[Held]]:
    grants = await Grant.select().where(
        Grant.account.is_in(list(accounts) or [UUID(int=0)]), Grant.revoked_at.is_null()
    )
    scopes = {Scope(g["scope_kind"], g["scope_id"]) for g in grants}
    titles = await titles_of(scopes)
    gives = {
        (role, scope): role in set(Role) and await could_give(by, Role(role), scope)
        for role, scope in {(g["role"], Scope(g["scope_kind"], g["scope_id"])) for g in grants}
    }
    found: dict[UUID, list[Held]] = {}
    for g in grants:
        scope = Scope(g["scope_kind"], g["scope_id"])
        found.setdefault(g["account"], []).append(
            Held(g["role"], scope, titles.get(scope), gives[g["role"], scope])
        )
    return found


def _person(row: dict[str, Any], held: Sequence[Held]) -> Person:
    order = list(Role)
    known = {role.value: n for n, role in enumerate(order)}
    return Person(
        row["id"],
        row["login"],
        row["label"],
        row["disabled_at"],
        sorted(held, key=lambda one: (known.get(one.role, len(order)), one.scope.kind)),
    )
