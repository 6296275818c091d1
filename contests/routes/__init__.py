"""The contests' part of the API, the tablet's routes and the public pages."""

from __future__ import annotations

from pathlib import Path

from litestar import Router
from litestar.handlers.base import BaseRouteHandler

from contests.board import routes as board
from contests.judging import routes as judging
from contests.routes import (
    approvals,
    closing,
    competitions,
    contest_types,
    messages,
    people,
    reading,
    running,
    setup,
    uploads,
)
from core.hookspecs import PluginContext
from core.web import i18n

_MODULES = (
    competitions,
    contest_types,
    setup,
    people,
    approvals,
    running,
    closing,
    reading,
    uploads,
)


def handlers(context: PluginContext) -> list[BaseRouteHandler | Router]:
    """Everything that this package answers; asked once at start."""
    i18n.register(Path(__file__).parent / "locale")
    messages.install()
    judging.register()
    board.register()
    api = [handler for module in _MODULES for handler in module.HANDLERS]
    return [
        Router("/api/v1", route_handlers=[*api]),
        judging.API,
        *judging.PAGES,
        *board.HANDLERS,
    ]
