"""What this package declares to the platform; only hook implementations live here."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from contests import enclosing, messages
from contests.identity.shredding import IdentityShredder, TextShredder
from core.hookspecs import Command, PluginContext, Shredder, hookimpl

messages.install()
enclosing.install()


@hookimpl
def piccolo_apps() -> Iterable[str]:
    return ["contests.piccolo_app"]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    from contests.routes import handlers

    return handlers(context)


@hookimpl
def commands() -> Iterable[Command]:
    from contests.commands import commands as declared

    return declared()


@hookimpl
def shredders() -> Iterable[Shredder]:
    return [IdentityShredder(), TextShredder()]
