"""The tables of certificates and records for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from credentials import tables
from credentials.records import tables as records

APP_CONFIG = AppConfig(
    app_name="credentials",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[*tables.TABLES, *records.TABLES],
    migration_dependencies=["core.piccolo_app"],
)
