"""The last proof of a device, and the indexes by which its numbers are counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt
from piccolo.columns.indexes import IndexMethod

from contests.tables import Revision

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "device proofs and numbers"

INDEXES = (
    "CREATE INDEX revision_number ON revision (device, device_seq)",
    "CREATE INDEX quarantine_number ON quarantine (kid, device_seq)",
    "CREATE INDEX picture_device ON picture (device)",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Device",
        tablename="device",
        column_name="proved_at",
        db_column_name="proved_at",
        column_class_name="BigInt",
        column_class=BigInt,
        params={
            "default": 0,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    async def run():
        for index in INDEXES:
            await Revision.raw(index)

    manager.add_raw(run)
    return manager
