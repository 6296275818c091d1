"""The kernel's words of the `jiangxin` command, one file each."""

from __future__ import annotations

from collections.abc import Callable

from core.commands.administrator import Administrator
from core.commands.doctor import Doctor
from core.commands.init import Init
from core.commands.migrate import Migrate
from core.commands.plugins import Plugins
from core.commands.serve import Serve
from core.commands.work import Work
from core.hookspecs import Command

COMMANDS: tuple[Callable[[], Command], ...] = (
    Init,
    Serve,
    Administrator,
    Work,
    Migrate,
    Doctor,
    Plugins,
)
