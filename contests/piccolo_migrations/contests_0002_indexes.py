"""What stands once in a contest, and what its pages look up. Valid on SQLite and PostgreSQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from contests.tables import LogEntry

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns"

INDEXES = (
    "CREATE UNIQUE INDEX log_entry_place ON log_entry (contest, seq)",
    "CREATE UNIQUE INDEX result_row_version ON result_row (contest, version)",
    "CREATE UNIQUE INDEX delegation_code ON delegation (competition, code)",
    "CREATE INDEX sheet_row_work ON sheet_row (contest, module, code)",
    "CREATE INDEX evidence_leaf_result ON evidence_leaf (contest, version)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def run():
        for index in INDEXES:
            await LogEntry.raw(index)

    manager.add_raw(run)
    return manager
