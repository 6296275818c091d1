"""What the admin package brings: the console's pages and the demonstration."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from admin.commands import Demo
from core.hookspecs import Command, PluginContext, hookimpl


@hookimpl
def commands() -> Iterable[Command]:
    return [Demo()]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    from admin.console import routes

    routes.register()
    return routes.HANDLERS
