from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from wood_carving.tables import CarvedWork

APP_CONFIG = AppConfig(
    app_name="wood_carving",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[CarvedWork],
)
