"""What this package declares to the platform; only hook implementations live here."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from contests import (
    about_person,
    awarding_messages,
    enclosing,
    messages,
    opened_evidence,
    timeline,
)
from contests.entering import messages as entering
from contests.entering.shredding import ImportShredder, PhotoShredder
from contests.exports import taking
from contests.following import messages as following
from contests.founding import messages as founding
from contests.identity.shredding import IdentityShredder, TextShredder
from contests.judging import sentences
from contests.lending import messages as lending
from contests.papers import messages as papers
from contests.schemes import messages as schemes
from contests.seating import messages as seating
from core.hookspecs import Command, PluginContext, Shredder, hookimpl

messages.install()
founding.install()
sentences.install()
lending.install()
following.install()
enclosing.install()
entering.install()
schemes.install()
seating.install()
papers.install()
awarding_messages.install()
taking.install()
opened_evidence.install()
about_person.install()
timeline.install()


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
    return [ImportShredder(), PhotoShredder(), IdentityShredder(), TextShredder()]
