"""What the registry's pages look up, by several columns. Valid on SQLite and PostgreSQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from credentials.matching.tables import Craftsman

ID = "0018"
VERSION = "1.38.0"
DESCRIPTION = "pages of craftsmen and needs"

INDEXES = (
    "CREATE INDEX craftsman_place ON craftsman (organisation, city, id)",
    "CREATE INDEX craftsman_page ON craftsman (organisation, id)",
    "CREATE INDEX craftsman_trade_page ON craftsman_trade (organisation, trade, craftsman)",
    "CREATE INDEX craft_need_page ON craft_need (organisation, filed_at, id)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="credentials", description=DESCRIPTION)

    async def run():
        for index in INDEXES:
            await Craftsman.raw(index)

    manager.add_raw(run)
    return manager
