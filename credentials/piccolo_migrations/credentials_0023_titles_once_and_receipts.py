"""Unique where a value stands, on columns of the migration before: raw statements run ahead of new columns.
Valid on SQLite and PostgreSQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from credentials.records.tables import Honour

ID = "0023"
VERSION = "1.38.0"
DESCRIPTION = "titles once and receipts"

INDEXES = (
    "CREATE UNIQUE INDEX honour_once ON honour (person, once)"
    " WHERE once <> '' AND withdrawn_at IS NULL",
    "CREATE UNIQUE INDEX objection_receipt_once ON objection (receipt) WHERE receipt <> ''",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="credentials", description=DESCRIPTION)

    async def run():
        for index in INDEXES:
            await Honour.raw(index)

    manager.add_raw(run)
    return manager
