"""create_app(settings): the Litestar application, from what the registry returned.

The caller has the database open (`core.process.ready`); the application holds no state of its own.
"""

from __future__ import annotations

import logging

from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins import InitPluginProtocol

from core import account_messages  # noqa: F401  registers the kernel's sentences
from core.openapi import TAGS
from core.problems import HANDLERS
from core.registry import registry
from core.routes import handlers
from core.security import Connection, logged_in
from core.settings import Settings
from core.web import assets
from core.web.headers import secured
from core.web.session import SessionMiddleware

BODY_LIMIT = 32 * 1024 * 1024
logger = logging.getLogger("jiangxin")


def create_app(settings: Settings) -> Litestar:
    """Raises nothing for a third party's routes that don't fit: they were tried when loaded."""
    routes: list[BaseRouteHandler | Router] = [*handlers(), assets.static_file]
    for code, plugin_routes, third_party in registry().route_handlers():
        if third_party:
            routes.append(
                Router(f"/x/{code}", route_handlers=plugin_routes, guards=[_default_deny])
            )
        else:
            routes += plugin_routes
    return Litestar(
        route_handlers=routes,
        exception_handlers=HANDLERS,
        middleware=[SessionMiddleware()],
        after_request=secured(secure=settings.secure),
        openapi_config=_openapi(settings),
        request_max_body_size=BODY_LIMIT,
        logging_config=None,
        plugins=[_NoDebug()],
    )


async def _default_deny(connection: Connection, handler: BaseRouteHandler) -> None:
    """A third party's route without a guard of its own needs a log-in at least."""
    if not handler.guards:
        await logged_in(connection, handler)


class _NoDebug(InitPluginProtocol):
    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """No stack trace ever leaves the server, whatever LITESTAR_DEBUG says."""
        app_config.debug = False
        return app_config


def _openapi(settings: Settings) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Jiangxin",
        version="1",
        description=(
            "Skills contests that a chief referee trusts, certificates that an employer can check. "
            "Errors are RFC 9457 problems that list everything wrong at once; numbers that decide "
            "something are decimal strings."
        ),
        path="/schema",
        tags=TAGS,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "cookie": SecurityScheme(
                    type="apiKey", security_scheme_in="cookie", name="jiangxin"
                ),
            }
        ),
        security=[{"bearer": []}, {"cookie": []}],
    )
