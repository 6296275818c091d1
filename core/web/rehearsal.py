"""Every page of a rehearsal says that it is one, whoever made the page."""

from __future__ import annotations

import re
from typing import cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseStartEvent
from markupsafe import escape

from core.security import Connection
from core.web.assets import asset
from core.web.i18n import translate
from core.web.language import language_of

SENTENCE = "Rehearsal: nothing here counts, and its certificates are valid nowhere else."
_BODY = re.compile(rb"<body[^>]*>")


def with_banner(app: ASGIApp) -> ASGIApp:
    """Puts the banner at the beginning of each page's body, of those that say that there is no such
    page too. Pages are taken uncompressed for it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await app(scope, receive, send)
            return
        scope["headers"] = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        banner = banner_in(language_of(Connection(scope, receive)))
        start: HTTPResponseStartEvent | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif message["type"] == "http.response.body" and start is not None:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_page(send, start, _BODY.sub(_after(banner), body, count=1))
            else:
                await send(message)

        await app(scope, receive, sending)

    return answer


def banner_in(language: str) -> bytes:
    words = escape(translate(SENTENCE, language))
    sheet = asset("core/rehearsal.css")
    return (
        f'<link rel="stylesheet" href="{sheet}">'
        f'<p class="rehearsal-banner" role="note" lang="{language}">{words}</p>'
    ).encode()


def _after(banner: bytes) -> bytes:
    return rb"\g<0>" + banner.replace(b"\\", rb"\\")


def _is_page(message: HTTPResponseStartEvent) -> bool:
    headers = dict(message["headers"])
    return headers.get(b"content-type", b"").startswith(b"text/html")


async def _send_page(send: Send, start: HTTPResponseStartEvent, body: bytes) -> None:
    kept = [(k, v) for k, v in start["headers"] if k not in (b"content-length", b"etag")]
    headers = [*kept, (b"content-length", str(len(body)).encode())]
    await send(cast("Message", {**start, "headers": headers}))
    await send({"type": "http.response.body", "body": body, "more_body": False})
