"""Piccolo's view of this package: its tables and where their migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from contests.identity.tables import TABLES as IDENTITY_TABLES
from contests.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="contests",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[*TABLES, *IDENTITY_TABLES],
    migration_dependencies=["core.piccolo_app"],
    commands=[],
)
