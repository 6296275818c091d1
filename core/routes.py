"""Log-in, accounts, roles, audit and health over the API. The pages are in pages.py.

Real imports throughout: litestar reads these annotations at run time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.handlers.base import BaseRouteHandler
from litestar.params import Parameter

from core import accounts, audit, enclosing, organisation_routes, pages, sessions, settings
from core.errors import Invalid
from core.health import Health, health
from core.openapi import problems
from core.privacy import erase_person
from core.schemas import (
    AccountView,
    AuditView,
    BearerToken,
    CreatedAccount,
    GrantView,
    Link,
    LogIn,
    Me,
    NewAccount,
    NewGrant,
    NewLink,
    NewPassword,
)
from core.scoring.model import Finding
from core.security import INSTALLATION, SCOPE_KINDS, Actor, Role, Scope, actor_in, check, logged_in
from core.signing_in import logging_in
from core.signing_in.devices import device_of
from core.web.limits import rate_limit
from core.web.paging import LIMIT, MOST, Page, page
from core.web.session import ended_cookie

Req = Request[Any, Any, Any]
Limit = Annotated[int, Parameter(ge=1, le=MOST, description="How many at most.")]
ScopeKind = Annotated[str, Parameter(query="scope", description=", ".join(SCOPE_KINDS))]
"""Named so, because litestar keeps the name `scope` for itself."""
OPEN: list[dict[str, list[str]]] = [{}]
"""Needs no log-in."""


# --- sessions ----------------------------------------------------------------------------------


@post(
    "/api/v1/sessions",
    summary="Log in",
    tags=["accounts"],
    guards=[rate_limit(20, burst=10)],
    security=OPEN,
    responses=problems(400, 401, 429),
)
async def create_session(request: Req, data: LogIn) -> BearerToken:
    """Log in for the API. An account with a second step sends its code too."""
    device = device_of(request)
    return BearerToken(
        await logging_in.of_program(data.login, data.password, data.code, device=device)
    )


@delete(
    "/api/v1/sessions",
    summary="Log out",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401),
)
async def delete_session(request: Req) -> Response[None]:
    """Log out: this session ends everywhere."""
    await sessions.end_session(pages.session_in(request))
    return Response(None, status_code=204, cookies=[ended_cookie()])


@get(
    "/api/v1/me",
    summary="Who am I?",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401),
)
async def read_me(request: Req) -> Me:
    """Who the token belongs to and what it may do."""
    actor = actor_in(request)
    return Me(actor.account, actor.label, _grants_of(actor))


@put("/api/v1/me/password", summary="Change one's own password", tags=["accounts"], guards=[logged_in, rate_limit(20, burst=10)],
     status_code=204, responses=problems(401, 422, 429))  # fmt: skip
async def change_password(request: Req, data: NewPassword) -> None:
    """Change one's own password. Every session of the account ends, this one too."""
    actor = actor_in(request)
    if actor.account is not None:
        await accounts.set_password(actor, actor.account, data.password, old=data.old)


# --- accounts and roles ------------------------------------------------------------------------


@get(
    "/api/v1/accounts",
    summary="Accounts",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401, 403),
)
async def list_accounts(request: Req, limit: Limit = LIMIT, after: str = "") -> Page[AccountView]:
    """Accounts in the order of their logins, each with its roles."""
    rows = await accounts.accounts_after(actor_in(request), after, limit=limit + 1)
    return page([_account(row) for row in rows], limit, lambda item: item.login)


@post(
    "/api/v1/accounts",
    summary="Create an account",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401, 403, 422),
)
async def create_account(request: Req, data: NewAccount) -> CreatedAccount:
    """Create an account. It has no role until one is granted."""
    account = await accounts.create_account(
        actor_in(request),
        login=data.login,
        label=data.label,
        password=data.password,
        language=data.language,
    )
    return CreatedAccount(account)


@post(
    "/api/v1/accounts/{account:uuid}/grants",
    summary="Give a role",
    tags=["accounts"],
    guards=[logged_in],
    status_code=204,
    responses=problems(401, 403, 404, 422),
)
async def give_grant(request: Req, account: UUID, data: NewGrant) -> None:
    """Give a role within a scope that you manage yourself."""
    role, scope = _read_grant(data.role, data.scope, data.scope_id)
    await accounts.grant(actor_in(request), account, role, scope)


