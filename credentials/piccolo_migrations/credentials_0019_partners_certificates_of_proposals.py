from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text
from piccolo.columns.indexes import IndexMethod

ID = "0019"
VERSION = "1.38.0"
DESCRIPTION = "partners certificates of proposals"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="credentials", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Proposal",
        tablename="proposal",
        column_name="output",
        db_column_name="output",
        column_class_name="Text",
        column_class=Text,
        params={
            "default": "",
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

    return manager
