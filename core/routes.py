"""Log-in, accounts, roles, health and the home page."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.handlers.base import BaseRouteHandler
from litestar.params import Body
from litestar.response import Redirect
from litestar.router import Router

from core import accounts, diagnosis, outbox, settings
from core.errors import Forbidden, Invalid
from core.openapi import problems
from core.registry import registry
from core.scoring.model import Finding
from core.security import (
    Actor,
    Role,
    Scope,
    actor_if_any,
    actor_in,
    actor_of,
    logged_in,
)
from core.web.limits import rate_limit
from core.web.session import ended_cookie, session_cookie
from core.web.templates import render

Req = Request[Any, Any, State]
SCOPE_KINDS = ("installation", "organisation", "competition", "contest", "issuer")


class LogIn(msgspec.Struct):
    login: str
    password: str


class BearerToken(msgspec.Struct):
    """Send it as `Authorization: Bearer …`; it ends after an hour or when you log out."""

    token: str
    token_type: str = "Bearer"  # noqa: S105  a kind, no secret


class GrantView(msgspec.Struct):
    role: str
    scope: str
    scope_id: str


class Me(msgspec.Struct):
    account: UUID | None
    label: str
    grants: list[GrantView]


class NewAccount(msgspec.Struct):
    login: str
    label: str = ""
    password: str | None = None
    language: str = ""


class CreatedAccount(msgspec.Struct):
    account: UUID


class NewGrant(msgspec.Struct):
    """scope: "installation", "organisation", "competition", "contest" or "issuer"."""

    role: str
    scope: str
    scope_id: str = ""


class NewLink(msgspec.Struct):
    target: str = "/"
    hours: int = 12


class Link(msgspec.Struct):
    address: str


@post("/api/v1/sessions", tags=["accounts"], guards=[rate_limit(20, burst=10)], security=[{}],
      responses=problems(401, 429))  # fmt: skip
async def create_session(data: LogIn) -> BearerToken:
    """Log in for the API."""
    return BearerToken(await accounts.log_in(data.login, data.password, kind="api"))


@delete("/api/v1/sessions", tags=["accounts"], guards=[logged_in], responses=problems(401))
async def delete_session(request: Req) -> None:
    """Log out: this session ends everywhere."""
    await accounts.end_session(_session(request))


@get("/api/v1/me", tags=["accounts"], guards=[logged_in], responses=problems(401))
async def read_me(request: Req) -> Me:
    """Who the token belongs to and what it may do."""
    return _me(actor_in(request))


@post("/api/v1/accounts", tags=["accounts"], guards=[logged_in], responses=problems(401, 403, 422))
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


@post("/api/v1/accounts/{account:uuid}/grants", tags=["accounts"], guards=[logged_in],
      responses=problems(401, 403, 422))  # fmt: skip
async def give_grant(request: Req, account: UUID, data: NewGrant) -> None:
    """Give a role within a scope that you manage yourself."""
    role, scope = _read_grant(data)
    await accounts.grant(actor_in(request), account, role, scope)


@delete("/api/v1/accounts/{account:uuid}/grants", tags=["accounts"], guards=[logged_in],
        responses=problems(401, 403, 422))  # fmt: skip
async def take_grant(
    request: Req, account: UUID, role: str, scope: str, scope_id: str = ""
) -> None:
    """Take a role back; it ends at the next request."""
    wanted, where = _read_grant(NewGrant(role, scope, scope_id))
    await accounts.revoke_grant(actor_in(request), account, wanted, where)


@post("/api/v1/accounts/{account:uuid}/links", tags=["accounts"], guards=[logged_in],
      responses=problems(401, 403))  # fmt: skip
async def create_link(request: Req, account: UUID, data: NewLink) -> Link:
    """A one-time log-in link for an account whose every role you could have given."""
    actor = actor_in(request)
    held = await actor_grants(account)
    if not held or not all(actor.may("account.manage", scope) for scope in held):
        raise Forbidden(permission="account.manage")
    return Link(await accounts.login_link(account, target=_local(data.target), hours=data.hours))


@post("/api/v1/accounts/{account:uuid}/disable", tags=["accounts"], guards=[logged_in],
      responses=problems(401, 403, 404))  # fmt: skip
async def disable_account(request: Req, account: UUID) -> None:
    """The account can't log in any more, and its sessions end now."""
    await accounts.disable_account(actor_in(request), account)


