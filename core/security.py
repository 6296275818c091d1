"""Who may do what: roles, permissions, scopes, and the guards of routes.

A grant is a role within a scope. A permission is asked together with the scopes that it may be held
in (a contest, its competition, its organisation); a grant on the installation counts too, but never
for what is signed in an issuer's name (`ISSUER_PERMISSIONS`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from core.errors import Forbidden, Unauthenticated
from core.tables import Account

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


class Role(StrEnum):
    """What somebody is within a scope. The words are stored: never rename one."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    CHIEF_REFEREE = "chief_referee"
    GROUP_LEADER = "group_leader"
    JUDGE = "judge"
    ENCRYPTION_OFFICER = "encryption_officer"
    SUPERVISOR = "supervisor"
    ARBITRATION = "arbitration"
    CLERK = "clerk"
    TASTER = "taster"
    TIME_KEEPER = "time_keeper"
    EMPLOYER = "employer"


_ADMIN, _ORGANISER, _CHIEF = Role.ADMINISTRATOR, Role.ORGANISER, Role.CHIEF_REFEREE
_LEADER, _JUDGE, _SUPERVISOR = Role.GROUP_LEADER, Role.JUDGE, Role.SUPERVISOR
_OFFICER, _CLERK, _ARBITRATION = Role.ENCRYPTION_OFFICER, Role.CLERK, Role.ARBITRATION
_TASTER, _KEEPER = Role.TASTER, Role.TIME_KEEPER

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "installation.manage": frozenset({_ADMIN}),
        "account.manage": frozenset({_ADMIN, _ORGANISER}),
        "organisation.manage": frozenset({_ADMIN}),
        "organisation.describe": frozenset({_ADMIN, _ORGANISER}),
        "employer.invite": frozenset({_ADMIN, _ORGANISER}),
        "audit.read": frozenset({_ADMIN, _ORGANISER, _SUPERVISOR}),
        "competition.create": frozenset({_ADMIN, _ORGANISER}),
        "competition.configure": frozenset({_ADMIN, _ORGANISER}),
        "contest.configure": frozenset({_ADMIN, _ORGANISER}),
        "contest.enter": frozenset({_ORGANISER, _CLERK}),
        "contest.appoint": frozenset({_ORGANISER, _CHIEF}),
        "contest.draw": frozenset({_OFFICER, _ORGANISER, _SUPERVISOR}),
        "contest.replace_judge": frozenset({_CHIEF}),
        "contest.run": frozenset({_ORGANISER, _CHIEF, _LEADER, _CLERK}),
        "contest.time": frozenset({_ORGANISER, _CHIEF, _LEADER, _CLERK, _KEEPER}),
        "contest.tablets": frozenset({_ORGANISER, _CHIEF, _CLERK}),
        "contest.reset_pin": frozenset({_ORGANISER, _CHIEF, _LEADER, _CLERK}),
        "contest.control": frozenset({_ORGANISER, _CHIEF, _LEADER, _CLERK, _SUPERVISOR}),
        "contest.type_paper": frozenset({_ORGANISER, _CLERK}),
        "contest.papers": frozenset({_ORGANISER, _CHIEF, _LEADER, _CLERK, _SUPERVISOR, _OFFICER}),
        "contest.lend": frozenset({_ORGANISER}),
        "contest.judge": frozenset({_JUDGE, _LEADER, _CHIEF, _TASTER}),
        "contest.decide_conflict": frozenset({_CHIEF, _LEADER}),
        "contest.open_codes": frozenset({_CHIEF, _SUPERVISOR, _OFFICER}),
        "contest.close": frozenset({_ORGANISER, _CHIEF}),
        "contest.sign": frozenset({_JUDGE, _LEADER, _CHIEF, _SUPERVISOR}),
        "contest.publish": frozenset({_ORGANISER}),
        "contest.finalise": frozenset({_ORGANISER}),
        "contest.correct": frozenset({_CHIEF, _ORGANISER, _SUPERVISOR, _ARBITRATION}),
        "contest.read": frozenset(set(Role) - {Role.EMPLOYER, _TASTER}),
        "contest.read_standings": frozenset(
            {_ADMIN, _ORGANISER, _CHIEF, _SUPERVISOR, _ARBITRATION, _CLERK}
        ),
        "appeal.file": frozenset({_ORGANISER, _CLERK}),
        "appeal.rule": frozenset({_ARBITRATION}),
        "identity.read": frozenset({_ORGANISER, _OFFICER}),
        "certificate.read": frozenset({_ORGANISER, _CLERK}),
        "certificate.issue": frozenset({_ORGANISER}),
        "certificate.revoke": frozenset({_ORGANISER}),
        "issuer.manage": frozenset({_ADMIN, _ORGANISER}),
        "proposal.read": frozenset({_ORGANISER, _CLERK, _SUPERVISOR}),
        "proposal.grant": frozenset({_ORGANISER}),
        "person.read": frozenset({_ORGANISER}),
        "matching.read": frozenset({_ORGANISER, _CLERK}),
        "matching.dispatch": frozenset({_ORGANISER}),
        "person.erase": frozenset({_ADMIN}),
    }
)
"""The roles that bring a permission, within the scope in which they are granted."""

