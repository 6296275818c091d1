"""create_app(settings): the Litestar application, from what the registry returned.

The caller has the database open (`core.process.ready`); the application holds no state of its own.
"""

from __future__ import annotations

from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.handlers.base import BaseRouteHandler
from litestar.plugins import InitPluginProtocol

from core.openapi import openapi_config
from core.plugin_loading import THIRD_PARTY_PATH
from core.problems import HANDLERS
from core.registry import registry
from core.routes import handlers
from core.security import Connection, logged_in
from core.settings import Settings
from core.web import assets, limits
from core.web.gate import SetUpGate
from core.web.headers import secured
from core.web.rehearsal import with_banner
from core.web.session import SessionMiddleware


def create_app(settings: Settings) -> Litestar:
    """Third parties' routes were tried on an application of their own when they were loaded."""
    limits.forget()
    routes: list[BaseRouteHandler | Router] = [*handlers(), assets.static_file]
    for code, found, third_party in registry().route_handlers():
        routes += [_under(code, found)] if third_party else found
    app = Litestar(
        route_handlers=routes,
        exception_handlers=HANDLERS,
        middleware=[SetUpGate(), SessionMiddleware()],
        before_send=[secured(secure=settings.secure)],
        openapi_config=openapi_config(),
        request_max_body_size=limits.BODY_LIMIT,
        logging_config=None,
        plugins=[_NoDebug()],
    )
    if settings.rehearsal:
        app.asgi_handler = with_banner(app.asgi_handler)
    return app


def _under(code: str, found: list[BaseRouteHandler | Router]) -> Router:
    return Router(f"{THIRD_PARTY_PATH}/{code}", route_handlers=found, guards=[_deny_by_default])


async def _deny_by_default(connection: Connection, handler: BaseRouteHandler) -> None:
    """A third party's route without a guard of its own needs a log-in at least."""
    own = [guard for guard in handler.resolve_guards() if guard is not _deny_by_default]
    if not own:
        await logged_in(connection, handler)


class _NoDebug(InitPluginProtocol):
    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """No stack trace ever leaves the server, whatever LITESTAR_DEBUG says."""
        app_config.debug = False
        return app_config
