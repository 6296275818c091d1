"""Doors of the rooms of honours and applications: the power somewhere; the actions ask for whose it is."""

from __future__ import annotations

from litestar.handlers.base import BaseRouteHandler

from core.errors import Forbidden
from core.security import Connection, Guard, actor_in


def somewhere(permission: str) -> Guard:
    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        if not actor_in(connection).may_somewhere(permission):
            raise Forbidden(permission=permission)

    return guard
