"""The sweep's index: only what is still to be delivered. Valid on SQLite and PostgreSQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.tables import OutboxMessage

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "index of what is due in the outbox"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="core", description=DESCRIPTION)

    async def run():
        await OutboxMessage.raw(
            "CREATE INDEX outbox_due ON outbox_message (not_before)"
            " WHERE done_at IS NULL AND stuck_at IS NULL"
        )

    manager.add_raw(run)
    return manager
