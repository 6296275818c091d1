"""What this package tells the platform."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from core.events import ProposalGranted, ResultFinal, ResultSigned
from core.hookspecs import Command, PluginContext, Shredder, hookimpl
from core.outbox import Effect, Handler
from credentials import api, handlers, messages, routes, scopes
from credentials.commands import Keys, Verify
from credentials.erasure import RecordShredder
from credentials.records.proposals import propose

BATCH = 500
scopes.install()
__all__ = ["messages"]


@hookimpl
def event_handlers() -> Iterable[Handler | Effect]:
    return [
        Handler("credentials.issue_signed", ResultSigned, handlers.issue_signed, BATCH),
        Handler("credentials.issue_final", ResultFinal, handlers.issue_final, BATCH),
        Handler("credentials.propose", ResultFinal, propose, BATCH),
        Handler("credentials.issue_granted", ProposalGranted, handlers.issue_granted, BATCH),
    ]


@hookimpl
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    return [*routes.HANDLERS, api.ROUTER]


@hookimpl
def piccolo_apps() -> Iterable[str]:
    return ["credentials.piccolo_app"]


@hookimpl
def commands() -> Iterable[Command]:
    return [Verify(), Keys()]


@hookimpl
def shredders() -> Iterable[Shredder]:
    return [RecordShredder()]
