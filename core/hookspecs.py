"""The hooks. All are synchronous and asked once at start; what they return may be asynchronous."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pluggy
from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from core.contest_type import ContestType
from core.outbox import Effect, Handler
from core.partner import PartnerRules

hookspec = pluggy.HookspecMarker("jiangxin")
hookimpl = pluggy.HookimplMarker("jiangxin")


@dataclass(frozen=True, slots=True)
class PluginContext:
    """What a plugin may know of the installation: never its secrets.

    settings: the variables JIANGXIN_PLUGIN_<CODE>_*, keyed by the rest of their names, lower case.
    """

    code: str
    origin: str
    certificate_origin: str
    languages: tuple[str, ...]
    settings: dict[str, str]


class Command(Protocol):
    """`jiangxin WORD …`: `word`, a one-line `help`, `arguments(parser)` and `run(arguments) -> int`."""

    word: str
    help: str

    def arguments(self, parser: Any) -> None: ...

    def run(self, arguments: Any) -> int: ...


class Shredder(Protocol):
    """Erases what a plugin holds of one person, inside the caller's transaction."""

    name: str

    async def shred(self, person: str) -> None: ...


@hookspec
def contest_types() -> Iterable[ContestType]:
    """Contest types that this plugin brings.

    Two plugins with the same (code, version) stop the start, and the message names both.
    """


@hookspec
def partner_rules() -> Iterable[PartnerRules]:
    """Rules of partner authorities, one object per authority."""


@hookspec
def event_handlers() -> Iterable[Handler | Effect]:
    """What happens after an event: a `Handler` for database work inside the delivery's
    transaction, an `Effect` for network work outside one. At least once, after commit."""


@hookspec
def route_handlers(context: PluginContext) -> Iterable[BaseRouteHandler | Router]:
    """Litestar route handlers or routers.

    Those of a third party live under `/x/{code}/` with our content security policy; a handler
    without a guard of its own answers only to who is logged in.
    """


@hookspec
def piccolo_apps() -> Iterable[str]:
    """Dotted `piccolo_app` modules, so that their tables migrate with ours."""


@hookspec
def commands() -> Iterable[Command]:
    """Extra words of the `jiangxin` command."""


@hookspec
def shredders() -> Iterable[Shredder]:
    """What erases one person's data in this plugin's tables."""
