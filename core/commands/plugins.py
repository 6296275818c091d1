"""`jiangxin plugins`: which plugins are installed, what they bring, which are disabled and why."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from core.commands.output import say, say_json
from core.registry import DisabledPlugin, Plugin, registry


class Plugins:
    word = "plugins"
    help = "list the plugins, what they bring, and those that are disabled; exit code 1 if any is"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, arguments: Namespace) -> int:
        found = registry()
        if arguments.json:
            say_json(
                {
                    "plugins": [_loaded(plugin) for plugin in found.plugins],
                    "disabled": [_disabled(plugin) for plugin in found.disabled],
                }
            )
        else:
            for plugin in found.plugins:
                say(f"{plugin.name:18} {plugin.distribution:24} {_summary(plugin)}")
            for broken in found.disabled:
                say(f"{broken.name:18} {broken.distribution:24} DISABLED: {broken.reason}")
        return 1 if found.disabled else 0


def _loaded(plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "third_party": plugin.third_party,
        "contest_types": [{"code": t.code, "version": t.version} for t in plugin.contest_types],
        "partner_rules": [partner.code for partner in plugin.partner_rules],
        "event_handlers": [handler.name for handler in plugin.event_handlers],
        "piccolo_apps": plugin.piccolo_apps,
        "commands": [command.word for command in plugin.commands],
        "shredders": [shredder.name for shredder in plugin.shredders],
        "routes": len(plugin.routes),
    }


def _disabled(plugin: DisabledPlugin) -> dict[str, str]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "reason": plugin.reason,
    }


def _summary(plugin: Plugin) -> str:
    parts = [
        *(f"type {t.code} {t.version}" for t in plugin.contest_types),
        *(f"rules {partner.code}" for partner in plugin.partner_rules),
        *(f"word {command.word}" for command in plugin.commands),
    ]
    counts = {"handlers": len(plugin.event_handlers), "routes": len(plugin.routes)}
    return ", ".join([*parts, *(f"{n} {what}" for what, n in counts.items() if n)])
