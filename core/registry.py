"""Loads the plugins and answers typed questions about what they declared.

A plugin that can't be imported, misspells a hook, fails in one or brings routes that can't be
registered is disabled and named; everything else goes on. Only a clash between two plugins stops
the start, because either answer would be a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from litestar.handlers.base import BaseRouteHandler
from litestar.router import Router

from core import hookspecs
from core.contest_type import ContestType
from core.errors import ContestTypeMissing, NotFound
from core.events import Event
from core.hookspecs import Command, PluginContext, Shredder
from core.outbox import PARKED, Effect, Handler
from core.partner import PartnerRules
from core.plugin_loading import PluginBroken, manager_of, reason_of, register, try_routes
from core.scoring.calculator import Calculator
from core.scoring.calculators import STANDARD
from core.settings import Settings, SettingsError, current, for_plugin

GROUP = "jiangxin"
OURS = "jiangxin"
CORE_APP = "core.piccolo_app"

K = TypeVar("K")
T = TypeVar("T")


class PluginConflict(SettingsError):
    """Two plugins claim the same name; the message names both distributions."""


@dataclass(frozen=True, slots=True)
class DisabledPlugin:
    name: str
    reason: str
    distribution: str = ""


@dataclass(slots=True)
class Plugin:
    """One loaded plugin with everything that it declared."""

    name: str
    distribution: str
    """Name and version of the package it came with."""
    third_party: bool
    context: PluginContext
    contest_types: list[ContestType] = field(default_factory=list)
    partner_rules: list[PartnerRules] = field(default_factory=list)
    event_handlers: list[Handler | Effect] = field(default_factory=list)
    piccolo_apps: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    shredders: list[Shredder] = field(default_factory=list)
    routes: list[BaseRouteHandler | Router] = field(default_factory=list)


class Registry:
    """What the installed plugins declared, in the order of their codes."""

    def __init__(self, plugins: Sequence[Plugin], disabled: Sequence[DisabledPlugin] = ()) -> None:
        self.plugins = sorted(plugins, key=lambda plugin: plugin.name)
        self.disabled = sorted(disabled, key=lambda plugin: plugin.name)
        types = [(p, item) for p in self.plugins for item in p.contest_types]
        partners = [(p, item) for p in self.plugins for item in p.partner_rules]
        handlers = [(p, item) for p in self.plugins for item in p.event_handlers]
        commands = [(p, item) for p in self.plugins for item in p.commands]
        self._types = _unique("contest type", types, lambda t: (t.code, t.version))
        self._partners = _unique("partner rules", partners, lambda p: p.code)
        self._brought = _unique("event handler", handlers, lambda h: h.name)
        self._commands = _unique("command", commands, lambda c: c.word)

    def contest_type(self, code: str, version: int | None = None) -> ContestType:
        """The type, by default its newest version. Raises ContestTypeMissing."""
        versions = [v for c, v in self._types if c == code]
        wanted = version if version is not None else max(versions, default=0)
        if (code, wanted) not in self._types:
            raise ContestTypeMissing(code=code, version=wanted or "any")
        return self._types[code, wanted]

    def contest_types(self) -> list[ContestType]:
        """The newest version of each type."""
        return [self.contest_type(code) for code in sorted({code for code, _ in self._types})]

    def contest_type_versions(self) -> list[ContestType]:
        return [self._types[key] for key in sorted(self._types)]

    def calculator(self, name: str, version: int | None = None) -> Calculator:
        """A standard calculator or a plugin's, by default its newest version."""
        found = {c.version: c for c in self.calculators() if c.name == name}
        wanted = version if version is not None else max(found, default=0)
        if wanted not in found:
            raise NotFound(kind="calculator", id=f"{name} version {wanted or 'any'}")
        return found[wanted]

    def calculators(self) -> list[Calculator]:
        """Every published version of every calculator."""
        return [*STANDARD, *(c for t in self._types.values() for c in t.calculators())]

    def partner(self, code: str) -> PartnerRules:
        if code not in self._partners:
            raise NotFound(kind="partner rules", id=code)
        return self._partners[code]

    def partners(self) -> list[PartnerRules]:
        return [self._partners[code] for code in sorted(self._partners)]

    def handlers_for(self, event: type[Event]) -> list[Handler | Effect]:
        return [h for h in self._handlers.values() if h.event is event]

    def handlers_of(self, plugin: str, event: type[Event]) -> list[str]:
        """Names of one plugin's handlers of this event."""
        found = [h for p in self.plugins if p.name == plugin for h in p.event_handlers]
        return [handler.name for handler in found if handler.event is event]

    def recipients(self, event: type[Event]) -> list[str]:
        """Handlers that get a message of this event; a disabled plugin's wait under its name."""
        return [*(h.name for h in self.handlers_for(event)), *self._parked]

    def handler(self, name: str) -> Handler | Effect | None:
        return self._handlers.get(name)

    def handler_names(self) -> list[str]:
        return list(self._handlers)

    def plugin_names(self) -> list[str]:
        return [plugin.name for plugin in self.plugins]

    def route_handlers(self) -> list[tuple[str, list[BaseRouteHandler | Router], bool]]:
        """(code, handlers, third party) of each plugin. A third party's belong under /x/{code}/."""
        return [(p.name, list(p.routes), p.third_party) for p in self.plugins if p.routes]

    def piccolo_apps(self) -> list[str]:
        """Dotted modules, the kernel's first."""
        found = [app for plugin in self.plugins for app in plugin.piccolo_apps]
        return list(dict.fromkeys([CORE_APP, *found]))

    def commands(self) -> list[Command]:
        return [self._commands[word] for word in sorted(self._commands)]

    def shredders(self) -> list[Shredder]:
        return [shredder for plugin in self.plugins for shredder in plugin.shredders]

    @property
    def _handlers(self) -> dict[str, Handler | Effect]:
        return {**self._brought, **_kernel}

    @cached_property
    def _parked(self) -> list[str]:
        return [PARKED + plugin.name for plugin in self.disabled]


