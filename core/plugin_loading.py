"""Asking one plugin its hooks, one by one, so that what goes wrong has a name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from copy import deepcopy
from types import ModuleType
from typing import Any, Protocol

import pluggy
from litestar import Litestar, Router
from piccolo.conf.apps import AppConfig

from core.contest_type import ContestType

PROJECT = "jiangxin"
THIRD_PARTY_PATH = "/x"
_NEEDED = {
    "contest_types": ("code", "version", "title"),
    "partner_rules": ("code", "title"),
    "commands": ("word", "help", "arguments", "run"),
    "shredders": ("name", "shred"),
}


class PluginBroken(Exception):
    """Why a plugin is disabled, as one sentence."""


class Ask(Protocol):
    def __call__(self, hook: str, kind: Any, **arguments: Any) -> list[Any]: ...


def manager_of(hookspecs: ModuleType) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def register(manager: pluggy.PluginManager, loaded: object, name: str) -> Ask:
    """A function that asks this plugin a hook. Raises PluginBroken for a hook that isn't one."""
    try:
        manager.register(loaded, name)
    except pluggy.PluginValidationError as error:
        raise PluginBroken(f"declares a hook wrongly: {' '.join(str(error).split())}") from error
    for caller in manager.get_hookcallers(loaded) or []:
        if not caller.has_spec():
            raise PluginBroken(_misspelt(caller.name, manager))

    def ask(hook: str, kind: Any, **arguments: Any) -> list[Any]:
        try:
            answers = getattr(manager.hook, hook)(**arguments)
            items = [item for answer in answers for item in answer]
        except Exception as error:
            raise PluginBroken(f"its hook {hook} failed: {reason_of(error)}") from error
        for item in items:
            _check(hook, item, kind)
        if hook == "piccolo_apps":
            _import_apps(items)
        return items

    return ask


def reason_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def try_routes(name: str, routes: Sequence[Any]) -> None:
    """Registers copies of a third party's on an application of their own; what fails here would
    stop everybody."""
    if not routes:
        return
    try:
        copies = [deepcopy(r) if isinstance(r, Router) else r for r in routes]
        under = Router(path=f"{THIRD_PARTY_PATH}/{name}", route_handlers=copies)
        Litestar(route_handlers=[under], openapi_config=None, logging_config=None)
    except Exception as error:
        raise PluginBroken(f"its routes can't be registered: {reason_of(error)}") from error


def _check(hook: str, item: Any, kind: Any) -> None:
    if not isinstance(item, kind):
        expected = kind.__name__ if isinstance(kind, type) else "Handler or Effect"
        raise PluginBroken(f"its hook {hook} returned {item!r}, not a {expected}")
    missing = [name for name in _NEEDED.get(hook, ()) if not hasattr(item, name)]
    if missing:
        kind_name = type(item).__name__
        raise PluginBroken(f"its hook {hook} returned {kind_name} without {', '.join(missing)}")
    if isinstance(item, ContestType):
        try:
            list(item.calculators())
        except Exception as error:
            reason = f"calculators of contest type {item.code} failed: {reason_of(error)}"
            raise PluginBroken(reason) from error


def _misspelt(hook: str, manager: pluggy.PluginManager) -> str:
    known = sorted(
        name
        for name, value in vars(manager.hook).items()
        if not name.startswith("_") and value.has_spec()
    )
    near = difflib.get_close_matches(hook, known, 1, cutoff=0.4)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{hook} is not a hook.{hint} Hooks: {', '.join(known)}"


def _import_apps(apps: Sequence[str]) -> None:
    for dotted in apps:
        try:
            module = __import__(dotted, fromlist=["APP_CONFIG"])
        except Exception as error:
            raise PluginBroken(f"its piccolo app {dotted} failed: {reason_of(error)}") from error
        if not isinstance(getattr(module, "APP_CONFIG", None), AppConfig):
            raise PluginBroken(f"its piccolo app {dotted} has no APP_CONFIG")
