"""What the admin package brings: the console's pages and the demonstration."""

from __future__ import annotations

from collections.abc import Iterable

from admin.commands import Demo
from core.hookspecs import Command, hookimpl


@hookimpl
def commands() -> Iterable[Command]:
    return [Demo()]
