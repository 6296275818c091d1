"""Guards of the routes that a tablet asks, with its token in `Authorization: Tablet …`."""

from __future__ import annotations

from typing import Any, cast

from litestar.handlers.base import BaseRouteHandler

from contests.judging.tablets.errors import TokenWrong
from contests.judging.tablets.sessions import Tablet, tablet_of
from core.errors import Forbidden, Unauthenticated
from core.security import Connection, Guard, ScopeResolver, actor_in, check

SCHEME = "tablet"


async def tablet(connection: Connection, _: BaseRouteHandler) -> None:
    """A route guard: an enrolled device that is not revoked."""
    token = _token(connection)
    if token is None:
        raise Unauthenticated
    cast("dict[str, Any]", connection.scope)["tablet"] = await tablet_of(token)


def tablet_or_session(*permissions: str, within: ScopeResolver) -> Guard:
    """A route guard: an enrolled device, or a session that holds one of the permissions there."""
    permission = " / ".join(permissions)

    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if _token(connection) is not None:
            await tablet(connection, handler)
            return
        actor, scopes = actor_in(connection), await within(connection)
        if not any(actor.may(one, *scopes) for one in permissions):
            check(actor, permissions[0], *scopes)
            raise Forbidden(permission=permission)

    return guard


def tablet_in(connection: Connection) -> Tablet:
    """The device that asks, behind one of the guards."""
    found = tablet_if_any(connection)
    if found is None:
        raise TokenWrong
    return found


def tablet_if_any(connection: Connection) -> Tablet | None:
    found = connection.scope.get("tablet")
    return found if isinstance(found, Tablet) else None


def device_of(connection: Connection) -> str:
    """Whom a limit counts behind one of the guards: the tablet, or the account of a session."""
    found = tablet_if_any(connection)
    return found.kid if found is not None else str(actor_in(connection).account)


def _token(connection: Connection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None
