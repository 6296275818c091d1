"""What every process does around its work: open the database, check it, close it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from core import db, installation, migrations
from core.settings import Settings, SettingsError, current


@asynccontextmanager
async def ready(settings: Settings) -> AsyncIterator[None]:
    """The installation's database, open, migrated and its own.

    SQLite is migrated here; on PostgreSQL pending migrations are an error that names the command,
    because one machine must do it once (`jiangxin migrate`).
    """
    if settings.secrets is None:
        raise SettingsError([installation.without_secrets(settings)])
    async with db.opened(settings):
        if settings.embedded:
            await migrations.migrate()
        elif missing := await migrations.pending():
            raise SettingsError([_unmigrated(missing)])
        await installation.claim(settings)
        yield


def run(work: Callable[[], Awaitable[int]]) -> int:
    """For commands: `work` with the process's own database ready, its exit code as the answer."""

    async def main() -> int:
        async with ready(current()):
            return await work()

    return asyncio.run(main())


def _unmigrated(missing: list[migrations.Step]) -> str:
    named = ", ".join(f"{step.app} {step.id}" for step in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return f"The database lacks {named}{more}. Run `jiangxin migrate` once, then start again."
