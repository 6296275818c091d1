"""Two installations in one test: home, whose database the fixture opened, and a venue of its own.

async with venue.open():      # the venue's settings and database are the process's now
    await borrow_contest(…)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from contests.judging import incoming
from contests.packages.archive import Files, read_zip, write_zip
from core import db, installation, migrations
from core.installation import write_secrets
from core.settings import Settings, current, load, use
from tests.fixtures import postgres


@dataclass(slots=True)
class House:
    """An installation that is not open until it is asked for."""

    settings: Settings

    @property
    def id(self) -> str:
        assert self.settings.secrets is not None
        return self.settings.secrets.installation

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Settings]:
        """Closes whatever is open, and opens it again in the end."""
        before = current()
        await db.close_database()
        _forget()
        use(self.settings)
        try:
            async with db.opened(self.settings):
                await migrations.migrate()
                await installation.claim(self.settings)
                yield self.settings
        finally:
            _forget()
            use(before)
            await db.open_database(before)


def _forget() -> None:
    """What one process keeps in memory of its one database."""
    from contests.judging import panel

    incoming._keys.clear()
    panel._kept.clear()


def new_house(folder: Path) -> tuple[House, str]:
    """(the house, the name of its PostgreSQL database or "")."""
    write_secrets(folder)
    settings = load({"JIANGXIN_DATA": str(folder)})
    server = postgres.server_url()
    if not server:
        return House(settings), ""
    name = f"jx_venue_{uuid4().hex[:12]}"
    return House(replace(settings, database_url=postgres.with_database(server, name))), name


def carried(files: dict[str, bytes]) -> Files:
    """As it arrives on a stick."""
    return read_zip(write_zip(files))
