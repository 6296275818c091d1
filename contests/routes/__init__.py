"""The contests' part of the API, the tablet's routes and the public pages."""

from __future__ import annotations

from pathlib import Path

from litestar import Router
from litestar.handlers.base import BaseRouteHandler

from contests.board import routes as board
from contests.following import routes as following
from contests.judging import routes as judging
from contests.judging.control import routes as control
from contests.judging.handover import routes as handover
from contests.judging.paper import routes as paper
from contests.judging.tablets import routes as tablets
from contests.judging.tasting import routes as tasting
from contests.judging.timing import routes as timing
from contests.routes import (
    approvals,
    closing,
    competitions,
    contest_types,
    decisions,
    loans,
    messages,
    people,
    reading,
    running,
    setup,
    tasters,
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
    decisions,
    closing,
    reading,
    tasters,
    uploads,
    loans,
)


def handlers(context: PluginContext) -> list[BaseRouteHandler | Router]:
    """Everything that this package answers; asked once at start."""
    i18n.register(Path(__file__).parent / "locale")
    messages.install()
    judging.register()
    tablets.register()
    handover.register()
    control.register()
    paper.register()
    tasters.register()
    board.register()
    following.register()
    api = [handler for module in _MODULES for handler in module.HANDLERS]
    return [
        Router("/api/v1", route_handlers=[*api]),
        judging.API,
        *judging.PAGES,
        tablets.API,
        *handover.HANDLERS,
        control.API,
        *control.PAGES,
        paper.API,
        *paper.PAGES,
        timing.API,
        *timing.PAGES,
        *tasting.HANDLERS,
        *tasters.PAGES,
        *board.HANDLERS,
        *following.HANDLERS,
    ]
