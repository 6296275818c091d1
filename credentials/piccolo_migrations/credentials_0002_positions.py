"""A status position belongs to one certificate of its issuer. Valid on SQLite and PostgreSQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from credentials.tables import CertificateVersion

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "status positions are unique with their issuer"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="credentials", description=DESCRIPTION)

    async def run():
        await CertificateVersion.raw(
            "CREATE UNIQUE INDEX certificate_version_position"
            " ON certificate_version (issuer, position)"
        )

    manager.add_raw(run)
    return manager