ISSUER_PERMISSIONS = frozenset(
    {"certificate.issue", "certificate.revoke", "issuer.manage", "proposal.grant"}
)
"""Signing or deciding in an issuer's name: no grant on the installation implies one of these."""


@dataclass(frozen=True, slots=True)
class Scope:
    """kind: one of SCOPE_KINDS. The kernel never looks into `id`."""

    kind: str
    id: str = ""


SCOPE_KINDS = ("installation", "organisation", "competition", "contest", "issuer")
INSTALLATION = Scope("installation")


@dataclass(frozen=True, slots=True)
class GrantFacts:
    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `account` None is the installation itself (`SYSTEM`)."""

    account: UUID | None
    label: str
    grants: tuple[GrantFacts, ...] = ()

    def may(self, permission: str, *scopes: Scope) -> bool:
        """Whether a grant carries the permission in one of `scopes`: the thing's own and those
        around it."""
        roles = _roles(permission)
        if self is SYSTEM:
            return True
        allowed = set(scopes)
        if permission not in ISSUER_PERMISSIONS:
            allowed.add(INSTALLATION)
        return any(grant.role in roles and grant.scope in allowed for grant in self.grants)

    def may_somewhere(self, permission: str) -> bool:
        """Whether any grant brings the permission, wherever that is."""
        return self.may(permission, *(grant.scope for grant in self.grants))

    def roles_in(self, *scopes: Scope) -> frozenset[Role]:
        """What the actor is within exactly these scopes."""
        return frozenset(grant.role for grant in self.grants if grant.scope in scopes)


SYSTEM = Actor(None, "Jiangxin")
"""Handlers after commit and the operator's own commands: may everything."""


def check(actor: Actor, permission: str, *scopes: Scope) -> None:
    """Raises Forbidden. An action calls it before anything else."""
    if not actor.may(permission, *scopes):
        raise Forbidden(permission=permission)


def _roles(permission: str) -> frozenset[Role]:
    if permission not in PERMISSIONS:
        known = ", ".join(sorted(PERMISSIONS))
        raise LookupError(f"There is no permission {permission!r}. Known ones: {known}.")
    return PERMISSIONS[permission]


# --- from the database -------------------------------------------------------------------------


async def actor_of(account: UUID) -> Actor:
    """The account with its present grants. Raises Unauthenticated for an unknown or disabled one."""
    rows = await Account.raw(
        'SELECT a.label, a.login, g.role, g.scope_kind, g.scope_id FROM account a LEFT JOIN "grant" g '
        "ON g.account = a.id AND g.revoked_at IS NULL WHERE a.id = {} AND a.disabled_at IS NULL",
        account,
    )
    if not rows:
        raise Unauthenticated
    return Actor(account, rows[0]["label"] or rows[0]["login"], grants_in(rows))


def grants_in(rows: Sequence[Mapping[str, Any]]) -> tuple[GrantFacts, ...]:
    """Grants of joined rows; a role of a newer version that this one doesn't know is nothing."""
    known = {role.value for role in Role}
    return tuple(
        GrantFacts(Role(row["role"]), Scope(row["scope_kind"], row["scope_id"]))
        for row in rows
        if row["role"] in known
    )


# --- of a request ------------------------------------------------------------------------------

ScopeResolver = Callable[[Connection], Awaitable[Sequence[Scope]]]


def requires(permission: str, *resolvers: ScopeResolver) -> Guard:
    """A route guard: the caller's grants must carry the permission in one of the scopes that the
    resolvers read from the path. Without a resolver: on the installation."""
    _roles(permission)

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        actor = actor_in(connection)
        scopes = [scope for resolve in resolvers for scope in await resolve(connection)]
        check(actor, permission, *scopes)

    return guard


async def logged_in(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: anybody with a session; the handler narrows what is shown."""
    actor_in(connection)


def actor_in(connection: Connection) -> Actor:
    """The caller. Raises Unauthenticated when there is no valid session."""
    found = actor_if_any(connection)
    if found is None:
        raise Unauthenticated
    return found


def actor_if_any(connection: Connection) -> Actor | None:
    found = connection.scope.get("actor")
    return found if isinstance(found, Actor) else None
