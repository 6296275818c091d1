"""Security headers of every answer, errors too. A page may allow its own inline style by hash."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler
from litestar.types.asgi_types import Message, Scope

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}
ADDED = "added_headers"
"""Where a request's guards leave headers for its answer, an error's too."""
HSTS = "max-age=63072000; includeSubDomains"


def policy(**more: str) -> str:
    """The CSP, with sources added by directive: policy(style_src="'sha256-…'")."""
    added = {key.replace("_", "-"): value for key, value in more.items()}
    return "; ".join(f"{key} {value} {added.get(key, '')}".strip() for key, value in CSP.items())


def style_hash(style: str) -> str:
    """The source that allows exactly this inline style element."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def secured(*, secure: bool) -> BeforeMessageSendHookHandler:
    """A `before_send` hook that adds what the answer did not set itself."""
    standard = {**HEADERS, "Content-Security-Policy": policy()}
    if secure:
        standard["Strict-Transport-Security"] = HSTS

    async def add_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers: Any = MutableScopeHeaders.from_message(message)
        own: dict[str, str] = cast("dict[str, Any]", scope).get(ADDED, {})
        for name, value in {**standard, **own}.items():
            headers.setdefault(name, value)

    return add_headers
