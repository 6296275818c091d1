"""Security headers of every answer. A page may add the hash of its own inline style to the CSP."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from litestar import Response

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
HSTS = "max-age=63072000; includeSubDomains"


def policy(**more: str) -> str:
    """The CSP, with sources added by directive: policy(style_src="'sha256-…'")."""
    added = {key.replace("_", "-"): value for key, value in more.items()}
    return "; ".join(f"{key} {value} {added.get(key, '')}".strip() for key, value in CSP.items())


def style_hash(style: str) -> str:
    """The source that allows exactly this inline style element."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def secured(*, secure: bool) -> Any:
    """An `after_request` hook that adds what the handler did not set itself."""
    headers = dict(HEADERS)
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    standard = policy()

    async def add_headers(response: Response[Any]) -> Response[Any]:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", standard)
        return response

    return add_headers
