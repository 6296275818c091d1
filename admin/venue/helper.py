"""The one page that goes out by plain http: how a tablet comes to trust this server, the authority's
certificate, and where to go then. Nothing personal, no cookie, no form, no script.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from markupsafe import Markup

from admin.venue.place import Place
from admin.venue.profile import CERTIFICATE_TYPE, PROFILE_TYPE, mobileconfig
from core.web import i18n, templates
from credentials.qr import svg

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    media_type: str
    status: int = 200
    file: str = ""


class Helper:
    """The whole web site, as an ASGI application."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = self.answer(scope["method"], scope["path"], _language(scope, self.place))
        headers = {**HEADERS, "Content-Type": answer.media_type}
        headers["Content-Length"] = str(len(answer.body))
        if answer.file:
            headers["Content-Disposition"] = f'attachment; filename="{answer.file}"'
        coded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": coded})
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})

    def answer(self, method: str, path: str, language: str) -> Answer:
        authority = self.place.authority
        if method not in {"GET", "HEAD"} or authority is None:
            return Answer(b"", "text/plain; charset=utf-8", 405)
        if path == "/jiangxin-venue.mobileconfig":
            return Answer(mobileconfig(authority, language), PROFILE_TYPE)
        if path == "/jiangxin-venue.crt":
            return Answer(authority.der, CERTIFICATE_TYPE, file="jiangxin-venue.crt")
        if path == "/trust.css":
            return Answer((HERE / "static" / "trust.css").read_bytes(), "text/css; charset=utf-8")
        status = 200 if path == "/" else 404
        return Answer(self.page(language), "text/html; charset=utf-8", status)

    def page(self, language: str) -> bytes:
        """Any other address leads here too: a tablet that asks for a page gets the one it needs."""
        authority, settings = self.place.authority, self.place.settings
        if authority is None:
            raise ValueError("a certificate that was fetched beforehand needs no such page")
        check = f"{settings.origin}/venue/trusted?lang={language}"
        page = templates.environment().get_template("venue/trust.html")
        html = page.render(
            **templates.words(language),
            language=language,
            languages=[(code, i18n.NAMES[code]) for code in settings.languages],
            title=authority.title,
            fingerprint=_in_groups(authority.fingerprint),
            helper=self.place.helper,
            check=check,
            helper_qr=_drawn(self.place.helper),
            check_qr=_drawn(check),
        )
        return html.encode()


@asynccontextmanager
async def helping(place: Place) -> AsyncIterator[None]:
    """Serves the page while this lasts; nothing where the certificate was fetched beforehand."""
    if place.authority is None:
        yield
        return
    register()
    server = _Server(
        uvicorn.Config(
            Helper(place),
            host=place.settings.host,
            port=place.settings.venue_help_port,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
        )
    )
    running = asyncio.create_task(server.serve(), name="venue helper")
    try:
        yield
    finally:
        server.should_exit = True
        await running


def register() -> None:
    """Once is enough, twice does no harm."""
    templates.register("venue", HERE / "templates" / "venue")


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The web server beside it takes the signals and ends both."""
        yield


def _language(scope: Mapping[str, Any], place: Place) -> str:
    """The one asked for in the address, else the browser's; remembered nowhere."""
    offered = place.settings.languages
    query: bytes = scope.get("query_string", b"")
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[0]
    if asked in offered:
        return asked
    headers: dict[bytes, bytes] = dict(scope.get("headers", ()))
    return i18n.negotiate(headers.get(b"accept-language", b"").decode("latin-1"), offered)


def _drawn(text: str) -> Markup:
    return Markup(svg(text, title=text))  # noqa: S704 - our own drawing; the title is escaped


def _in_groups(fingerprint: str) -> list[str]:
    pairs = fingerprint.split()
    return [" ".join(pairs[start : start + 8]) for start in range(0, len(pairs), 8)]
