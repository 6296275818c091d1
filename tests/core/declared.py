"""A registry for tests: plugins that exist only here, declared in a line."""

from __future__ import annotations

from typing import Any

from core.hookspecs import PluginContext
from core.registry import Plugin, Registry, use_registry


def declared(name: str = "example", **declarations: Any) -> Plugin:
    context = PluginContext(name, "http://127.0.0.1", "http://127.0.0.1", ("en",), {})
    return Plugin(name, f"{name}-wheel 1.0", third_party=True, context=context, **declarations)


def use_plugins(*plugins: Plugin, disabled: Any = ()) -> Registry:
    made = Registry(plugins, disabled)
    use_registry(made)
    return made
