"""The kernel's words of the `jiangxin` command, one file each."""

from __future__ import annotations

from core.commands.init import Init
from core.hookspecs import Command

COMMANDS: tuple[type[Command], ...] = (Init,)
