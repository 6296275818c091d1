from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wood_carving.tables import CarvedWork

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "first table"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="wood_carving", description=DESCRIPTION)

    async def create() -> None:
        await CarvedWork.raw(
            "CREATE TABLE carved_work"
            " (id UUID PRIMARY KEY NOT NULL, contest TEXT NOT NULL, total TEXT NOT NULL)"
        )

    manager.add_raw(create)
    return manager
