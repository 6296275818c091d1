"""The room of accounts: make one, let somebody in, give a role, shut it. What one may do to whom is
decided by `core.reach`, in the actions."""

from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers.base import BaseRouteHandler
from litestar.response import Redirect
from markupsafe import Markup

from admin.console.frame import Form, Req, see_other, show
from admin.console.running.routes import approvals_of
from admin.console.staff import me
from admin.console.staff.people import OFFERED, SHOWN, people_for, person_for, places_of
from core import accounts
from core.errors import Forbidden, Invalid, JiangxinError, NotFound
from core.reach import link_is_held
from core.releasing import release_link
from core.scoring.model import Finding
from core.security import SCOPE_KINDS, Connection, Role, Scope, actor_in, logged_in
from core.signing_in.factors import reset_factors
from core.web import assets, qr, templates
from core.words import ROLES

HERE = Path(__file__).parent
ROOM = "/console/accounts"
HOURS = (12, 24, 72, 24 * 14)


async def manages_accounts(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: account.manage somewhere; the actions ask where."""
    if not actor_in(connection).may_somewhere("account.manage"):
        raise Forbidden(permission="account.manage")


_MANAGES = [manages_accounts]


def register() -> None:
    assets.register("admin/staff", HERE / "static")
    templates.register("staff", HERE / "templates")


@get(ROOM, guards=_MANAGES, include_in_schema=False)
async def staff_page(request: Req) -> Response[bytes]:
    return await _list(request, {})


@post(ROOM, guards=_MANAGES, include_in_schema=False)
async def add_person(request: Req, data: Form) -> Response[Any]:
    try:
        made = await accounts.create_account(
            actor_in(request), login=data.get("login", ""), label=data.get("label", "").strip()
        )
    except JiangxinError as error:
        return await _list(request, data, error)
    return see_other(
        f"{ROOM}/{made}", "The account is made. Give it a role, then send a one-time link."
    )


@get(f"{ROOM}/{{account:uuid}}", guards=_MANAGES, include_in_schema=False)
async def person_page(request: Req, account: UUID) -> Response[Any]:
    if account == actor_in(request).account:
        return Redirect(me.PATH, status_code=303)
    return await _page(request, account)


@post(f"{ROOM}/{{account:uuid}}/roles", guards=_MANAGES, include_in_schema=False)
async def give_role(request: Req, account: UUID, data: Form) -> Response[Any]:
    try:
        role, scope = _read(data)
        await accounts.grant(actor_in(request), account, role, scope)
    except JiangxinError as error:
        return await _page(request, account, error, data)
    return see_other(f"{ROOM}/{account}", "The role is given; it counts from now on.")


@post(f"{ROOM}/{{account:uuid}}/roles/back", guards=_MANAGES, include_in_schema=False)
async def take_role_back(request: Req, account: UUID, data: Form) -> Response[Any]:
    try:
        role, scope = _read(data)
        await accounts.revoke_grant(actor_in(request), account, role, scope)
    except JiangxinError as error:
        return await _page(request, account, error)
    return see_other(f"{ROOM}/{account}", "The role is taken back; it ended at once.")


@post(f"{ROOM}/{{account:uuid}}/link", guards=_MANAGES, include_in_schema=False)
async def make_link(request: Req, account: UUID, data: Form) -> Response[Any]:
    """The link is on this answer and nowhere else, so it isn't a page to come back to."""
    hours = next((h for h in HOURS if str(h) == data.get("hours")), HOURS[0])
    try:
        address = await accounts.login_link(account, hours=hours, by=actor_in(request))
        held = await link_is_held(actor_in(request), account)
    except JiangxinError as error:
        return await _page(request, account, error)
    known = await person_for(actor_in(request), account)
    picture = Markup(qr.svg(address))  # noqa: S704 - drawn by ourselves
    return await show(
        request,
        "staff/link.html",
        room="accounts",
        known=known,
        address=address,
        hours=hours,
        held=held,
        picture=picture,
    )


@post("/console/links/{link:uuid}/release", guards=[logged_in], include_in_schema=False)
async def release(request: Req, link: UUID) -> Response[Any]:
    """A second person vouches that the link reached its owner."""
    try:
        label = await release_link(actor_in(request), link)
    except NotFound:
        raise
    except JiangxinError as error:
        return await approvals_of(request, error)
    return see_other(
        "/console/approvals", "The link is released: it lets {label} in once.", label=label
    )


@post(f"{ROOM}/{{account:uuid}}/shut", guards=_MANAGES, include_in_schema=False)
async def shut(request: Req, account: UUID) -> Response[Any]:
    try:
        await accounts.disable_account(actor_in(request), account)
    except JiangxinError as error:
        return await _page(request, account, error)
    return see_other(
        f"{ROOM}/{account}",
        "The account is shut; whoever used it is logged out.",
        undo=f"{ROOM}/{account}/open",
    )


@post(f"{ROOM}/{{account:uuid}}/open", guards=_MANAGES, include_in_schema=False)
async def open_again(request: Req, account: UUID) -> Response[Any]:
    try:
        await accounts.enable_account(actor_in(request), account)
    except JiangxinError as error:
        return await _page(request, account, error)
    return see_other(f"{ROOM}/{account}", "The account is open again.")


@post(f"{ROOM}/{{account:uuid}}/log-out", guards=_MANAGES, include_in_schema=False)
async def log_out_everywhere(request: Req, account: UUID) -> Response[Any]:
    try:
        await accounts.end_sessions(actor_in(request), account)
    except JiangxinError as error:
        return await _page(request, account, error)
    return see_other(f"{ROOM}/{account}", "Whoever used the account is logged out.")


@post(f"{ROOM}/{{account:uuid}}/reset", guards=_MANAGES, include_in_schema=False)
async def reset(request: Req, account: UUID) -> Response[Any]:
    try:
        await reset_factors(actor_in(request), account)
    except JiangxinError as error:
        return await _page(request, account, error)
    return see_other(
        f"{ROOM}/{account}",
        "The second step is taken away. Everybody who reads the changes sees it.",
    )


HANDLERS = [
    staff_page,
    add_person,
    person_page,
    give_role,
    take_role_back,
    make_link,
    release,
    shut,
    open_again,
    log_out_everywhere,
    reset,
    *me.HANDLERS,
]


async def _list(
    request: Req, typed: dict[str, str], error: JiangxinError | None = None
) -> Response[bytes]:
    by = actor_in(request)
    search = request.query_params.get("search", "")[:80]
    people = await people_for(by, await places_of(by), search=search)
    return await show(
        request,
        "staff/list.html",
        room="accounts",
        error=error,
        people=people,
        more=len(people) == SHOWN,
        search=search,
        typed=typed,
        me=by.account,
        role_words=ROLES,
    )


async def _page(
    request: Req,
    account: UUID,
    error: JiangxinError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    by = actor_in(request)
    known = await person_for(by, account)
    return await show(
        request,
        "staff/person.html",
        room="accounts",
        error=error,
        known=known,
        places=await places_of(by),
        offered=[role.value for role in OFFERED],
        role_words=ROLES,
        hours=HOURS,
        typed=typed or {},
    )


def _read(data: dict[str, str]) -> tuple[Role, Scope]:
    """Raises Invalid: a form of ours sends nothing else."""
    kind, _, id_ = data.get("place", "").partition("|")
    findings = []
    if data.get("role") not in set(Role):
        params = {"given": data.get("role", "")[:40], "known": ", ".join(Role)}
        findings.append(Finding("/role", "account-role-unknown", params))
    if kind not in SCOPE_KINDS:
        findings.append(accounts.scope_unknown(kind))
    if findings:
        raise Invalid(findings)
    return Role(data["role"]), Scope(kind, id_)