@get("/healthz", tags=["system"], security=[{}], responses=problems(503))
async def healthz() -> Response[Any]:
    """200 when the database answers and nothing is stuck, else 503 with the reason."""
    checks = await diagnosis.diagnose(settings.current())
    well = all(check.verdict is not diagnosis.Verdict.BAD for check in checks)
    body = {
        "well": well,
        "checks": [{"name": c.name, "verdict": c.verdict.value} for c in checks],
        "disabled_plugins": [plugin.name for plugin in registry().disabled],
        "stuck": len(await outbox.stuck()),
    }
    return Response(body, status_code=200 if well else 503, headers={"Cache-Control": "no-store"})


@get("/", include_in_schema=False)
async def home(request: Req) -> Response[bytes]:
    """What this installation is, and the doors that are open to the reader."""
    actor = actor_if_any(request)
    roles = {g.role for g in actor.grants} if actor else set()
    judging = bool(roles & {Role.JUDGE, Role.GROUP_LEADER})
    console = bool(roles - {Role.JUDGE, Role.EMPLOYER})
    host = urlsplit(settings.current().certificate_origin or settings.current().origin).netloc
    return render(
        request, "core/home.html", judging=judging, console=console, certificate_host=host
    )


@get("/login", include_in_schema=False)
async def login_page(request: Req) -> Response[bytes]:
    return render(request, "core/login.html", failed="", target=_target(request))


@post("/login", include_in_schema=False, guards=[rate_limit(20, burst=10)])
async def log_in(
    request: Req,
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    try:
        token = await accounts.log_in(data.get("login", ""), data.get("password", ""))
    except accounts.WrongLogin as error:
        return render(request, "core/login.html", status=401, failed=error.title,
                      target=_local(data.get("target", "/")))  # fmt: skip
    return _entered(token, _local(data.get("target", "/")))


@post("/logout", include_in_schema=False, guards=[logged_in])
async def log_out(request: Req) -> Response[Any]:
    await accounts.end_session(_session(request))
    response: Response[Any] = Redirect("/", status_code=303)
    response.set_cookie(ended_cookie())
    return response


@get("/in/{token:str}", include_in_schema=False, guards=[rate_limit(60)])
async def look_at_link(request: Req, token: str) -> Response[bytes]:
    """Shows a button and uses nothing up: chat programs open links to preview them."""
    label = await accounts.look_at_link(token)
    return render(request, "core/link.html", label=label)


@post("/in/{token:str}", include_in_schema=False, guards=[rate_limit(60)])
async def use_link(token: str) -> Response[Any]:
    session, target = await accounts.use_link(token)
    return _entered(session, _local(target))


def handlers() -> list[BaseRouteHandler | Router]:
    return [
        create_session,
        delete_session,
        read_me,
        create_account,
        give_grant,
        take_grant,
        create_link,
        disable_account,
        healthz,
        home,
        login_page,
        log_in,
        log_out,
        look_at_link,
        use_link,
    ]


async def actor_grants(account: UUID) -> list[Scope]:
    return [grant.scope for grant in (await actor_of(account)).grants]


def _entered(token: str, target: str) -> Response[Any]:
    response: Response[Any] = Redirect(target, status_code=303)
    response.set_cookie(session_cookie(token))
    return response


def _session(request: Req) -> UUID:
    return request.scope["session"]  # type: ignore[typeddict-item, return-value]


def _target(request: Req) -> str:
    return _local(str(request.query_params.get("next", "/")))


def _local(target: str) -> str:
    """A path of this host; anything else would be an open redirect."""
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if safe and target.isprintable() else "/"


def _me(actor: Actor) -> Me:
    grants = [GrantView(g.role.value, g.scope.kind, g.scope.id) for g in actor.grants]
    return Me(actor.account, actor.label, grants)


def _read_grant(data: NewGrant) -> tuple[Role, Scope]:
    findings = []
    if data.role not in set(Role):
        params = {"role": data.role[:40], "known": ", ".join(Role)}
        findings.append(Finding("/role", "role-unknown", params))
    if data.scope not in SCOPE_KINDS:
        params = {"kind": data.scope[:40], "known": ", ".join(SCOPE_KINDS)}
        findings.append(Finding("/scope", "scope-unknown", params))
    if findings:
        raise Invalid(findings)
    return Role(data.role), Scope(data.scope, data.scope_id)
