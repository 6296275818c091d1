"""One's own account: password, second step, passkeys, and where one is logged in."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from markupsafe import Markup

from admin.console.frame import Form, Req, see_other, show
from core import accounts, sessions
from core.errors import Invalid, JiangxinError, NotFound
from core.pages import session_in
from core.scoring.model import Finding
from core.security import actor_in, logged_in
from core.signing_in import code_app, factors, passkeys, recovery
from core.signing_in.devices import device_of
from core.tables import Account
from core.web import qr
from core.web.limits import rate_limit
from core.web.session import session_cookie

PATH = "/console/me"
_TRIES = [logged_in, rate_limit(30, burst=15)]


@get(PATH, guards=[logged_in], include_in_schema=False)
async def my_account(request: Req) -> Response[bytes]:
    return await _page(request)


@post(f"{PATH}/password", guards=_TRIES, include_in_schema=False)
async def change_password(request: Req, data: Form) -> Response[Any]:
    """Every other session ends; this browser stays logged in."""
    actor, account = actor_in(request), _account(request)
    try:
        if data.get("password", "") != data.get("repeated", ""):
            raise Invalid([Finding("/repeated", "password-differs", {})])
        await accounts.set_password(
            actor, account, data.get("password", ""), old=data.get("old", "")
        )
    except JiangxinError as error:
        return await _page(request, error)
    answer = see_other(PATH, "The password is changed. Everywhere else you are logged out.")
    token = await sessions.create_session(account, device=device_of(request))
    answer.set_cookie(session_cookie(token))
    return answer


# --- the code app ------------------------------------------------------------------------------


@post(f"{PATH}/app", guards=_TRIES, include_in_schema=False)
async def begin_app(request: Req, data: Form) -> Response[Any]:
    account = _account(request)
    try:
        await accounts.confirm_password(account, data.get("old", ""))
        await code_app.begin(account)
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(f"{PATH}/app")


@get(f"{PATH}/app", guards=[logged_in], include_in_schema=False)
async def app_page(request: Req) -> Response[Any]:
    return await _app(request)


@post(f"{PATH}/app/confirm", guards=_TRIES, include_in_schema=False)
async def confirm_app(request: Req, data: Form) -> Response[Any]:
    """With the recovery codes at once: an app without them is a lost account one day."""
    actor, account = actor_in(request), _account(request)
    code = "".join(data.get("code", "").split())[:10]
    if not await code_app.confirm(actor, account, code):
        return await _app(request, Invalid([Finding("/code", "code-wrong", {})]))
    return await _codes(request, await recovery.make(actor, account))


@post(f"{PATH}/app/remove", guards=_TRIES, include_in_schema=False)
async def remove_app(request: Req, data: Form) -> Response[Any]:
    try:
        await accounts.confirm_password(_account(request), data.get("old", ""))
        await factors.remove_app(actor_in(request), _account(request))
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(PATH, "The code app is not asked for any more.")


@post(f"{PATH}/codes", guards=_TRIES, include_in_schema=False)
async def new_codes(request: Req, data: Form) -> Response[Any]:
    actor, account = actor_in(request), _account(request)
    try:
        await accounts.confirm_password(account, data.get("old", ""))
        codes = await recovery.make(actor, account)
    except JiangxinError as error:
        return await _page(request, error)
    return await _codes(request, codes)


# --- passkeys ----------------------------------------------------------------------------------


@post(f"{PATH}/passkeys/options", guards=_TRIES, include_in_schema=False)
async def passkey_options(request: Req, data: dict[str, Any]) -> dict[str, Any]:
    account = _account(request)
    await accounts.confirm_password(account, str(data.get("old", "")))
    return await passkeys.options_for_new(account)


@post(f"{PATH}/passkeys", guards=_TRIES, include_in_schema=False)
async def add_passkey(request: Req, data: dict[str, Any]) -> dict[str, str]:
    credential = data.get("credential")
    if not isinstance(credential, dict):
        raise passkeys.PasskeyRefused
    name = str(data.get("name", "")) or device_of(request)
    await passkeys.add(actor_in(request), _account(request), credential, name=name)
    return {"to": PATH}


@post(f"{PATH}/passkeys/{{passkey:uuid}}/remove", guards=_TRIES, include_in_schema=False)
async def remove_passkey(request: Req, passkey: UUID, data: Form) -> Response[Any]:
    try:
        await accounts.confirm_password(_account(request), data.get("old", ""))
        await passkeys.remove(actor_in(request), _account(request), passkey)
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(PATH, "The passkey opens this account no longer.")


# --- where one is logged in --------------------------------------------------------------------


@post(f"{PATH}/sessions/others/end", guards=[logged_in], include_in_schema=False)
async def end_others(request: Req) -> Response[Any]:
    count = await sessions.end_other_sessions(_account(request), session_in(request))
    return see_other(PATH, "Ended elsewhere: {count}.", count=count)


@post(f"{PATH}/sessions/{{session:uuid}}/end", guards=[logged_in], include_in_schema=False)
async def end_session(request: Req, session: UUID) -> Response[Any]:
    try:
        await sessions.end_session_of(_account(request), session)
    except JiangxinError as error:
        return await _page(request, error)
    return see_other(PATH, "You are logged out there.")


HANDLERS = [
    my_account,
    change_password,
    begin_app,
    app_page,
    confirm_app,
    remove_app,
    new_codes,
    passkey_options,
    add_passkey,
    remove_passkey,
    end_others,
    end_session,
]


async def _page(request: Req, error: JiangxinError | None = None) -> Response[bytes]:
    account = _account(request)
    row = await Account.select().where(Account.id == account).first()
    if row is None:
        raise NotFound(kind="account", id=account)
    return await show(
        request,
        "staff/me.html",
        room="me",
        error=error,
        account=row,
        factors=await factors.factors_of(account),
        keys=await passkeys.of_account(account),
        possible=passkeys.possible(),
        sessions=await sessions.sessions_of_account(account),
        here_session=session_in(request),
    )


async def _app(request: Req, error: JiangxinError | None = None) -> Response[Any]:
    begun = await code_app.begun(_account(request))
    if begun is None:
        return see_other(PATH)
    picture = Markup(qr.svg(begun.address))  # noqa: S704 - drawn by ourselves
    groups = " ".join(begun.secret[n : n + 4] for n in range(0, len(begun.secret), 4))
    return await show(
        request, "staff/app.html", room="me", error=error, picture=picture, secret=groups
    )


async def _codes(request: Req, codes: list[str]) -> Response[bytes]:
    return await show(request, "staff/codes.html", room="me", codes=codes)


def _account(request: Req) -> UUID:
    account = actor_in(request).account
    if account is None:
        raise NotFound(kind="account", id="")
    return account