_kernel: dict[str, Handler | Effect] = {}


def carry(handler: Handler | Effect) -> None:
    """The kernel's own handlers say so when they are imported: this module must not reach them,
    because the judges' code reaches this module."""
    _kernel[handler.name] = handler


def _unique(kind: str, items: Iterable[tuple[Plugin, T]], key: Callable[[T], K]) -> dict[K, T]:
    owners: dict[K, Plugin] = {}
    found: dict[K, T] = {}
    for plugin, item in items:
        owner = owners.setdefault(key(item), plugin)
        if key(item) in found:
            raise PluginConflict([_clash(kind, key(item), owner, plugin)])
        found[key(item)] = item
    return found


def load_registry(
    settings: Settings, found: Iterable[tuple[EntryPoint, str, str]] | None = None
) -> Registry:
    """Loads every entry point of the group `jiangxin`: (entry point, distribution, version).

    Raises PluginConflict, and with `strict_plugins` SettingsError for a plugin that can't load.
    """
    plugins: dict[str, Plugin] = {}
    disabled: list[DisabledPlugin] = []
    for point, distribution, version in _installed() if found is None else found:
        described = f"{distribution} {version}".strip()
        if point.name in plugins:
            clash = _clash("plugin", point.name, plugins[point.name].distribution, described)
            raise PluginConflict([clash])
        try:
            plugins[point.name] = _load(settings, point, distribution, described)
        except PluginBroken as error:
            disabled.append(DisabledPlugin(point.name, str(error), described))
    if disabled and settings.strict_plugins:
        raise SettingsError([f"Plugin {p.name} ({p.distribution}): {p.reason}" for p in disabled])
    return Registry(list(plugins.values()), disabled)


_registry: Registry | None = None


def registry() -> Registry:
    """The process's registry, loaded when first asked for."""
    global _registry
    if _registry is None:
        _registry = load_registry(current())
    return _registry


def use_registry(new: Registry | None) -> None:
    """Makes this the process's registry; None loads it again when next asked for."""
    global _registry
    _registry = new


def _installed() -> list[tuple[EntryPoint, str, str]]:
    points = [
        (point, point.dist.name if point.dist else "", point.dist.version if point.dist else "")
        for point in entry_points(group=GROUP)
    ]
    return sorted(points, key=lambda found: (found[0].name, found[1]))


def _load(settings: Settings, point: EntryPoint, distribution: str, described: str) -> Plugin:
    try:
        loaded = point.load()
    except BaseException as error:  # a plugin may even call sys.exit() when imported
        if isinstance(error, KeyboardInterrupt):
            raise
        raise PluginBroken(f"can't be imported: {reason_of(error)}") from error
    third_party = distribution.lower() != OURS
    context = PluginContext(
        code=point.name,
        origin=settings.origin,
        certificate_origin=settings.certificate_origin,
        languages=settings.languages,
        settings=for_plugin(settings, point.name),
    )
    plugin = Plugin(point.name, described, third_party, context)
    ask = register(manager_of(hookspecs), loaded, point.name)
    plugin.contest_types = ask("contest_types", ContestType)
    plugin.partner_rules = ask("partner_rules", PartnerRules)
    plugin.event_handlers = ask("event_handlers", (Handler, Effect))
    plugin.piccolo_apps = ask("piccolo_apps", str)
    plugin.commands = ask("commands", object)
    plugin.shredders = ask("shredders", object)
    plugin.routes = ask("route_handlers", object, context=context)
    if third_party:  # ours were registered together by every test of the wheel
        try_routes(plugin.name, plugin.routes)
    return plugin


def _clash(kind: str, key: Any, first: Plugin | str, second: Plugin | str) -> str:
    named = [p if isinstance(p, str) else p.distribution for p in (first, second)]
    code = " version ".join(str(part) for part in key) if isinstance(key, tuple) else key
    return f"Two plugins bring the {kind} {code}: {named[0]} and {named[1]}. Uninstall one of them."
