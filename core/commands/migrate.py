"""`jiangxin migrate`: brings the database up to date, once, from one machine."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace

from core import db, installation, migrations
from core.commands.output import say
from core.settings import Settings, SettingsError, current


class Migrate:
    word = "migrate"
    help = "bring the database up to date (SQLite: `serve` does it by itself)"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say what is missing; exit code 1 if any"
        )

    def run(self, arguments: Namespace) -> int:
        return asyncio.run(_check(current()) if arguments.check else _migrate(current()))


async def _check(settings: Settings) -> int:
    async with db.opened(settings):
        missing = await migrations.pending()
    for step in missing:
        say(f"missing  {step.app} {step.id}")
    return 1 if missing else 0


async def _migrate(settings: Settings) -> int:
    if settings.secrets is None:
        raise SettingsError([installation.without_secrets(settings)])
    async with db.opened(settings):
        ran = await migrations.migrate()
        await installation.claim(settings)
    for step in ran:
        say(f"applied  {step.app} {step.id}")
    say("The database is up to date.")
    return 0
