"""Keeps everybody on the set-up page while an installation has nobody who could log in."""

from __future__ import annotations

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from core import first_run, set_up_first


class SetUpGate(ASGIMiddleware):
    """Raises SetUpFirst, which a browser's page turns into the way to /setup. What is published for
    programs and certificates that people hold are read on regardless. A hall's tablets may learn to
    trust their server before that and fetch their app, which is the same for everybody and must never
    be answered by a redirect: a service worker would keep the other page in its place."""

    exclude_path_pattern = (
        "^/static/",
        "^/healthz$",
        f"^{set_up_first.PATH}$",
        "^/c/",
        "^/(scan|status|trust|keys|issuers|achievements)(/|$)",
        "^/venue/",
        "^/judging(/|$)",
        r"^/\.well-known/",
    )

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if await first_run.pending():
            raise set_up_first.SetUpFirst
        await next_app(scope, receive, send)
