"""Wood carving: a contest type, a table of its own, what happens after a result, and a page."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler

from plugins import ContestType, Handler, PluginContext, ResultFinal, hookimpl
from wood_carving.contest_type import WoodCarving
from wood_carving.register import enter, gallery


@hookimpl
def contest_types() -> Iterable[ContestType]:
    return [WoodCarving()]


@hookimpl
def event_handlers() -> Iterable[Handler]:
    return [Handler("wood_carving.register", ResultFinal, enter, batch=100)]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler]:
    return [gallery]  # answers at /x/wood_carving/gallery


@hookimpl
def piccolo_apps() -> Iterable[str]:
    return ["wood_carving.piccolo_app"]