@delete(
    "/api/v1/accounts/{account:uuid}/grants",
    summary="Take a role back",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401, 403, 404, 422),
)
async def take_grant(
    request: Req, account: UUID, role: str, scope_kind: ScopeKind, scope_id: str = ""
) -> None:
    """Take a role back; it ends at the account's next request."""
    wanted, where = _read_grant(role, scope_kind, scope_id)
    await accounts.revoke_grant(actor_in(request), account, wanted, where)


@post(
    "/api/v1/accounts/{account:uuid}/links",
    summary="Make a one-time log-in link",
    tags=["accounts"],
    guards=[logged_in],
    responses=problems(401, 403, 404),
)
async def create_link(request: Req, account: UUID, data: NewLink) -> Link:
    """A one-time log-in link for an account whose every role you could have given."""
    address = await accounts.login_link(
        account, target=data.target, hours=data.hours, by=actor_in(request)
    )
    return Link(address)


@post(
    "/api/v1/accounts/{account:uuid}/disable",
    summary="Disable an account",
    tags=["accounts"],
    guards=[logged_in],
    status_code=204,
    responses=problems(401, 403, 404),
)
async def disable_account(request: Req, account: UUID) -> None:
    """The account can't log in any more, and its sessions end now."""
    await accounts.disable_account(actor_in(request), account)


# --- audit and health --------------------------------------------------------------------------


@get(
    "/api/v1/audit",
    summary="Audit",
    tags=["system"],
    guards=[logged_in],
    responses=problems(401, 403, 422),
)
async def read_audit(
    request: Req,
    scope_kind: ScopeKind = INSTALLATION.kind,
    scope_id: str = "",
    limit: Limit = LIMIT,
    after: datetime | None = None,
) -> Page[AuditView]:
    """Who changed what within a scope, newest first; of the installation: everything."""
    if scope_kind not in SCOPE_KINDS:
        raise Invalid([accounts.scope_unknown(scope_kind)])
    where = Scope(scope_kind, scope_id)
    check(actor_in(request), "audit.read", *await enclosing.scopes(where))
    chosen = () if where == INSTALLATION else (where,)
    rows = await audit.entries(*chosen, before=after, limit=limit + 1)
    return page([_audit(row) for row in rows], limit, lambda item: item.at.isoformat())


@delete(
    "/api/v1/persons/{person:uuid}",
    summary="Erase a person",
    tags=["system"],
    guards=[logged_in],
    responses=problems(401, 403, 404),
)
async def erase(request: Req, person: UUID) -> None:
    """Destroys the person's key and what every plugin holds of the person. It can't be undone;
    logs and certificates' chains still verify, and nothing in them reads again."""
    await erase_person(person, by=actor_in(request))


@get("/healthz", summary="Health", tags=["system"], security=OPEN, responses=problems(503))
async def healthz() -> Response[Health]:
    """200 while this process can serve ("ok" or "degraded"), else 503 ("down")."""
    found = await health(settings.current())
    status = 503 if found.status == "down" else 200
    return Response(found, status_code=status, headers={"Cache-Control": "no-store"})


def handlers() -> list[BaseRouteHandler]:
    return [
        create_session,
        delete_session,
        read_me,
        change_password,
        list_accounts,
        create_account,
        give_grant,
        take_grant,
        create_link,
        disable_account,
        read_audit,
        erase,
        organisation_routes.list_organisations,
        organisation_routes.add_organisation,
        healthz,
        *pages.handlers(),
    ]


def _read_grant(role: str, scope: str, scope_id: str) -> tuple[Role, Scope]:
    findings = []
    if role not in set(Role):
        params = {"given": role[:40], "known": ", ".join(Role)}
        findings.append(Finding("/role", "account-role-unknown", params))
    if scope not in SCOPE_KINDS:
        findings.append(accounts.scope_unknown(scope))
    if findings:
        raise Invalid(findings)
    return Role(role), Scope(scope, scope_id)


def _grants_of(actor: Actor) -> list[GrantView]:
    return [GrantView(g.role.value, g.scope.kind, g.scope.id) for g in actor.grants]


def _account(row: dict[str, Any]) -> AccountView:
    grants = [GrantView(g["role"], g["scope_kind"], g["scope_id"]) for g in row["grants"]]
    disabled = row["disabled_at"] is not None
    return AccountView(row["id"], row["login"], row["label"], disabled, grants)


def _audit(row: dict[str, Any]) -> AuditView:
    return AuditView(
        id=row["id"],
        at=row["at"],
        account=row["account"],
        action=row["action"],
        scope=row["scope_kind"],
        scope_id=row["scope_id"],
        subject=row["subject"],
        before=row["before"],
        after=row["after"],
    )
