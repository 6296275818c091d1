"""What the admin package brings: the console's pages, the demonstration, copies, a venue's server."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from admin.backup import messages as backup_messages
from admin.commands import Demo
from admin.venue import messages as venue_messages
from core.commands.serve import surround
from core.hookspecs import Command, PluginContext, hookimpl
from core.outbox import Effect, Handler

backup_messages.install()
venue_messages.install()


@hookimpl
def commands() -> Iterable[Command]:
    from admin.as_of import AsOf
    from admin.backup.commands import Backup, Restore
    from admin.backup.keeping import Copies
    from admin.venue.serving import Venue

    surround("venue", Venue)
    surround("copies", Copies)
    return [Demo(), Backup(), Restore(), AsOf()]


@hookimpl
def event_handlers() -> Iterable[Handler | Effect]:
    from admin.backup import on_change

    on_change.register()
    return [on_change.EFFECT]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    from admin.console import routes
    from admin.raw import mounting
    from admin.venue import routes as venue

    routes.register()
    venue.register()
    return [*routes.HANDLERS, *venue.HANDLERS, *mounting.handlers()]
