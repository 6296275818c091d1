"""Who is asking: the session of a cookie or bearer token, and the CSRF check that cookies need."""

from __future__ import annotations

import hmac
import secrets
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from litestar.datastructures import Cookie
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Send
from litestar.types.asgi_types import HTTPReceiveMessage, Scope

from core import sessions, settings
from core.errors import Forbidden, Unauthenticated
from core.security import Connection

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
_MASKED = "m"
"""No digit of a plain token."""
PROGRAM_KEYS = "jx_"
"""How the keys of programs begin. They are no sessions: the routes that take one read it themselves."""
_FORM_LIMIT = 64 * 1024
"""The token stands in the first fields of a form; a longer upload sends it as a header."""


class CsrfMissing(Forbidden):
    slug = "csrf"
    title = "This form is out of date. Load the page again and repeat the step."


class CrossSite(Forbidden):
    slug = "cross-site"
    title = "This form was sent from another site. Open the page here and repeat the step."


class TokenInvalid(Unauthenticated):
    slug = "token-invalid"
    title = "The token is unknown, expired or revoked. Log in again for a new one."


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host; browsers accept it under https only. Cookies know no
    port, so that a rehearsal beside the real server needs a name of its own."""
    now = settings.current()
    name = "jiangxin-rehearsal" if now.rehearsal else "jiangxin"
    return f"__Host-{name}" if now.secure else name


def session_cookie(token: str) -> Cookie:
    return _cookie(token, int(sessions.BROWSER_LIFE.total_seconds()))


def ended_cookie() -> Cookie:
    return _cookie("", 0)


def _cookie(value: str, seconds: int) -> Cookie:
    return Cookie(
        cookie_name(),
        "/",
        value,
        httponly=True,
        samesite="lax",
        secure=settings.current().secure,
        max_age=seconds,
    )


class SessionMiddleware(ASGIMiddleware):
    """Sets scope["actor"], scope["session"] and scope["csrf_token"]; refuses forged form posts.

    A bearer token needs no CSRF check, because no other site can make a browser send one; when
    there is one, the cookie is not looked at.
    """

    exclude_path_pattern = ("^/static/",)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        connection: Connection = Connection(scope, receive)
        bearer = _bearer(connection)
        token = bearer if bearer is not None else connection.cookies.get(cookie_name(), "")
        by_key = bearer is not None and bearer.startswith(PROGRAM_KEYS)
        found = await sessions.session_of(token) if token and not by_key else None
        if bearer is not None and found is None and not by_key:
            raise TokenInvalid
        forms = "http" if bearer is None and _unsafe(scope) else ""
        if forms and found is None:
            _check_origin(connection)
        if found is not None:
            session, actor = found
            known = cast("dict[str, Any]", scope)
            known |= {"actor": actor, "session": session}
            token = sessions.csrf_token(session)
            known["csrf_token"] = masked(token)
            if forms:
                receive = await _check_csrf(connection, receive, token)
        await next_app(scope, receive, send)


def _unsafe(scope: Scope) -> bool:
    return str(cast("dict[str, Any]", scope).get("method", "")) not in SAFE  # WebSockets have none


def _bearer(connection: Connection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _check_origin(connection: Connection) -> None:
    """Without a session there is no token to compare (the log-in itself): a form that a browser
    says comes from another origin is refused."""
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _FORMS and not _from_here(connection):
        raise CrossSite


def _from_here(connection: Connection) -> bool:
    """What the browser says; a program that says nothing carries no victim's cookies."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    ours = {connection.headers.get("host"), urlsplit(settings.current().origin).netloc}
    return urlsplit(origin).netloc in ours


_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""})


async def _check_csrf(connection: Connection, receive: Receive, expected: str) -> Receive:
    """Raises CsrfMissing; returns a `receive` that gives the body that was read for the check."""
    if "method" not in connection.scope:  # a WebSocket: a browser always says where it is from
        origin = connection.headers.get("origin", "")
        if origin and origin != settings.current().origin:
            raise CrossSite
        return receive
    sent = connection.headers.get(CSRF_HEADER, "")
    read: list[HTTPReceiveMessage] = []
    if not sent:
        read = await _beginning(receive)
        sent = _field(read, connection.headers.get("content-type", ""))
    if not same_token(sent, expected):
        raise CsrfMissing
    return _replay(read, receive)


def masked(token: str) -> str:
    """The token as a page shows it: never twice the same letters, so that the size of a compressed
    page tells nothing of it (BREACH)."""
    data = token.encode()
    mask = secrets.token_bytes(len(data))
    return _MASKED + (mask + _mixed(data, mask)).hex()


def same_token(sent: str, expected: str) -> bool:
    """Whether a form sent the token, masked or plain."""
    return hmac.compare_digest(_unmasked(sent).encode(), expected.encode())


def _unmasked(sent: str) -> str:
    if not sent.startswith(_MASKED):
        return sent
    try:
        data = bytes.fromhex(sent.removeprefix(_MASKED))
    except ValueError:
        return ""
    half = len(data) // 2
    return _mixed(data[half:], data[:half]).decode("ascii", "replace")


def _mixed(data: bytes, mask: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(data, mask, strict=False))


async def _beginning(receive: Receive) -> list[HTTPReceiveMessage]:
    messages: list[HTTPReceiveMessage] = []
    length = 0
    while length <= _FORM_LIMIT:
        message = cast("HTTPReceiveMessage", await receive())
        messages.append(message)
        if message["type"] != "http.request":
            break
        length += len(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return messages


def _field(messages: list[HTTPReceiveMessage], kind: str) -> str:
    data = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.request")
    if kind.startswith("application/x-www-form-urlencoded"):
        return _of_query(data)
    if kind.startswith("multipart/form-data"):
        rest = data.partition(f'name="{CSRF_FIELD}"'.encode())[2].partition(b"\r\n\r\n")[2]
        return rest.partition(b"\r\n")[0].decode("ascii", "replace")
    return ""


def _of_query(data: bytes) -> str:
    try:
        values = parse_qs(data.decode("utf-8", "replace"), max_num_fields=2000)
    except ValueError:
        return ""
    return values.get(CSRF_FIELD, [""])[0]


def _replay(messages: list[HTTPReceiveMessage], receive: Receive) -> Receive:
    waiting = list(messages)

    async def again() -> Any:
        return waiting.pop(0) if waiting else await receive()

    return again
