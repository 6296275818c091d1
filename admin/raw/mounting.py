"""piccolo_admin at /raw: one instance, behind our own log-in, answering nothing but questions."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any, cast

from litestar import Request, asgi, get
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Receive, Scope, Send

from core import settings
from core.errors import Forbidden, Unavailable
from core.security import INSTALLATION, Actor, requires
from core.web.session import SAFE

ADDRESS = "/raw"
PERMISSION = "installation.manage"
INSTALL = "pip install 'jiangxin[admin]'"


class RawTablesMissing(Unavailable):
    slug = "raw-tables-missing"
    title = "The raw tables need another package. Install it on the server: {line}"


def handlers() -> list[BaseRouteHandler]:
    """Nothing where the setting is off."""
    if not settings.current().raw_tables:
        return []
    return [_mounted] if installed() else [_missing]


def installed() -> bool:
    return find_spec("piccolo_admin") is not None


@asgi(ADDRESS, is_mount=True, copy_scope=True, guards=[requires(PERMISSION)])
async def _mounted(scope: Scope, receive: Receive, send: Send) -> None:
    """Its own refusals of changes stand behind this one."""
    if _method(scope) not in SAFE:
        raise Forbidden(permission=PERMISSION)
    await _application()(scope, receive, send)


def _method(scope: Any) -> str:
    return str(scope.get("method", ""))  # a WebSocket has none, and none is served


@get(ADDRESS, guards=[requires(PERMISSION)], include_in_schema=False)
async def _missing(request: Request[Any, Any, Any]) -> None:
    raise RawTablesMissing(line=INSTALL)


@cache
def _application() -> Any:
    """Built once: it makes a class for every table. Its own accounts and sessions are never used."""
    from piccolo_admin.endpoints import TableConfig, create_admin
    from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError
    from starlette.authentication import SimpleUser as StarletteUser
    from starlette.routing import Mount

    from admin.raw.tables import shown_tables

    class Administrator(StarletteUser):
        def __init__(self, actor: Actor) -> None:
            super().__init__(actor.label)
            self.user_id = str(actor.account)

    class OurSession(AuthenticationBackend):
        async def authenticate(self, conn: Any) -> Any:
            actor = conn.scope.get("actor")
            if not isinstance(actor, Actor) or not actor.may(PERMISSION, INSTALLATION):
                raise AuthenticationError("Administrators only")
            return AuthCredentials(["authenticated"]), Administrator(actor)

    made = create_admin(
        [TableConfig(table) for table in shown_tables()],
        read_only=True,
        auto_include_related=False,
        site_name="匠心 Jiangxin",
        sidebar_links={"匠心 Jiangxin": "/console"},
        production=True,
    )
    for route in made.routes:
        if isinstance(route, Mount) and route.path == "/api":
            cast("Any", route.app).backend = OurSession()
    return made
