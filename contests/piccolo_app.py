"""Piccolo's view of this package: its tables and where their migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from contests.entering.tables import TABLES as ENTERING_TABLES
from contests.founding.tables import TABLES as FOUNDING_TABLES
from contests.identity.tables import TABLES as IDENTITY_TABLES
from contests.papers.tables import TABLES as PAPER_TABLES
from contests.seating.tables import TABLES as SEATING_TABLES
from contests.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="contests",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        *TABLES,
        *IDENTITY_TABLES,
        *FOUNDING_TABLES,
        *ENTERING_TABLES,
        *PAPER_TABLES,
        *SEATING_TABLES,
    ],
    migration_dependencies=["core.piccolo_app"],
    commands=[],
)
