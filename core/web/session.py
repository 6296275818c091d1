"""Who is asking: the session of a cookie or bearer token, and the CSRF check that cookies need."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core import accounts, settings
from core.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
_FORM_LIMIT = 1 << 20


class CsrfMissing(Forbidden):
    slug = "csrf"
    title = "This form is out of date. Load the page again and repeat the step."


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host; browsers accept it under https only."""
    return "__Host-jiangxin" if settings.current().secure else "jiangxin"


def session_cookie(token: str) -> Cookie:
    return Cookie(
        cookie_name(),
        token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        max_age=int(accounts.BROWSER_LIFE.total_seconds()),
    )


def ended_cookie() -> Cookie:
    return Cookie(cookie_name(), "", path="/", httponly=True, samesite="lax", max_age=0,
                  secure=settings.current().secure)  # fmt: skip


class SessionMiddleware(ASGIMiddleware):
    """Sets scope["actor"], scope["session"], scope["csrf_token"]; refuses forged form posts."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await next_app(scope, receive, send)
            return
        connection: ASGIConnection = ASGIConnection(scope)  # type: ignore[type-arg]
        bearer = _bearer(connection)
        token = bearer or connection.cookies.get(cookie_name(), "")
        found = await accounts.session_of(token) if token else None
        if found is not None:
            session, actor = found
            expected = accounts.csrf_token(session)
            scope["actor"], scope["session"] = actor, session  # type: ignore[typeddict-unknown-key]
            scope["csrf_token"] = expected  # type: ignore[typeddict-unknown-key]
            if not bearer and scope["type"] == "http" and scope["method"] not in SAFE:
                receive = await _check_csrf(connection, receive, expected)
        await next_app(scope, receive, send)


def _bearer(connection: ASGIConnection) -> str:  # type: ignore[type-arg]
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _check_csrf(
    connection: ASGIConnection,  # type: ignore[type-arg]
    receive: Receive,
    expected: str,
) -> Receive:
    """Raises CsrfMissing; returns a `receive` that gives the body that was read for the check."""
    sent = connection.headers.get(CSRF_HEADER, "")
    body: list[Message] = []
    if not sent:
        data, body = await _body(receive)
        kind = connection.headers.get("content-type", "")
        sent = _field(data, kind)
    if not hmac.compare_digest(sent.encode(), expected.encode()):
        raise CsrfMissing
    return _replay(body, receive)


async def _body(receive: Receive) -> tuple[bytes, list[Message]]:
    data, messages = b"", []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            return data, messages
        data += message["body"]
        if not message.get("more_body", False) or len(data) > _FORM_LIMIT:
            return data, messages


def _field(data: bytes, kind: str) -> str:
    if kind.startswith("application/x-www-form-urlencoded"):
        values = parse_qs(data.decode("utf-8", "replace"), max_num_fields=1000)
        return values.get(CSRF_FIELD, [""])[0]
    if kind.startswith("multipart/form-data"):
        marker = f'name="{CSRF_FIELD}"'.encode()
        rest = data.partition(marker)[2].partition(b"\r\n\r\n")[2]
        return rest.partition(b"\r\n")[0].decode("ascii", "replace")
    return ""


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = list(messages)

    async def again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return again
